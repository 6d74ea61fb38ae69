"""Any data set whose labels are in one CSV file: a row per image.

Commas, semicolons and tabs are told apart by the heading. A row names its image by its path below
the data set's folder, or by the file's name with or without its end.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts.sample import IMAGE_SUFFIXES, Sample

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
        A sample per row, in the table's order. Those whose image is not found have what the table
        says as their path, and ``absent_because`` says why; those of no group have an empty one.

    Raises:
        DataError: The table or a column is missing.
    """
    facts = facts or {}
    table = folder / file_name
    rows = read_rows(table)
    check_columns(table, rows, [image, group, *labels.values()])
    files = _Files(folder)
    known = values or {}
    return [
        Sample(
            path=files.find(row[image]) or row[image] or f"(row {number})",
            labels={f: known.get(row[c], row[c]) for f, c in labels.items() if row[c]},
            group=row[group],
            facts={name: row[column] for name, column in facts.items() if row.get(column)},
            absent_because=files.why_absent(row[image]),
        )
        for number, row in enumerate(rows, 2)  # row 1 is the heading
    ]


def read_rows(table: Path) -> list[_Row]:
    """Return the rows of a CSV file by column, blanks around names and values removed.

    Args:
        table: The file, in UTF-8, with or without a byte order mark.

    Raises:
        DataError: It is not there, is not such a file, or has two columns of one name.
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
        _check_heading(table, reader.fieldnames or ())
        return [
            {name.strip(): (value or "").strip() for name, value in row.items() if name is not None}
            for row in reader
        ]
    except csv.Error as error:
        raise DataError(
            f"The table '{table.name}' in '{table.parent}' must be a CSV file; after its line "
            f"{reader.line_num} it is not ({error}). Look for a quotation mark without an end."
        ) from error


def _check_heading(table: Path, names: Iterable[str]) -> None:
    """Refuse two columns of one name: which of them holds is not to be guessed."""
    counts = Counter(name.strip() for name in names if name.strip())
    doubled = [name for name, number in counts.items() if number > 1]
    if doubled:
        raise DataError(
            f"Every column of '{table.name}' in '{table.parent}' must have a name of its own; its "
            f"heading has more than one '{doubled[0]}'. Rename or remove all but one."
        )


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
        return self._by_name.get(_tidy(name))

    def why_absent(self, name: str) -> str:
        """Return why no image is called ``name``; empty if one is."""
        if self.find(name) is not None:
            return ""
        if not name:
            return "its row names no image"
        if _tidy(name) in self._by_name:
            return "several images have this name"
        return "no image has this name"


def _tidy(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")


def check_columns(table: Path, rows: list[_Row], columns: Iterable[str]) -> None:
    """Check that a table has rows with certain columns.

    Args:
        table: The file.
        rows: Its rows.
        columns: The columns.

    Raises:
        DataError: A column is missing, or there is no row.
    """
    present = list(rows[0]) if rows else []
    absent = sorted(set(columns) - set(present))
    if absent:
        raise DataError(
            f"'{table.name}' must have rows with the columns {', '.join(absent)}; it has "
            f"{', '.join(present) or 'no row'}. Correct its heading or the cancer's file."
        )
