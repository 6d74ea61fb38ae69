"""What a comparison of optimizers has found: a row an optimizer, and its table."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cancerapy.atomic import write_atomically
from cancerapy.evaluation.intervals import Interval


@dataclass(frozen=True, slots=True)
class Compared:
    """One optimizer in the comparison.

    Args:
        optimizer: Name.
        learning_rates: The rate that was chosen for each part; empty if a part has no training.
        at_edge: Whether one of them is an end of the grid, so that a wider one could be better.
        score: Score on all parts together, 0..1; not-a-number if a part has no training.
        interval: Its 95 % interval; not-a-number with too few groups.
        difference: Score minus that of the first optimizer.
        difference_interval: Its paired 95 % interval.
        seconds: Cost of the whole grid.
        n_failed: Trainings that failed.
    """

    optimizer: str
    learning_rates: tuple[float, ...]
    at_edge: bool
    score: float
    interval: Interval
    difference: float
    difference_interval: Interval
    seconds: float
    n_failed: int

    @property
    def verdict(self) -> str:
        """Against the first: better, worse, no difference shown, or why that is not known."""
        if np.isnan(self.difference):
            return "not trainable"
        if np.isnan(self.difference_interval.low):
            return "too few groups to tell"
        if not self.difference_interval.excludes_zero:
            return "no difference shown"
        return "better" if self.difference > 0 else "worse"


def write_compared(path: Path, compared: Sequence[Compared]) -> None:
    """Write a row an optimizer.

    Raises:
        StorageError: It cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    header = "optimizer learning_rates at_edge score low high difference difference_low"
    writer.writerow([*header.split(), "difference_high", "verdict", "seconds", "n_failed"])
    for row in compared:
        figures = (row.score, row.interval.low, row.interval.high, row.difference)
        bounds = (row.difference_interval.low, row.difference_interval.high)
        writer.writerow(
            [
                row.optimizer,
                " ".join(f"{rate:g}" for rate in row.learning_rates),
                str(row.at_edge).lower(),
                *(f"{value:.4f}" for value in (*figures, *bounds)),
                row.verdict,
                f"{row.seconds:.1f}",
                row.n_failed,
            ]
        )
    write_atomically(path, text.getvalue())
