"""Models timed in turn: every round asks each once, and begins with another one."""

from pathlib import Path

import numpy as np
import pytest

from cancerapy.comparison import latency
from cancerapy.comparison.latency import time_in_turn


class _Clock:
    """Time that goes on only by what a model says that it takes."""

    def __init__(self) -> None:
        self.wall = 0.0
        self.processor = 0.0
        self.asked: list[str] = []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """Put a graph in place that takes as many milliseconds as its name says, then twice that."""
    clock = _Clock()

    class Slow:
        input_shape = (1, 4, 6, 3)

        def __init__(self, model: Path, *, n_threads: int) -> None:
            assert n_threads == 1
            self.name = model.stem

        def __call__(self, picture: np.ndarray) -> None:
            assert picture.shape == (1, 4, 6, 3)
            assert picture.dtype == np.uint8
            clock.asked.append(self.name)
            n_asked = clock.asked.count(self.name) - latency._N_WARM
            ms = int(self.name) * (50 if n_asked == 2 else 1)  # one outlier
            clock.wall += 2 * ms / 1000
            clock.processor += ms / 1000

    monkeypatch.setattr(latency, "Graph", Slow)
    monkeypatch.setattr(latency.time, "perf_counter", lambda: clock.wall)
    monkeypatch.setattr(latency.time, "thread_time", lambda: clock.processor)
    return clock


def test_the_median_of_each_and_the_order_of_the_rounds(clock: _Clock) -> None:
    rounds: list[tuple[str, int, int]] = []
    models = {name: Path(f"{ms}.tflite") for name, ms in (("a", 3), ("b", 5), ("c", 7))}
    timed = time_in_turn(models, n_rounds=4, progress=lambda *what: rounds.append(what))
    assert {n: (t.processor_ms, t.wall_ms) for n, t in timed.items()} == {
        "a": (pytest.approx(3), pytest.approx(6)),
        "b": (pytest.approx(5), pytest.approx(10)),
        "c": (pytest.approx(7), pytest.approx(14)),
    }
    assert clock.asked[:9] == ["3"] * 3 + ["5"] * 3 + ["7"] * 3  # warming up
    assert "".join(clock.asked[9:]) == "357" + "573" + "735" + "357"
    assert rounds == [("timing", n, 4) for n in (1, 2, 3, 4)]


def test_a_real_model_takes_a_time_that_both_clocks_see(tiny_model: Path) -> None:
    timed = time_in_turn({"one": tiny_model, "two": tiny_model}, n_rounds=9)
    assert set(timed) == {"one", "two"}
    for measured in timed.values():
        assert 0 < measured.processor_ms < 1000
        assert 0 < measured.wall_ms < 1000
