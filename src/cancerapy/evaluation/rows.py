"""Rows of ``results/<cancer>.csv``: one measured number each, with all that made it.

Negative results stay. Measuring the same task, protocol and model again replaces their rows, those
of their subgroups (by slide, age, sex ...) included.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from filelock import FileLock

from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError, StorageError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.subgroups import Subgroup
from cancerapy.surroundings import describe_commit, describe_machine, today

OF_SUBGROUPS = ("accuracy", "balanced_accuracy", "malignancy_auc")
"""The figures of a subgroup that get rows; the report has the others."""

_TOO_FEW = {"accuracy": Figure("accuracy", math.nan, math.nan, math.nan)}


@dataclass(frozen=True, slots=True, kw_only=True)
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
        subgroup: The fact and the value that the images share, ``slide=01``; empty: all images.
        groups: Number of groups measured.
        n: Number of images measured.
        size: Size of the model file in megabytes (10^6 bytes); empty if not known.
        machine: Processor and cores; by default this machine's.
        commit: Of the code that measured, see ``surroundings.describe_commit``; by default this
            code's.
        command: The command that measured.
        date: ISO 8601, UTC; by default today.
    """

    task: str
    protocol: str
    leaking: str
    model: str
    plan: str
    manifest: str
    split: str
    seed: str
    subgroup: str = ""
    groups: int
    n: int
    size: str
    machine: str = field(default_factory=describe_machine)
    commit: str = field(default_factory=describe_commit)
    command: str
    date: str = field(default_factory=today)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a results file: an origin and one figure."""

    origin: Origin
    figure: Figure

    @property
    def key(self) -> tuple[str, str, str]:
        """What a new measurement replaces: task, protocol and model."""
        return self.origin.task, self.origin.protocol, self.origin.model


_ORIGIN = [spec.name for spec in fields(Origin)]
_FIGURE = ["metric", "value", "low", "high"]
_PLACE = _ORIGIN.index("size")  # the figure stands before it
COLUMNS = [*_ORIGIN[:_PLACE], *_FIGURE, *_ORIGIN[_PLACE:]]
_KNOWN = (COLUMNS, [name for name in COLUMNS if name != "subgroup"])
"""Columns of files that can be read; the older ones had no subgroups."""


@contextmanager
def one_writer(path: Path) -> Iterator[None]:
    """Let one process at a time read a results file and write it anew.

    Args:
        path: The file; its folder is made if needed, and keeps a hidden lock file.

    Raises:
        StorageError: The folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f".{path.name}.lock"))
        lock.acquire()
    except OSError as error:
        raise StorageError.from_os_error(error, f"writing {path.name}") from error
    try:
        yield
    finally:
        lock.release()


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Add rows to a results file, in place of those of the same task, protocol and model.

    Args:
        path: The file; made if needed.
        rows: New rows.

    Raises:
        StorageError: The file could not be written; the old one is unchanged.
    """
    replaced = {row.key for row in rows}
    with one_writer(path):
        there = read_rows(path) if path.is_file() else []
        kept = [row for row in there if row.key not in replaced]
        _write(path, sorted([*kept, *rows], key=lambda row: (row.origin.protocol, *row.key)))


def _write(path: Path, rows: Sequence[Row]) -> None:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
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
        if reader.fieldnames not in _KNOWN:
            raise DataError(
                f"A results file needs the columns {', '.join(COLUMNS)}; {path.name} has others. "
                "Move it away and run the command that makes it again: 'cancerapy evaluate', or "
                "'cancerapy reproduce' for one in 'reproduction'."
            )
        lines = list(reader)
    try:
        return [_row(line) for line in lines]
    except ValueError as error:
        raise DataError(
            f"{path.name} holds a number that cannot be read: {error}. Correct it, or move the "
            "file away and measure again."
        ) from error


def read_all_rows(folder: Path) -> list[Row]:
    """Read every results file in ``folder``, in the order of their names.

    Files with other columns, such as benchmarks, are other tables and are left alone.
    """
    files = [file for file in sorted(folder.glob("*.csv")) if _header(file) in _KNOWN]
    return [row for file in files for row in read_rows(file)]


def rows_of(origin: Origin, figures: Iterable[Figure]) -> list[Row]:
    """Put an origin to each figure."""
    return [Row(origin, figure) for figure in figures]


def rows_of_subgroups(origin: Origin, tables: Mapping[str, Sequence[Subgroup]]) -> list[Row]:
    """Return rows of every subgroup, each with the number of its own images and groups.

    Args:
        origin: What the whole was measured on.
        tables: Subgroups by fact.

    Returns:
        ``OF_SUBGROUPS`` as far as measured; an ``accuracy`` without a value where there are too
        few images, so that it is seen that they are there.
    """
    rows: list[Row] = []
    for fact, subgroups in tables.items():
        for part in subgroups:
            named = f"{fact}={part.value}"
            own = replace(origin, subgroup=named, n=part.n_images, groups=part.n_groups)
            measured = part.figures or _TOO_FEW
            rows += rows_of(own, [measured[name] for name in OF_SUBGROUPS if name in measured])
    return rows


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4f}"


def _row(line: dict[str, str]) -> Row:
    numbers = [float(line[name]) if line[name] else float("nan") for name in _FIGURE[1:]]
    counts = {"groups": int(line["groups"]), "n": int(line["n"])}
    texts = {name: line.get(name, "") for name in _ORIGIN if name not in counts}
    return Row(Origin(**texts, **counts), Figure(line["metric"], *numbers))  # type: ignore[arg-type]


def _header(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as handle:
        return next(csv.reader(handle), [])
