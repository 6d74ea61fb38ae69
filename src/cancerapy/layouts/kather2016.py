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
        A sample per tile whose factor ``tissue`` is the folder's name; group: the slide.

    Raises:
        DataError: No class folder is there, or tiles do not name their slide.
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
    samples, nameless = [], []
    for class_folder in folders:
        tissue = class_folder.name.partition("_")[2]
        for path in sorted(class_folder.glob("*.tif")):
            found = _SLIDE.search(path.name)
            if not found:
                nameless.append(path.name)
                continue
            samples.append(
                Sample(
                    path.relative_to(folder).as_posix(),
                    {"tissue": tissue},
                    group=f"slide-{found[1]}",
                    facts={"slide": found[1]},
                )
            )
    if nameless:
        raise DataError(
            f"Every tile's name must hold its slide (CRC-Prim-HE-NN); {len(nameless)} do not, for "
            f"instance {nameless[0]}. Without slides no honest split can be made: unpack the "
            "original archive again."
        )
    return samples
