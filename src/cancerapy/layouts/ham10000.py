"""HAM10000: dermatoscopic images of pigmented lesions with one metadata table.

``HAM10000_metadata.csv`` (lesion_id, image_id, dx, dx_type, age, sex, localization) beside the
images, which lie in one folder or in ``HAM10000_images_part_1`` and ``_part_2``.

References:
    Tschandl, Rosendahl and Kittler 2018, doi:10.1038/sdata.2018.161
"""

from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts.sample import Sample
from cancerapy.layouts.table import check_columns, read_rows

TABLE = "HAM10000_metadata.csv"


def read_samples(folder: Path) -> list[Sample]:
    """Read the samples of a HAM10000 folder.

    Args:
        folder: Holds the table and the images, at any depth.

    Returns:
        A sample per row of the table whose factor ``diagnosis`` is ``dx``; group: the lesion. A
        missing image is expected in the folder itself.

    Raises:
        DataError: The table or one of its columns is missing.
    """
    table = folder / TABLE
    if not table.is_file():
        raise DataError(
            f"A HAM10000 folder must hold '{TABLE}'; '{folder}' does not. "
            "Get it with 'cancerapy data download skin', or check --data.",
            code="data_missing",
        )
    files = {path.stem: path for path in sorted(folder.rglob("*.jpg"))}
    rows = read_rows(table)
    check_columns(table, rows, ("lesion_id", "image_id", "dx"))
    return [
        Sample(
            path=_place(folder, files, row["image_id"]),
            labels={"diagnosis": row["dx"]} if row["dx"] else {},
            group=row["lesion_id"],
            facts=_facts(row),
        )
        for row in rows
    ]


def _place(folder: Path, files: dict[str, Path], image_id: str) -> str:
    file = files.get(image_id)
    return file.relative_to(folder).as_posix() if file else f"{image_id}.jpg"


def _facts(row: dict[str, str]) -> dict[str, str]:
    names = {"age": "age", "sex": "sex", "localization": "site", "dx_type": "confirmed_by"}
    facts = {fact: row.get(column) or "" for column, fact in names.items()}
    return {fact: value for fact, value in facts.items() if value not in ("", "unknown")}
