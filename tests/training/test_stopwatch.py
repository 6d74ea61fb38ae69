"""Both clocks from when the stopwatch was made."""

import pytest

from cancerapy.training import stopwatch
from cancerapy.training.stopwatch import Spent, Stopwatch


def test_it_reads_what_has_passed_on_either_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    walls, processors = iter([100.0, 103.5, 110.0]), iter([7.0, 13.0, 14.0])
    monkeypatch.setattr(stopwatch.time, "monotonic", lambda: next(walls))
    monkeypatch.setattr(stopwatch.time, "process_time", lambda: next(processors))
    watch = Stopwatch()
    assert watch.read() == Spent(3.5, 6.0)
    assert watch.read() == Spent(10.0, 7.0)
