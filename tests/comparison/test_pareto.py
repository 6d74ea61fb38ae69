"""The front by hand, and a picture that shows it."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from cancerapy.comparison.pareto import can_be_drawn, on_front, plot_pareto
from cancerapy.comparison.rows import CandidateRow
from cancerapy.evaluation.measure import Figure

MakeRow = Callable[..., CandidateRow]
NAN = float("nan")


def test_the_front_by_hand(make_row: MakeRow) -> None:
    rows = [
        make_row("fast", 0.70, 2),
        make_row("as fast, worse", 0.65, 2),
        make_row("middle", 0.80, 10),
        make_row("slower, no better", 0.80, 11),
        make_row("slower and worse", 0.75, 12),
        make_row("slow and best", 0.85, 40),
    ]
    assert on_front(rows) == [True, False, True, False, False, True]
    assert on_front(rows[::-1]) == [True, False, False, True, False, True]


def test_equals_are_both_on_the_front(make_row: MakeRow) -> None:
    assert on_front([make_row("A", 0.8, 3), make_row("B", 0.8, 3)]) == [True, True]


def test_what_was_not_timed_or_failed_is_not_drawn(make_row: MakeRow) -> None:
    assert can_be_drawn(make_row())
    assert not can_be_drawn(make_row(costs={"size_mb": 3.0}))
    assert not can_be_drawn(make_row(failed="no weights"))
    assert not can_be_drawn(make_row(figures={}))


def _blue(png: bytes) -> int:
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    return int((pixels[..., 2] - pixels[..., 0] > 60).sum())


def test_a_candidate_on_the_front_is_drawn_in_its_colour(make_row: MakeRow) -> None:
    first = make_row("A", 0.8, 3)
    on = plot_pareto([first, make_row("B", 0.9, 9)], "t")
    off = plot_pareto([first, make_row("B", 0.7, 9)], "t")
    assert _blue(on) > 1.5 * _blue(off)


def test_a_larger_model_has_a_larger_point(make_row: MakeRow) -> None:
    small = make_row("A", costs={**make_row().costs, "size_mb": 5.0})
    large = make_row("A", costs={**make_row().costs, "size_mb": 50.0})
    areas = [_blue(plot_pareto([row], "t")) for row in (small, large)]
    # A point's size is its diameter squared; two pixels to a point, and the edge is white.
    assert areas[1] - areas[0] == pytest.approx(45 * 14 * 4 * np.pi / 4, rel=0.15)


def test_rows_without_an_interval_or_a_time_do_not_stop_the_picture(make_row: MakeRow) -> None:
    bare = make_row("B", figures={"accuracy": Figure("accuracy", 0.8, NAN, NAN)})
    picture = plot_pareto([bare, make_row("C", failed="no weights")], "t")
    assert Image.open(io.BytesIO(picture)).size == (1036, 691)
