"""A fingerprint of every picture, by which duplicates are found without comparing all pixels.

Of each file: a digest of its decoded pixels, a 64-bit perceptual hash, and a thumbnail. They are
kept on disk by path, size and time of change, so that only new files are decoded again.
"""

import hashlib
import os
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from cancerapy.arrays import Image
from cancerapy.atomic import replacing
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import CanceRapyError
from cancerapy.readers import DATA_SET_LIMITS, read_image_file
from cancerapy.runtime.interpreter import processor_count

THUMBNAIL_PX = 64
_HASH_PX = 32
_HASH_SIDE = 8
_VERSION = 1  # raise it when any part of a fingerprint is computed in another way


@dataclass(frozen=True, eq=False)
class Fingerprints:
    """What is known of N files.

    Args:
        pixels: (N,) hexadecimal digest of shape and pixels; empty where unreadable.
        hashes: (N,) uint64 perceptual hash.
        thumbnails: (N, 64, 64) uint8 grey.
        sizes: (N, 2) int64, height and width in pixels; 0 where unreadable.
        faults: (N,) why a file cannot be read; empty where it can.
    """

    pixels: NDArray[np.str_]
    hashes: NDArray[np.uint64]
    thumbnails: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    faults: NDArray[np.str_]

    def take(self, rows: NDArray[np.int64]) -> "Fingerprints":
        """Return those of some rows, in their order."""
        return Fingerprints(**{name: getattr(self, name)[rows] for name in _FIELDS})


_FIELDS = ("pixels", "hashes", "thumbnails", "sizes", "faults")


def fingerprint_files(
    paths: Sequence[Path], *, cache: Path | None = None, progress: Progress = silent
) -> Fingerprints:
    """Return the fingerprints of files, from the cache where nothing changed.

    Args:
        paths: N files; those that cannot be read get a fault and are not raised.
        cache: Folder that keeps fingerprints; nothing is kept if ``None``.
        progress: Told of each file decoded.

    Raises:
        StorageError: The cache cannot be written.
    """
    store = _store(paths, cache)
    known = _load(store)
    stamps = [_stamp(path) for path in paths]
    missing = [number for number, stamp in enumerate(stamps) if stamp not in known]
    with ThreadPoolExecutor(processor_count()) as pool:
        rows = pool.map(lambda number: _fingerprint(paths[number]), missing)
        for done, (number, row) in enumerate(zip(missing, rows, strict=True), 1):
            known[stamps[number]] = row
            progress(done, len(missing))
    table = [known[stamp] for stamp in stamps]
    if store is not None and missing:
        _save(store, known)
    return _stacked(table)


def fingerprint_pictures(pictures: Sequence[Image]) -> Fingerprints:
    """Return the fingerprints of decoded pictures, (H, W, 3) uint8 each."""
    return _stacked([_fingerprint_of(picture) for picture in pictures])


def join_fingerprints(*parts: Fingerprints) -> Fingerprints:
    """Return the fingerprints of all parts in order."""
    columns = {name: [getattr(part, name) for part in parts] for name in _FIELDS}
    return Fingerprints(**{name: np.concatenate(column) for name, column in columns.items()})


def perceptual_hash(image: Image) -> int:
    """Return 64 bits that change little when a picture is scaled or compressed again.

    The 8 x 8 lowest frequencies of the cosine transform of the 32 x 32 grey picture, each
    compared with their median, row by row, highest bit first.

    Args:
        image: (H, W, 3) uint8.

    References:
        Zauner 2010, "Implementation and benchmarking of perceptual image hash functions";
        the bits are those of ``imagehash.phash``.
    """
    grey = PillowImage.fromarray(np.ascontiguousarray(image)).convert("L")
    small = np.asarray(grey.resize((_HASH_PX, _HASH_PX), PillowImage.Resampling.LANCZOS))
    lowest = (_COSINES @ small.astype(np.float64) @ _COSINES.T)[:_HASH_SIDE, :_HASH_SIDE]
    bits = (lowest > np.median(lowest)).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _cosines() -> NDArray[np.float64]:
    """Return the (32, 32) matrix of the unnormalised cosine transform of the second kind."""
    frequency, place = np.arange(_HASH_PX)[:, None], np.arange(_HASH_PX)[None, :]
    return np.asarray(2 * np.cos(np.pi * frequency * (2 * place + 1) / (2 * _HASH_PX)))


_COSINES = _cosines()
_Row = tuple[str, int, NDArray[np.uint8], tuple[int, int], str]


def _fingerprint(path: Path) -> _Row:
    try:
        image = read_image_file(path, limits=DATA_SET_LIMITS).pixels
    except CanceRapyError as error:
        blank = np.zeros((THUMBNAIL_PX, THUMBNAIL_PX), np.uint8)
        return "", 0, blank, (0, 0), f"{error.code}: {error.message}"
    return _fingerprint_of(image)


def _fingerprint_of(image: Image) -> _Row:
    height, width = image.shape[:2]
    digest = hashlib.blake2b(image.tobytes(), digest_size=16)
    digest.update(f"{height}x{width}".encode())
    grey = PillowImage.fromarray(np.ascontiguousarray(image)).convert("L")
    side = (THUMBNAIL_PX, THUMBNAIL_PX)
    thumbnail = np.asarray(grey.resize(side, PillowImage.Resampling.BILINEAR))
    return digest.hexdigest(), perceptual_hash(image), thumbnail, (height, width), ""


def _stacked(rows: list[_Row]) -> Fingerprints:
    return Fingerprints(
        pixels=np.array([row[0] for row in rows], np.str_),
        hashes=np.array([row[1] for row in rows], np.uint64),
        thumbnails=np.array([row[2] for row in rows], np.uint8).reshape(
            -1, THUMBNAIL_PX, THUMBNAIL_PX
        ),
        sizes=np.array([row[3] for row in rows], np.int64).reshape(-1, 2),
        faults=np.array([row[4] for row in rows], np.str_),
    )


def _store(paths: Sequence[Path], cache: Path | None) -> Path | None:
    if cache is None or not paths:
        return None
    folder = os.path.commonpath([path.resolve().parent for path in paths])
    name = hashlib.sha256(folder.encode()).hexdigest()[:12]
    return cache / f"fingerprints-{_VERSION}-{name}.npz"


def _stamp(path: Path) -> str:
    try:
        state = path.stat()
    except OSError:
        return f"{path}|absent"
    return f"{path.resolve()}|{state.st_size}|{state.st_mtime_ns}"


def _load(store: Path | None) -> dict[str, _Row]:
    if store is None or not store.is_file():
        return {}
    try:
        with np.load(store, allow_pickle=False) as kept:
            columns = [kept[name] for name in ("stamps", *_FIELDS)]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}  # a damaged cache is made again
    return {
        str(stamp): (str(pixels), int(bits), thumbnail, (int(size[0]), int(size[1])), str(fault))
        for stamp, pixels, bits, thumbnail, size, fault in zip(*columns, strict=True)
        if not fault
    }


def _save(store: Path, rows: dict[str, _Row]) -> None:
    columns = _stacked(list(rows.values()))
    fields = {name: getattr(columns, name) for name in _FIELDS}
    with replacing(store, "keeping the fingerprints of pictures") as file:
        np.savez(file, stamps=np.array(list(rows), np.str_), **fields)
