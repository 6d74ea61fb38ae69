"""HAM10000: dermatoscopic images of pigmented lesions with one metadata table.

``HAM10000_metadata.csv`` (lesion_id, image_id, dx, dx_type, age, sex, localization) beside the
images, which lie in one folder or in ``HAM10000_images_part_1`` and ``_part_2``.

References:
    Tschandl, Rosendahl and Kittler 2018, doi:10.1038/sdata.2018.161
"""

import csv
from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts.sample import Sample

TABLE = "HAM10000_metadata.csv"


def read_samples(folder: Path) -> list[Sample]:
    """Read the samples of a HAM10000 folder.

    Args:
        folder: Holds the table and the images, at any depth.

    Returns:
        A sample per row of the table whose factor ``diagnosis`` is ``dx``; group: the lesion.

    Raises:
        DataError: The table, one of its columns, or images are missing; all are counted.
    """
    table = folder / TABLE
    if not table.is_file():
        raise DataError(
            f"A HAM10000 folder must hold '{TABLE}'; '{folder}' does not. "
            "Get it with 'cancerapy data download skin', or check --data.",
            code="data_missing",
        )
    files = {path.stem: path for path in sorted(folder.rglob("*.jpg"))}
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    _check(table, rows, files)
    return [
        Sample(
            path=files[row["image_id"]].relative_to(folder).as_posix(),
            labels={"diagnosis": row["dx"]} if row["dx"] else {},
            group=row["lesion_id"],
            facts=_facts(row),
        )
        for row in rows
    ]


def _check(table: Path, rows: list[dict[str, str]], files: dict[str, Path]) -> None:
    absent = {"lesion_id", "image_id", "dx"} - set(rows[0] if rows else ())
    if absent:
        raise DataError(f"'{table.name}' must have the columns {', '.join(sorted(absent))}.")
    missing = [row["image_id"] for row in rows if row["image_id"] not in files]
    if missing:
        raise DataError(
            f"Every image of '{table.name}' must be there; {len(missing)} of {len(rows)} are "
            f"missing, for instance {', '.join(missing[:5])}. Unpack both image archives into "
            f"'{table.parent}'.",
            code="data_missing",
        )


def _facts(row: dict[str, str]) -> dict[str, str]:
    names = {"age": "age", "sex": "sex", "localization": "site", "dx_type": "confirmed_by"}
    facts = {fact: row.get(column) or "" for column, fact in names.items()}
    return {fact: value for fact, value in facts.items() if value not in ("", "unknown")}
