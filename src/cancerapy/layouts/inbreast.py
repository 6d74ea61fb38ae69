"""INbreast: full-field digital mammograms with ACR density and BI-RADS.

``labels.csv`` (a row per image) or the original ``INbreast.csv`` beside ``AllDICOMs/*.dcm`` or
converted images named as the originals, ``<number>_<patient>_MG_<side>_<view>_ANON.*``.

"Malignant" means BI-RADS 4 to 6, not biopsy: BI-RADS 1 to 3 count as benign.

References:
    Moreira et al. 2012, doi:10.1016/j.acra.2011.09.014
"""

import csv
from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts.sample import Sample

_SUFFIXES = (".dcm", ".jpg", ".jpeg", ".png", ".tif", ".tiff")
_LEAST_MALIGNANT = 4  # BI-RADS 4a, 4b, 4c, 5 and 6


def read_samples(folder: Path) -> list[Sample]:
    """Read the samples of an INbreast folder.

    Args:
        folder: Holds ``INbreast.csv`` and the images at any depth.

    Returns:
        A sample per image with the factors ``malignancy`` and ``density``; group: the patient.

    Raises:
        DataError: The table or images are missing.
    """
    table = folder / "INbreast.csv"
    if not table.is_file():
        raise DataError(
            f"An INbreast folder must hold 'INbreast.csv'; '{folder}' does not. "
            "'cancerapy data download breast' says how to get it.",
            code="data_missing",
        )
    files = {
        path.name.split("_")[0]: path
        for path in sorted(folder.rglob("*_MG_*"))
        if path.suffix.lower() in _SUFFIXES
    }
    with table.open(newline="", encoding="utf-8-sig") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";") if row["File Name"].strip()]
    missing = [row["File Name"] for row in rows if row["File Name"].strip() not in files]
    if missing:
        raise DataError(
            f"Every image of 'INbreast.csv' must be there; {len(missing)} of {len(rows)} are "
            f"missing, for instance {', '.join(missing[:5])}.",
            code="data_missing",
        )
    return [_sample(folder, files[row["File Name"].strip()], row) for row in rows]


def _sample(folder: Path, file: Path, row: dict[str, str]) -> Sample:
    bi_rads, density = row["Bi-Rads"].strip(), row["ACR"].strip()
    labels = {}
    if bi_rads[:1].isdigit():
        is_malignant = int(bi_rads[0]) >= _LEAST_MALIGNANT
        labels["malignancy"] = "malignant" if is_malignant else "benign"
    if density in ("1", "2", "3", "4"):
        labels["density"] = density
    side = {"L": "left", "R": "right"}.get(row["Laterality"].strip(), "")
    facts = {"laterality": side, "view": row["View"].strip(), "bi_rads": bi_rads}
    return Sample(
        path=file.relative_to(folder).as_posix(),
        labels=labels,
        group=file.name.split("_")[1],
        facts={name: value for name, value in facts.items() if value},
    )
