"""Lesion boxes from the mask files of CBIS-DDSM.

A mask is a picture as large as the mammogram, white inside the lesion. In its folder lies the
cropped lesion too, under a name that does not tell them apart: the mask is the larger one.

A mask is some thirty megabytes, so boxes are kept in ``lesion-boxes.json`` in the data set's
folder where that can be written to; remove it after changing masks.
"""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from cancerapy.atomic import write_atomically
from cancerapy.errors import ImageError, StorageError

Place = tuple[float, float, float, float]
"""Left, top, width, height in fractions of the picture, 0..1."""

STORE = "lesion-boxes.json"

_SUFFIXES = frozenset([".dcm", ".png", ".jpg", ".jpeg", ".tif", ".tiff"])
_WHITE = 128


def read_mask_boxes(folder: Path, names: Sequence[str]) -> dict[str, Place]:
    """Return the box around the white part of the mask in each folder.

    Args:
        folder: The data set's folder.
        names: Folders of masks below it.

    Returns:
        Box by folder; those without a readable mask that has something white are left out.
    """
    known = _load(folder / STORE)
    missing = [name for name in names if name not in known]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        places = pool.map(lambda name: _box_in(folder / name), missing)
        known |= dict(zip(missing, places, strict=True))
    if missing:
        _keep(folder / STORE, known)
    return {name: place for name in names if (place := known[name]) is not None}


def _box_in(folder: Path) -> Place | None:
    from cancerapy.readers import DATA_SET_LIMITS, read_image_file

    pictures = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES and path.is_file():
            try:
                pictures.append(read_image_file(path, limits=DATA_SET_LIMITS).pixels)
            except ImageError:  # the check names unreadable files; a box is only an extra
                continue
    if not pictures:
        return None
    mask = max(pictures, key=lambda picture: picture.shape[0] * picture.shape[1])[..., 0]
    is_white = mask >= _WHITE
    top, height = _extent([bool(row.any()) for row in is_white])
    left, width = _extent([bool(column.any()) for column in is_white.T])
    return (left, top, width, height) if height else None


def _extent(is_white: list[bool]) -> tuple[float, float]:
    """Return where the white begins and how far it reaches, in fractions of the whole."""
    if True not in is_white:
        return 0.0, 0.0
    first, after = is_white.index(True), len(is_white) - is_white[::-1].index(True)
    return first / len(is_white), (after - first) / len(is_white)


def _load(store: Path) -> dict[str, Place | None]:
    try:
        kept = json.loads(store.read_text(encoding="utf-8"))
        return {name: _place(values) for name, values in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}  # missing or damaged: the masks are read again


def _place(values: list[float] | None) -> Place | None:
    if values is None:
        return None
    left, top, width, height = (float(value) for value in values)
    return left, top, width, height


def _keep(store: Path, boxes: dict[str, Place | None]) -> None:
    with suppress(StorageError):  # a folder that is read only: they are read again next time
        write_atomically(store, json.dumps(boxes, indent=0, sort_keys=True))
