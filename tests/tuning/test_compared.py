"""The rows of a comparison of optimizers: what their intervals say, and the table."""

import csv
from math import nan
from pathlib import Path

import pytest

from cancerapy.evaluation.intervals import Interval
from cancerapy.tuning.compared import Compared, write_compared


def _row(difference: float, low: float, high: float) -> Compared:
    bounds = Interval(low, high)
    return Compared("sgd", (0.1, 0.03), True, 0.8, Interval(0.7, 0.9), difference, bounds, 12.34, 1)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (_row(0.1, 0.02, 0.2), "better"),
        (_row(-0.1, -0.2, -0.02), "worse"),
        (_row(0.1, -0.02, 0.2), "no difference shown"),
        (_row(0.1, nan, nan), "too few groups to tell"),
        (_row(nan, nan, nan), "not trainable"),
    ],
)
def test_the_verdict_is_that_of_the_interval(row: Compared, verdict: str) -> None:
    assert row.verdict == verdict


def test_the_table_has_what_a_row_has(tmp_path: Path) -> None:
    write_compared(tmp_path / "optimizers.csv", [_row(-0.1, -0.2, -0.02)])
    with (tmp_path / "optimizers.csv").open(newline="") as file:
        (line,) = csv.DictReader(file)
    assert line == {
        "optimizer": "sgd", "learning_rates": "0.1 0.03", "at_edge": "true", "score": "0.8000",
        "low": "0.7000", "high": "0.9000", "difference": "-0.1000", "difference_low": "-0.2000",
        "difference_high": "-0.0200", "verdict": "worse", "seconds": "12.3", "n_failed": "1",
    }  # fmt: skip
