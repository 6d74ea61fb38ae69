"""Rows of ``results/<cancer>.csv``: one measured number each, with all that made it.

Negative results stay. Measuring the same task, protocol and model again replaces their rows.
"""

import csv
import io
import math
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure


@dataclass(frozen=True, slots=True)
class Origin:
    """What a set of figures was measured on, and how.

    Args:
        task: Task id, or ``<cancer>/<factor>``.
        protocol: Name of the protocol.
        leaking: ``"LEAKING"`` where groups stand on two sides, else empty.
        model: What predicted: a backbone or ``baseline: ...``.
        plan: Digest of the training plan.
        manifest: Digest of the data set.
        split: Digest of who is on which side.
        seed: Seed of folds and training.
        groups: Number of groups measured.
        n: Number of images measured.
        size: Size of the model file in megabytes (10^6 bytes); empty if not known.
        machine: Processor and cores.
        commit: Of the code that measured.
        command: The command that measured.
        date: ISO 8601, UTC.
    """

    task: str
    protocol: str
    leaking: str
    model: str
    plan: str
    manifest: str
    split: str
    seed: str
    groups: int
    n: int
    size: str
    machine: str
    commit: str
    command: str
    date: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a results file: an origin and one figure."""

    origin: Origin
    figure: Figure

    @property
    def key(self) -> tuple[str, str, str]:
        """What a new measurement replaces: task, protocol and model."""
        return self.origin.task, self.origin.protocol, self.origin.model


_BEFORE = [spec.name for spec in fields(Origin)][:10]
_AFTER = [spec.name for spec in fields(Origin)][10:]
_FIGURE = ["metric", "value", "low", "high"]
COLUMNS = [*_BEFORE, *_FIGURE, *_AFTER]


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Add rows to a results file, in place of those of the same task, protocol and model.

    Args:
        path: The file; made if needed.
        rows: New rows.

    Raises:
        StorageError: The file could not be written; the old one is unchanged.
    """
    replaced = {row.key for row in rows}
    kept = [row for row in read_rows(path) if row.key not in replaced] if path.is_file() else []
    ordered = sorted([*kept, *rows], key=lambda row: (row.origin.protocol, *row.key))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in ordered:
        figures = {
            "metric": row.figure.metric,
            "value": _number(row.figure.value),
            "low": _number(row.figure.low),
            "high": _number(row.figure.high),
        }
        writer.writerow({**asdict(row.origin), **figures})
    write_atomically(path, buffer.getvalue())


def read_rows(path: Path) -> list[Row]:
    """Read a results file.

    Raises:
        DataError: Its columns or numbers are not those of this version.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != COLUMNS:
            raise DataError(
                f"A results file needs the columns {', '.join(COLUMNS)}; {path.name} has others. "
                "Move it away and run 'cancerapy evaluate' again."
            )
        lines = list(reader)
    try:
        return [_row(line) for line in lines]
    except ValueError as error:
        raise DataError(f"{path.name} holds a number that cannot be read: {error}.") from error


def read_all_rows(folder: Path) -> list[Row]:
    """Read every results file in ``folder``, in the order of their names.

    Files with other columns, such as benchmarks, are other tables and are left alone.
    """
    files = [file for file in sorted(folder.glob("*.csv")) if _header(file) == COLUMNS]
    return [row for file in files for row in read_rows(file)]


def describe_machine() -> str:
    """Return processor model, architecture and number of cores; no name of the machine."""
    model = platform.processor()
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.is_file():
        lines = [line.partition(":") for line in cpu_info.read_text().splitlines()]
        model = next((v.strip() for k, _, v in lines if k.strip() == "model name"), model)
    return f"{model or 'processor'}, {platform.machine()}, {os.cpu_count()} cores"


def describe_command(arguments: Sequence[str]) -> str:
    """Return the command line of ``cancerapy`` to repeat, without places on this machine.

    Args:
        arguments: What followed ``cancerapy``; of an absolute path the last part is kept.

    >>> describe_command(["evaluate", "skin", "--report", "/home/ada/reports"])
    'cancerapy evaluate skin --report reports'
    """
    return " ".join(["cancerapy", *(_without_place(text) for text in arguments)])


def _without_place(text: str) -> str:
    option, equals, value = text.partition("=")
    path = Path(value if equals else text)
    if not path.is_absolute():
        return text
    return f"{option}={path.name}" if equals else path.name


def describe_commit(folder: Path) -> str:
    """Return the short commit of the code in ``folder``, ``+`` if changed since; or unknown."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    asked = subprocess.run(  # noqa: S603 - fixed arguments, no shell
        [git, "-C", str(folder), "describe", "--always", "--exclude=*", "--dirty=+", "--abbrev=9"],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    return asked.stdout.strip() if asked.returncode == 0 else "unknown"


def today() -> str:
    """Return today's date, ISO 8601, UTC."""
    return datetime.now(UTC).date().isoformat()


def rows_of(origin: Origin, figures: Iterable[Figure]) -> list[Row]:
    """Put an origin to each figure."""
    return [Row(origin, figure) for figure in figures]


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4f}"


def _row(line: dict[str, str]) -> Row:
    numbers = [float(line[name]) if line[name] else float("nan") for name in _FIGURE[1:]]
    counts = {"groups": int(line["groups"]), "n": int(line["n"])}
    texts = {name: line[name] for name in [*_BEFORE, *_AFTER] if name not in counts}
    return Row(Origin(**texts, **counts), Figure(line["metric"], *numbers))  # type: ignore[arg-type]


def _header(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as handle:
        return next(csv.reader(handle), [])
