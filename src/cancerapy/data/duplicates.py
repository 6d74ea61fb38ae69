"""Pictures that are in a data set twice, and the groups that they tie together.

A model that has seen a picture in training must not be measured on its copy. Two pictures count
as the same if their pixels are identical, or if their perceptual hashes differ in at most 2 of 64
bits *and* their thumbnails correlate above 0.98 *and* so does the thumbnails' detail above 0.9.
The last keeps mammograms apart: breasts of two patients can have the same outline (on INbreast
three such pairs have 0.86; copies in HAM10000 across lesions have 0.99). A nearly flat picture
(an empty tile) resembles every other one, so it is a duplicate of those with identical pixels only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from cancerapy.data.fingerprints import THUMBNAIL_PX, Fingerprints, fingerprint_files
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import DataError

MAX_DISTANCE_BITS = 2
MIN_CORRELATION = 0.98
MIN_DETAIL_CORRELATION = 0.9
MIN_CONTRAST = 8.0
"""Least standard deviation of a thumbnail's grey values for which likeness means anything."""

_BLOCK = 512


@dataclass(frozen=True, slots=True, order=True)
class DuplicatePair:
    """Two pictures that are the same.

    Args:
        first: Row of one.
        second: Row of the other, greater than ``first``.
        is_identical: Whether all pixels are equal.
        correlation: Of the thumbnails, -1..1; 1 for identical ones.
    """

    first: int
    second: int
    is_identical: bool
    correlation: float


def joined_groups(
    paths: Sequence[Path],
    groups: NDArray[np.str_],
    *,
    check: str,
    cache: Path | None = None,
    progress: Progress = silent,
) -> NDArray[np.str_]:
    """Return the groups with those joined that share a picture.

    Args:
        paths: N image files.
        groups: (N,) group of each.
        check: Command that lists what is wrong with the data set, for the message.
        cache: Folder that keeps fingerprints between calls.
        progress: Told of each file decoded.

    Returns:
        (N,) groups; joined ones bear the name that sorts first among them.

    Raises:
        DataError: Files cannot be read; up to twenty are named.
    """
    prints = fingerprint_files(paths, cache=cache, progress=progress)
    unreadable = np.flatnonzero(prints.faults != "")
    if unreadable.size:
        shown = "\n  ".join(f"{paths[i].name}: {prints.faults[i]}" for i in unreadable[:20])
        raise DataError(
            f"Every picture must be readable; {unreadable.size} of {len(paths)} are not:\n"
            f"  {shown}\nFetch them again. All of them: {check} --all",
            code="data_corrupt",
        )
    pairs = duplicate_pairs(prints)
    return merged(groups, [(pair.first, pair.second) for pair in pairs])


def duplicate_pairs(prints: Fingerprints) -> list[DuplicatePair]:
    """Return all pairs of equal or nearly equal pictures among fingerprints, sorted by row.

    Files that cannot be read are in no pair. Of k identical pictures, k - 1 pairs with the first of
    them are returned.
    """
    found = {(i, j): DuplicatePair(i, j, True, 1.0) for i, j in _identical(prints.pixels)}
    flat = prints.thumbnails.reshape(-1, THUMBNAIL_PX**2)
    candidates = (prints.faults == "") & (flat.std(axis=1) >= MIN_CONTRAST)
    for i, j in near_hashes(prints.hashes, np.flatnonzero(candidates)):
        if prints.pixels[i] != prints.pixels[j]:
            correlation = _correlation(flat[i], flat[j])
            detail = _correlation(_detail(prints.thumbnails[i]), _detail(prints.thumbnails[j]))
            if correlation > MIN_CORRELATION and detail > MIN_DETAIL_CORRELATION:
                found[i, j] = DuplicatePair(i, j, False, correlation)
    return sorted(found.values())


def merged(groups: NDArray[np.str_], pairs: Sequence[tuple[int, int]]) -> NDArray[np.str_]:
    """Return the groups after joining those of each pair of rows.

    >>> merged(np.array(["b", "a", "c", "b"]), [(0, 2)]).tolist()
    ['b', 'a', 'b', 'b']
    """
    parent = {str(group): str(group) for group in np.unique(groups)}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for i, j in pairs:
        first, second = sorted((root(str(groups[i])), root(str(groups[j]))))
        parent[second] = first
    return np.array([root(str(group)) for group in groups], dtype=groups.dtype)


def near_hashes(hashes: NDArray[np.uint64], rows: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield pairs of ``rows`` whose hashes differ in at most 2 bits, lower row first.

    Blocks of rows are compared with all later ones at once: ten thousand take about a second.

    Args:
        hashes: (N,) 64-bit hashes.
        rows: (M,) rows to compare, ascending.
    """
    chosen = hashes[rows]
    for start in range(0, len(rows), _BLOCK):
        block = chosen[start : start + _BLOCK, None]
        distance = np.bitwise_count(block ^ chosen[None, start:])
        for i, j in zip(*np.nonzero(distance <= MAX_DISTANCE_BITS), strict=True):
            if j > i:
                yield int(rows[start + i]), int(rows[start + j])


def _correlation(first: NDArray[Any], second: NDArray[Any]) -> float:
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def _detail(thumbnail: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return a thumbnail less its own 8 x 8 version: what is not outline or light."""
    picture = PillowImage.fromarray(thumbnail.astype(np.float32))
    coarse = picture.resize((8, 8), PillowImage.Resampling.BOX)
    smooth = coarse.resize(picture.size, PillowImage.Resampling.BILINEAR)
    return np.asarray(picture, np.float32) - np.asarray(smooth, np.float32)


def _identical(pixels: NDArray[np.str_]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for row, digest in enumerate(pixels.tolist()):
        if digest and first.setdefault(digest, row) != row:
            yield first[digest], row
