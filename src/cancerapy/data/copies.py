"""Make the 8-folder, 72-copies derivative of INbreast from INbreast itself.

It serves one purpose: to repeat what was published on such a set and show how far copies on both
sides of a random split flatter a classifier. The published set (doi:10.17632/x7bvzv6cvr) says that
its copies are rotated and flipped, but not by how much. Here they are the 36 rotations in steps of
10 degrees of the picture and of its mirror image: 72 pictures that all differ.
"""

import csv
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from cancerapy.arrays import Image
from cancerapy.atomic import write_atomically
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import DataError, StorageError, UsageError
from cancerapy.layouts import inbreast, inbreast_copies
from cancerapy.layouts.sample import Sample
from cancerapy.layouts.table import read_rows
from cancerapy.readers import DATA_SET_LIMITS, read_image_file
from cancerapy.runtime.interpreter import processor_count

N_COPIES = 72
N_ROTATIONS = 36
FLAG = "in_mendeley106_by_count"
"""Column of ``labels.csv`` that marks the 106 images of the published set."""


def make_copies(
    inbreast_folder: Path, target: Path, *, size_px: int, progress: Progress = silent
) -> int:
    """Write the copies of all chosen images; those that are there already are kept.

    Args:
        inbreast_folder: INbreast in its original layout.
        target: Where the eight class folders go; made if needed.
        size_px: Height and width of a copy in pixels.
        progress: Told of each original done.

    Returns:
        Number of originals.

    Raises:
        DataError: INbreast is not there, nothing tells which images show a mass, or one of them
            cannot be read or has no label.
        StorageError: There is not enough room or no permission.
    """
    if size_px < 1:
        raise UsageError(f"The size must be at least 1 pixel; {size_px} was given.", field="size")
    chosen = choose_originals(inbreast_folder)
    _check_labels(chosen)

    def write(sample: Sample) -> None:
        labels = sample.labels
        name = inbreast_copies.class_folder(labels["malignancy"], labels["density"])
        _write_copies(sample.at(inbreast_folder), target / name, size_px)

    try:
        target.mkdir(parents=True, exist_ok=True)
        _write_originals(chosen, target / inbreast_copies.ORIGINALS)
        with ThreadPoolExecutor(processor_count()) as pool:
            for done, _ in enumerate(pool.map(write, chosen), 1):
                progress(done, len(chosen))
    except OSError as error:
        raise StorageError.from_os_error(error, f"writing copies to '{target}'") from error
    return len(chosen)


def choose_originals(folder: Path) -> list[Sample]:
    """Return the images to copy.

    The 106 of the published set where ``labels.csv`` marks them, else all that show a mass by
    ``INbreast.xls``.

    Args:
        folder: INbreast in its original layout.

    Raises:
        DataError: Neither says so, or one of them is missing.
    """
    samples = inbreast.read_samples(folder)
    chosen = _flagged(folder) or inbreast.mass_numbers(folder)
    found = [sample for sample in samples if _number(sample) in chosen]
    if not found:
        raise DataError(
            f"Copies are made of the images with a mass; neither '{FLAG}' in 'labels.csv' nor "
            f"'INbreast.xls' in '{folder}' says which these are. Put the original INbreast.xls "
            "there.",
            code="data_missing",
        )
    absent = [_number(sample) for sample in found if not sample.is_at(folder)]
    if absent:
        raise DataError(
            f"Every image to copy must be below '{folder}'; {len(absent)} of {len(found)} are "
            f"missing, for instance {absent[0]}. Finish copying AllDICOMs there.",
            code="data_missing",
        )
    return found


def copy_of(image: Image, number: int, size_px: int) -> Image:
    """Return one copy of a picture, turned about its centre and scaled so that nothing is cut.

    Args:
        image: (H, W, 3) uint8.
        number: 1 to 72; 1 to 36 are turned by 0, 10 ... 350 degrees, 37 to 72 mirrored first.
        size_px: Height and width of the result.

    Returns:
        (size_px, size_px) uint8, grey, black where the picture does not reach.
    """
    is_mirrored, turn = divmod(number - 1, N_ROTATIONS)
    grey = PillowImage.fromarray(np.ascontiguousarray(image)).convert("L")
    if is_mirrored:
        grey = grey.transpose(PillowImage.Transpose.FLIP_LEFT_RIGHT)
    degrees = 360 / N_ROTATIONS * turn
    turned = grey.rotate(degrees, PillowImage.Resampling.BILINEAR, expand=True)
    scale = size_px / max(turned.size)
    width, height = (max(1, round(scale * side)) for side in turned.size)
    small = turned.resize((width, height), PillowImage.Resampling.BILINEAR)
    canvas = PillowImage.new("L", (size_px, size_px))
    canvas.paste(small, ((size_px - width) // 2, (size_px - height) // 2))
    return np.asarray(canvas)


def _number(sample: Sample) -> str:
    return Path(sample.path).name.partition("_")[0]


def _flagged(folder: Path) -> set[str]:
    table = folder / "labels.csv"
    rows = read_rows(table) if table.is_file() else []
    flagged = (row for row in rows if row.get(FLAG, "").lower() == "true")
    return {Path(row.get("file", "")).name.partition("_")[0] for row in flagged}


def _check_labels(samples: Sequence[Sample]) -> None:
    faulty = [s.path for s in samples if {"malignancy", "density"} - set(s.labels)]
    if faulty:
        raise DataError(
            f"Every image to copy must have BI-RADS and ACR density in the table; {len(faulty)} "
            f"have not, for instance {faulty[0]}. Complete the table."
        )


def _write_copies(source: Path, folder: Path, size_px: int) -> None:
    number = source.name.partition("_")[0]
    wanted = {n: folder / f"{number} ({n}).png" for n in range(1, N_COPIES + 1)}
    missing = {n: path for n, path in wanted.items() if not path.is_file()}
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    pixels = _shrunk(read_image_file(source, limits=DATA_SET_LIMITS).pixels, 3 * size_px)
    for n, path in missing.items():
        part = path.with_suffix(".part")
        PillowImage.fromarray(copy_of(pixels, n, size_px)).save(part, "PNG")
        part.replace(path)


def _shrunk(image: Image, longest_px: int) -> Image:
    """Scale a picture down to where turning it loses nothing of the copy's resolution."""
    factor = max(image.shape[:2]) // longest_px
    if factor < 2:
        return image
    return np.asarray(PillowImage.fromarray(np.ascontiguousarray(image)).reduce(factor))


def _write_originals(samples: Sequence[Sample], path: Path) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("image", "patient"))
    writer.writerows(sorted((_number(sample), sample.group) for sample in samples))
    write_atomically(path, text.getvalue())
