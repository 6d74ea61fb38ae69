"""Decode once: all pictures of a data set, prepared for the network, in one memory-mapped array.

The file's name is a digest of the manifest and of the preprocessing, so a change of either makes
a new file and an old one is never taken by mistake.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np

from cancerapy.arrays import Floats, Images
from cancerapy.atomic import part_beside, remove_abandoned
from cancerapy.cancers import InputSpec
from cancerapy.data.manifest import Manifest
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import CanceRapyError, DataError, StorageError
from cancerapy.preprocess.pipeline import prepare_with_geometry
from cancerapy.readers import DATA_SET_LIMITS, read_image_file
from cancerapy.runtime.interpreter import processor_count

_PREPROCESSING_VERSION = 1  # raise it when ``prepare_image`` changes what it returns


def digest_of(*parts: object) -> str:
    """Return the first 16 digits of a SHA-256 over the JSON of ``parts``."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@contextmanager
def new_array(path: Path, shape: tuple[int, ...], dtype: type[np.generic]) -> Iterator[np.ndarray]:
    """Open a new array on disk that takes its name only when it is complete.

    The room is reserved at once, so that a full disk is met before hours of work and not as a
    bus error in the middle. What killed processes left of the same array is removed.

    Args:
        path: Where it will lie (``.npy``).
        shape: Its shape.
        dtype: Its type.

    Raises:
        StorageError: There is not enough room, or no permission.
    """
    part = part_beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(path)
        array = np.lib.format.open_memmap(part, mode="w+", dtype=dtype, shape=shape)
        if hasattr(os, "posix_fallocate"):
            with part.open("r+b") as file:
                os.posix_fallocate(file.fileno(), 0, max(1, part.stat().st_size))
        yield array
        array.flush()
        part.replace(path)
    except OSError as error:
        raise StorageError.from_os_error(error, f"writing the cache '{path.name}'") from error
    finally:
        with suppress(OSError):  # its folder is none, or on a disk that is read only
            part.unlink()


def open_decoded(
    manifest: Manifest, spec: InputSpec, cache_folder: Path, *, progress: Progress = silent
) -> tuple[Images, Floats]:
    """Return every picture of a data set as the network takes it.

    Args:
        manifest: The data set.
        spec: The network's input.
        cache_folder: Where decoded arrays lie; made if needed.
        progress: Told of each picture decoded.

    Returns:
        (N, H, W, 3) uint8, memory-mapped, in the manifest's order; and (N, 4) the place of each
        prepared picture in its original, as ``scale_x, shift_x, scale_y, shift_y`` of
        ``preprocess.geometry``.

    Raises:
        DataError: Pictures cannot be read; all are named at once.
        StorageError: There is not enough room.
    """
    key = digest_of(manifest.content_digest, asdict(spec), _PREPROCESSING_VERSION)
    path = cache_folder / "decoded" / f"{manifest.cancer}-{key}.npy"
    places = path.with_name(f"{manifest.cancer}-{key}-geometry.npy")
    if not (_is_whole(path) and _is_whole(places)):
        shape = (len(manifest.samples), spec.height, spec.width, 3)
        with (
            new_array(path, shape, np.uint8) as pixels,
            new_array(places, (len(pixels), 4), np.float64) as geometry,
        ):
            _decode_all(manifest, spec, pixels, geometry, progress)
    return np.load(path, mmap_mode="r"), np.load(places)


def _is_whole(path: Path) -> bool:
    """Whether an array is there and not cut short, as after a crash of the machine."""
    try:
        np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return False
    return True


def _decode_all(
    manifest: Manifest,
    spec: InputSpec,
    pixels: np.ndarray,
    geometry: np.ndarray,
    progress: Progress,
) -> None:
    def decode(index: int) -> str:
        sample = manifest.samples[index]
        try:
            decoded = read_image_file(sample.at(manifest.root), limits=DATA_SET_LIMITS)
            pixels[index], place = prepare_with_geometry(decoded.pixels, spec)
            geometry[index] = place.scale_x, place.shift_x, place.scale_y, place.shift_y
        except CanceRapyError as error:
            return f"{sample.path}: {error.message}"
        return ""

    faults = []
    with ThreadPoolExecutor(processor_count()) as pool:
        for done, fault in enumerate(pool.map(decode, range(len(pixels))), 1):
            faults += [fault] if fault else []
            progress(done, len(pixels))
    if faults:
        shown = "\n  ".join(faults[:20])
        raise DataError(
            f"Every picture must be readable; {len(faults)} of {len(pixels)} are not:\n  {shown}\n"
            f"Fetch these files again. All of them: {manifest.check_command} --all",
            code="data_corrupt",
        )
