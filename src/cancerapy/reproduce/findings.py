"""What was measured of an experiment, as kept in ``results/reproduction``.

``<experiment>.csv`` has the rows of ``evaluation.rows``, in which ``model`` names the part;
``<experiment>.curves.csv`` has a row for every epoch of the parts that trained.
"""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row, one_writer, read_rows, write_rows
from cancerapy.reproduce._spec import QUICK, CurveRow, Part, Yield

FOLDER = "reproduction"


@dataclass(frozen=True, slots=True)
class Findings:
    """Rows and curves of one experiment.

    Args:
        rows: All rows, or those of quick runs alone.
        curves: Epochs by part, with numbers as text where they are none.
    """

    rows: Sequence[Row]
    curves: Mapping[str, Sequence[CurveRow]]

    def has(self, part: str) -> bool:
        """Say whether a part has been measured."""
        return any(row.origin.model == part for row in self.rows)

    def of(self, part: str, metric: str, task: str | None = None) -> Figure | None:
        """Return one figure of a part, or ``None``; without ``task`` that of its first task."""
        for row in self.rows:
            if (row.origin.model, row.figure.metric) == (part, metric) and (
                task is None or row.origin.task == task
            ):
                return row.figure
        return None

    def origin(self, part: str) -> Origin | None:
        """Return what the first figure of a part was measured on, or ``None``."""
        return next((row.origin for row in self.rows if row.origin.model == part), None)

    @property
    def digest(self) -> str:
        """First 16 digits of a SHA-256 over everything measured."""
        curves = {name: [dict(row) for row in rows] for name, rows in self.curves.items()}
        return hashlib.sha256(repr((list(self.rows), curves)).encode()).hexdigest()[:16]


def read_findings(results: Path, experiment: str, *, quick: bool = False) -> Findings:
    """Read what was measured of an experiment; nothing if it was never run.

    Args:
        results: Folder of the results.
        experiment: Its id.
        quick: Rows of quick runs only; else none of them.

    Raises:
        DataError: A file is damaged.
    """
    file = results / FOLDER / f"{experiment}.csv"
    rows = read_rows(file) if file.is_file() else []
    kept = [row for row in rows if row.origin.protocol.startswith(QUICK) == quick]
    named = {row.origin.model for row in kept}
    curves = _read_curves(results, experiment)
    return Findings(kept, {part: curves[part] for part in curves if part in named})


def add_findings(results: Path, experiment: str, part: Part, found: Yield) -> None:
    """Keep what a part has measured, in place of what it had measured before.

    Raises:
        StorageError: The file could not be written; the old one is unchanged.
    """
    if found.curves:
        file = results / FOLDER / f"{experiment}.curves.csv"
        with one_writer(file):
            curves = {**_read_curves(results, experiment), part.name: list(found.curves)}
            _write_curves(file, curves)
    # The rows say that the part is finished, so they come last.
    write_rows(results / FOLDER / f"{experiment}.csv", found.rows)


def _read_curves(results: Path, experiment: str) -> dict[str, list[CurveRow]]:
    file = results / FOLDER / f"{experiment}.curves.csv"
    curves: dict[str, list[CurveRow]] = {}
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as handle:
            for line in csv.DictReader(handle):
                if "part" not in line or None in line.values() or None in line:
                    raise DataError(
                        f"Every line of '{file.name}' must name its part and have all columns; "
                        "one has not. Restore the file, or move it away and run the parts that "
                        "train again: cancerapy reproduce "
                        f"{experiment} --again",
                    )
                part = line.pop("part")
                known = {name: _number(text) for name, text in line.items() if text}
                curves.setdefault(part, []).append(known)
    return curves


def _write_curves(file: Path, curves: Mapping[str, Sequence[CurveRow]]) -> None:
    names = dict.fromkeys(name for rows in curves.values() for row in rows for name in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, ["part", *names], lineterminator="\n")
    writer.writeheader()
    for part in sorted(curves):
        writer.writerows({"part": part, **_rounded(row)} for row in curves[part])
    write_atomically(file, text.getvalue())


def _rounded(row: CurveRow) -> dict[str, float | str]:
    return {k: f"{v:.6g}" if isinstance(v, float) else v for k, v in row.items()}


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
