"""Kather 2016: H&E tiles of colorectal cancer in one folder per tissue.

``01_TUMOR`` to ``08_EMPTY`` with TIFF tiles whose names hold the slide, ``CRC-Prim-HE-NN``.

References:
    Kather et al. 2016, doi:10.1038/srep27988; data doi:10.5281/zenodo.53169
"""

import re
from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts.sample import Sample

_CLASS_FOLDER = re.compile(r"0[1-8]_([A-Z]+)")
_SLIDE = re.compile(r"CRC-Prim-HE-(\d+)")


def read_samples(folder: Path) -> list[Sample]:
    """Read the samples of a Kather 2016 folder.

    Args:
        folder: Holds the class folders, itself or one level below.

    Returns:
        A sample per tile whose factor ``tissue`` is the folder's name; group: the slide, none
        where the tile's name does not hold it.

    Raises:
        DataError: No class folder is there.
    """
    folders = sorted(
        path
        for path in folder.rglob("0*_*")
        if path.is_dir() and _CLASS_FOLDER.fullmatch(path.name)
    )
    if not folders:
        raise DataError(
            f"A Kather 2016 folder must hold the folders 01_TUMOR to 08_EMPTY; '{folder}' does "
            "not. Get it with 'cancerapy data download colorectal', or check --data.",
            code="data_missing",
        )
    return [
        _sample(path, folder)
        for class_folder in folders
        for path in sorted(class_folder.glob("*.tif"))
    ]


def _sample(tile: Path, folder: Path) -> Sample:
    slide = _SLIDE.search(tile.name)
    return Sample(
        tile.relative_to(folder).as_posix(),
        {"tissue": tile.parent.name.partition("_")[2]},
        group=f"slide-{slide[1]}" if slide else "",
        facts={"slide": slide[1]} if slide else {},
    )
