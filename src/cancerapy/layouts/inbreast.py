"""INbreast: full-field digital mammograms with ACR density and BI-RADS.

The original table, ``INbreast.csv`` or ``INbreast.xls``, beside ``AllDICOMs/*.dcm`` or converted
images named as the originals, ``<number>_<patient>_MG_<side>_<view>_ANON.*``.

"Malignant" means BI-RADS 4 to 6, not biopsy: BI-RADS 1 to 3 count as benign.

References:
    Moreira et al. 2012, doi:10.1016/j.acra.2011.09.014
"""

from pathlib import Path
from typing import Any

from cancerapy.errors import DataError, require
from cancerapy.layouts.sample import Sample
from cancerapy.layouts.table import read_rows

_SUFFIXES = (".dcm", ".jpg", ".jpeg", ".png", ".tif", ".tiff")
_LEAST_MALIGNANT = 4  # BI-RADS 4a, 4b, 4c, 5 and 6
_COLUMNS = ("Laterality", "View", "File Name", "ACR", "Bi-Rads")
_SIDES = {"L": "left", "R": "right"}
_Row = dict[str, str]


def read_samples(folder: Path) -> list[Sample]:
    """Read the samples of an INbreast folder.

    Args:
        folder: Holds ``INbreast.csv`` or ``INbreast.xls`` and the images at any depth.

    Returns:
        A sample per row with the factors ``malignancy`` and ``density``; group: the patient, which
        only the image's name tells, so that a row without its image has none. The fact ``mass``
        is ``yes`` or ``no`` where the table says it.

    Raises:
        DataError: The table or one of its columns is missing.
        MissingDependencyError: Only ``INbreast.xls`` is there and xlrd is not installed.
    """
    files = find_images(folder)
    return [_sample(folder, files.get(row["File Name"]), row) for row in _read_table(folder)]


def find_images(folder: Path) -> dict[str, Path]:
    """Return the images of an INbreast folder by their number, the name's first field."""
    return {
        path.name.split("_")[0]: path
        for path in sorted(folder.rglob("*_MG_*"))
        if path.suffix.lower() in _SUFFIXES
    }


def patient_of(file: Path) -> str:
    """Return the patient, the second field of an image's name."""
    return file.name.split("_")[1]


def mass_numbers(folder: Path) -> set[str]:
    """Return the numbers of the images that show a mass by ``INbreast.xls``.

    Args:
        folder: INbreast's folder; empty set where it has no workbook.

    Raises:
        DataError: The workbook is damaged.
        MissingDependencyError: xlrd is not installed.
    """
    path = folder / "INbreast.xls"
    rows = _read_workbook(path) if path.is_file() else []
    return {row["File Name"] for row in rows if row.get("Mass")}


def _read_table(folder: Path) -> list[_Row]:
    """Return the rows of the table, those without a number left out."""
    if (folder / "INbreast.csv").is_file():
        name, rows = "INbreast.csv", read_rows(folder / "INbreast.csv")
    elif (folder / "INbreast.xls").is_file():
        name, rows = "INbreast.xls", _read_workbook(folder / "INbreast.xls")
    else:
        raise DataError(
            f"An INbreast folder must hold 'INbreast.csv' or 'INbreast.xls'; '{folder}' does not. "
            "'cancerapy data download breast' says how to get it.",
            code="data_missing",
        )
    absent = [column for column in _COLUMNS if rows and column not in rows[0]]
    if absent or not rows:
        raise DataError(
            f"'{name}' must have rows with the columns {', '.join(absent or _COLUMNS)}; it has "
            "not. Take the table of the original data set."
        )
    return [row for row in rows if row["File Name"]]


def _read_workbook(path: Path) -> list[_Row]:
    """Read the first sheet; rows below the table (sums) have no laterality and are left out."""
    xlrd = require("xlrd", extra="train", feature="Reading INbreast.xls")
    try:
        sheet = xlrd.open_workbook(path).sheet_by_index(0)
    except Exception as error:  # xlrd raises anything on damaged bytes
        raise DataError(
            f"'{path.name}' must be the workbook of the original data set; it cannot be read as "
            "one. Copy it again.",
            code="data_corrupt",
        ) from error
    heading = [_cell(value) for value in sheet.row_values(0)] if sheet.nrows else []
    rows = [
        dict(zip(heading, map(_cell, sheet.row_values(number)), strict=True))
        for number in range(1, sheet.nrows)
    ]
    return [row for row in rows if row.get("Laterality")]


def _cell(value: Any) -> str:
    """Return a cell as text; workbooks keep whole numbers as floats."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _sample(folder: Path, file: Path | None, row: _Row) -> Sample:
    bi_rads, density = row["Bi-Rads"], row["ACR"]
    labels = {}
    if bi_rads[:1].isdigit():
        is_malignant = int(bi_rads[0]) >= _LEAST_MALIGNANT
        labels["malignancy"] = "malignant" if is_malignant else "benign"
    if density in ("1", "2", "3", "4"):
        labels["density"] = density
    facts = {
        "laterality": _SIDES.get(row["Laterality"], ""),
        "view": row["View"],
        "bi_rads": bi_rads,
        "mass": ("yes" if row["Mass"] else "no") if "Mass" in row else "",
    }
    known = {name: value for name, value in facts.items() if value}
    if file is None:
        number = row["File Name"]
        why = f"no image has a name that begins with {number}_"
        return Sample(f"AllDICOMs/{number}", labels, "", known, absent_because=why)
    return Sample(file.relative_to(folder).as_posix(), labels, patient_of(file), known)
