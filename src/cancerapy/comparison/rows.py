"""Rows of ``results/comparison/<cancer>.csv``: a candidate each, with all that made it.

A candidate that failed has a row too, with the reason in ``failed``. Judging a candidate again by
the same protocol, data set and number of epochs replaces its row.
"""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.surroundings import describe_commit, describe_machine, today

METRICS = ("accuracy", "balanced_accuracy", "macro_auc")
"""Figures of a candidate, each with its interval and its difference to the reference."""

COSTS = {
    "train_s": "features once and the fit of one fold (mean), seconds by the clock",
    "train_processor_s": "the same in seconds of all processor cores together",
    "inference_ms": "one image on one thread, milliseconds that the thread had a core, median",
    "inference_wall_ms": "the same by the clock",
    "size_mb": "the LiteRT file, float16, megabytes (10^6 bytes)",
    "memory_mb": "greatest resident memory of a process that answers with it, megabytes",
    "parameters": "numbers in the network, head included",
    "multiply_adds": "of one image; a multiply-add is two FLOPs",
}
"""What a candidate costs, by column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """What was found of a candidate.

    Args:
        candidate: Its name, see ``Candidate.name``.
        protocol: Name of the protocol.
        source: Folder of the data set.
        epochs: Epochs with the last layers trained; 0: frozen features.
        leaking: ``"LEAKING"`` where groups stand on two sides, else empty.
        last_layer: Last layer that was used; those above it have no starting weights.
        height: Of the input, pixels.
        width: Of the input, pixels.
        plan: Digest of the training plan.
        manifest: Digest of the data set.
        split: Digest of who is on which side.
        seed: Seed of folds and training.
        groups: Number of groups measured.
        n: Number of images measured.
        figures: Of ``METRICS``, by name.
        against: The candidate that it is compared with; empty for that one itself.
        differences: Its figures minus that one's, on the same resamples.
        costs: Of ``COSTS``, by name; absent where not measured.
        threads: Threads of the interpreter that was timed.
        failed: Why there are no figures; empty if there are.
        machine: Processor and cores; by default this machine's.
        commit: Of the code, see ``surroundings.describe_commit``; by default this code's.
        command: The command that compared.
        date: ISO 8601, UTC; by default today.
    """

    candidate: str
    protocol: str
    source: str
    epochs: int
    leaking: str = ""
    last_layer: str = ""
    height: int = 0
    width: int = 0
    plan: str = ""
    manifest: str = ""
    split: str = ""
    seed: int = 0
    groups: int = 0
    n: int = 0
    figures: Mapping[str, Figure] = field(default_factory=dict)
    against: str = ""
    differences: Mapping[str, Figure] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
    threads: int = 0
    failed: str = ""
    machine: str = field(default_factory=describe_machine)
    commit: str = field(default_factory=describe_commit)
    command: str = ""
    date: str = field(default_factory=today)

    @property
    def key(self) -> tuple[str, int, str, str]:
        """What a new row replaces: data set, epochs, protocol and candidate."""
        return self.source, self.epochs, self.protocol, self.candidate


_NESTED = ("figures", "differences", "costs")
_NUMBERS = ("epochs", "height", "width", "seed", "groups", "n", "threads")
_BOUNDS = ("", "_low", "_high")


def _columns_of(name: str) -> list[str]:
    ending = {"figures": "", "differences": "_difference"}
    if name in ending:
        return [f"{metric}{ending[name]}{bound}" for metric in METRICS for bound in _BOUNDS]
    return list(COSTS) if name == "costs" else [name]


COLUMNS = [column for spec in fields(CandidateRow) for column in _columns_of(spec.name)]


def write_row(path: Path, row: CandidateRow) -> None:
    """Add a row to a file, in place of that of the same key and else at the end.

    Raises:
        DataError: The file that is there cannot be read.
        StorageError: The file could not be written; the old one is unchanged.
    """
    rows = {known.key: known for known in read_rows(path)}
    rows[row.key] = row
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_to_line(row) for row in rows.values())
    write_atomically(path, buffer.getvalue())


def read_rows(path: Path) -> list[CandidateRow]:
    """Read a file of rows; none where there is no file.

    Raises:
        DataError: Its columns or numbers are not those of this version.
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        lines = list(reader)
    try:
        if reader.fieldnames != COLUMNS:
            raise ValueError(f"its columns are not {', '.join(COLUMNS[:4])} ...")
        if any(None in line or None in line.values() for line in lines):
            raise ValueError("a line has too few or too many values")
        return [_from_line(line) for line in lines]
    except ValueError as error:
        raise DataError(
            f"A comparison's results must be as this version writes them; {path.name} is not: "
            f"{error}. Move it away and run 'cancerapy compare' again."
        ) from error


def _to_line(row: CandidateRow) -> dict[str, object]:
    line = {spec.name: getattr(row, spec.name) for spec in fields(row) if spec.name not in _NESTED}
    for name in ("figures", "differences"):
        figures: Mapping[str, Figure] = getattr(row, name)
        for metric, columns in _triples(name):
            figure = figures.get(metric)
            values = (figure.value, figure.low, figure.high) if figure else (math.nan,) * 3
            line |= {c: _number(v, ".4f") for c, v in zip(columns, values, strict=True)}
    return line | {name: _number(row.costs.get(name, math.nan), ".10g") for name in COSTS}


def _from_line(line: Mapping[str, str]) -> CandidateRow:
    nested: dict[str, dict[str, Figure]] = {}
    for name in ("figures", "differences"):
        nested[name] = {
            metric: Figure(metric, *(float(line[column] or "nan") for column in columns))
            for metric, columns in _triples(name)
            if line[columns[0]]
        }
    plain = [spec.name for spec in fields(CandidateRow) if spec.name not in _NESTED]
    texts = {name: line[name] for name in plain if name not in _NUMBERS}
    counts = {name: int(line[name]) for name in _NUMBERS}
    costs = {name: float(line[name]) for name in COSTS if line[name]}
    return CandidateRow(**texts, **counts, **nested, costs=costs)  # type: ignore[arg-type]


def _triples(name: str) -> list[tuple[str, Sequence[str]]]:
    """Return each metric with the columns of its value and bounds."""
    columns = _columns_of(name)
    return [(metric, columns[3 * i : 3 * i + 3]) for i, metric in enumerate(METRICS)]


def _number(value: float, form: str) -> str:
    return "" if math.isnan(value) else format(value, form)
