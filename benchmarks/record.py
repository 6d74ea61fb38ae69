"""One row per figure in ``results/benchmarks.csv``, with the machine and the command behind it."""

import csv
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from cancerapy.surroundings import describe_commit, describe_machine, today

RESULTS = Path(__file__).parents[1] / "results" / "benchmarks.csv"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure against what it is compared with.

    Args:
        benchmark: Name of the benchmark.
        subject: What was measured.
        alternative: What it is compared with; empty if with the floor alone.
        metric: What the value is.
        value: The value of the subject.
        unit: Its unit.
        ratio: The value that the floor bounds: subject to alternative, or the value itself.
        floor: What must hold of ``ratio``, for instance ``"<= 1.5"``.
    """

    benchmark: str
    subject: str
    alternative: str
    metric: str
    value: float
    unit: str
    ratio: float
    floor: str

    @property
    def is_met(self) -> bool:
        """Whether ``ratio`` keeps to the floor."""
        sign, bound = self.floor.split()
        return self.ratio <= float(bound) if sign == "<=" else self.ratio >= float(bound)


COLUMNS = [*(spec.name for spec in fields(Figure)), "machine", "date", "commit", "command"]


def record(figures: list[Figure], *, dry_run: bool, path: Path = RESULTS) -> None:
    """Print the figures and write them in place of older rows of the same benchmark and subject.

    Args:
        figures: What was measured.
        dry_run: Only print.
        path: The table.
    """
    for figure in figures:
        state = "met" if figure.is_met else "NOT MET"
        against = f" against {figure.alternative}" if figure.alternative else ""
        print(
            f"{figure.subject}{against}: {figure.metric} {figure.value:.4g} {figure.unit}, "
            f"{figure.ratio:.3g} (floor {figure.floor}: {state})"
        )
    if dry_run:
        return
    origin = {
        "machine": describe_machine(),
        "date": today(),
        "commit": describe_commit(),
        "command": " ".join(["python", *sys.argv]),
    }
    own = {(figure.benchmark, figure.subject, figure.metric) for figure in figures}
    kept = []
    if path.exists():
        with path.open(newline="") as stream:
            kept = [
                row
                for row in csv.DictReader(stream)
                if (row["benchmark"], row["subject"], row["metric"]) not in own
            ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
        for figure in figures:
            values = asdict(figure) | {
                "value": f"{figure.value:.4g}",
                "ratio": f"{figure.ratio:.3g}",
            }
            writer.writerow(values | origin)
