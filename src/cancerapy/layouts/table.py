"""Any data set whose labels are in one CSV file: a row per image.

Commas, semicolons and tabs are told apart by the heading. A row names its image by its path below
the data set's folder, or by the file's name with or without its end.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts.sample import IMAGE_SUFFIXES, Sample

_SHOWN = 5
_Row = dict[str, str]


def read_samples(
    folder: Path,
    *,
    image: str,
    labels: Mapping[str, str],
    group: str,
    facts: Mapping[str, str] | None = None,
    file_name: str = "labels.csv",
    values: Mapping[str, str] | None = None,
) -> list[Sample]:
    """Read the samples of a folder with a table.

    Args:
        folder: Holds the table and, at any depth, the images.
        image: Column with the image's path, name, or name without its end.
        labels: Column by factor of the network; an empty cell is an unknown label.
        group: Column with what stays together: patient, lesion or slide.
        facts: Column by name of the fact (age, sex, site ...); a column may be absent.
        file_name: The table.
        values: Value of a factor by the word in the table where they differ.

    Returns:
        A sample per row, in the table's order.

    Raises:
        DataError: The table, a column, or an image is missing, or a row has no group; all are
            counted.
    """
    facts = facts or {}
    table = folder / file_name
    rows = read_rows(table)
    _check_columns(table, rows, [image, group, *labels.values()])
    files = _Files(folder)
    paths = [files.find(row[image]) for row in rows]
    _check_rows(table, rows, paths, image, group)
    known = values or {}
    return [
        Sample(
            path=path,
            labels={f: known.get(row[c], row[c]) for f, c in labels.items() if row[c]},
            group=row[group],
            facts={name: row[column] for name, column in facts.items() if row.get(column)},
        )
        for path, row in zip(paths, rows, strict=True)
        if path is not None
    ]


def read_rows(table: Path) -> list[_Row]:
    """Return the rows of a CSV file by column, blanks around names and values removed.

    Args:
        table: The file, in UTF-8, with or without a byte order mark.

    Raises:
        DataError: It is not there or is not such a file.
    """
    try:
        text = table.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"The table '{table.name}' must be a CSV file in UTF-8 in '{table.parent}'; it cannot "
            f"be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}. Save it there, or "
            "check --data.",
            code="data_missing",
        ) from error
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [
            {name.strip(): (value or "").strip() for name, value in row.items() if name is not None}
            for row in reader
        ]
    except csv.Error as error:
        raise DataError(
            f"The table '{table.name}' in '{table.parent}' must be a CSV file; after its line "
            f"{reader.line_num} it is not ({error}). Look for a quotation mark without an end."
        ) from error


class _Files:
    """The images of a folder, found by path, by name, or by name without its end.

    A name that two images share finds neither: guessing would mislabel one of them.
    """

    def __init__(self, folder: Path) -> None:
        self._by_name: dict[str, str | None] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() not in IMAGE_SUFFIXES or not path.is_file():
                continue
            place = path.relative_to(folder).as_posix()
            self._by_name[place] = place
            for name in {path.name, path.stem} - {place}:
                self._by_name[name] = None if name in self._by_name else place

    def find(self, name: str) -> str | None:
        """Return the path below the folder of the image called ``name``."""
        return self._by_name.get(name.replace("\\", "/").removeprefix("./"))


def _check_columns(table: Path, rows: list[_Row], columns: Iterable[str]) -> None:
    present = list(rows[0]) if rows else []
    absent = sorted(set(columns) - set(present))
    if absent:
        raise DataError(
            f"'{table.name}' must have rows with the columns {', '.join(absent)}; it has "
            f"{', '.join(present) or 'no row'}. Correct its heading or the cancer's file."
        )


def _check_rows(
    table: Path, rows: list[_Row], paths: list[str | None], image: str, group: str
) -> None:
    missing = [row[image] for row, path in zip(rows, paths, strict=True) if path is None]
    if missing:
        raise DataError(
            f"Every image of '{table.name}' must be there, under a name of its own; {len(missing)} "
            f"of {len(rows)} are not, for instance {', '.join(missing[:_SHOWN])}. Put them below "
            f"'{table.parent}', or give their paths in the column '{image}'.",
            code="data_missing",
        )
    nameless = [row[image] for row in rows if not row[group]]
    if nameless:
        raise DataError(
            f"Every row of '{table.name}' must name its {group}; {len(nameless)} do not, for "
            f"instance {', '.join(nameless[:_SHOWN])}. Without it no honest split can be made."
        )
