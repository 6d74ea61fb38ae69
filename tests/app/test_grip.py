"""A finger on the frame, on a picture that is 200 x 100 px on the screen."""

import pytest

from cancerapy.app.edit import Edit
from cancerapy.app.grip import take_hold

FRAME = Edit(0, 0.2, 0.0, 0.8, 1.0)


@pytest.mark.parametrize(
    ("x", "y", "sides"),
    [
        (0.5, 0.5, ()),
        (0.21, 0.5, ("left",)),
        (0.79, 0.5, ("right",)),
        (0.5, 0.02, ("top",)),
        (0.5, 0.9, ("bottom",)),
        (0.19, 0.98, ("left", "bottom")),
        (0.83, 0.05, ("right", "top")),
        (0.0, 0.5, ("left",)),
        (0.35, 0.5, ()),  # the reach of the left side ends 28 px from it, at 0.34
        (0.33, 0.5, ("left",)),
    ],
)
def test_what_a_finger_takes_hold_of(x: float, y: float, sides: tuple[str, ...]) -> None:
    assert take_hold(FRAME, x, y, 200, 100).sides == sides


def test_the_middle_of_a_small_frame_still_moves_it() -> None:
    small = Edit(0, 0.4, 0.4, 0.6, 0.6)
    assert take_hold(small, 0.5, 0.5, 200, 100).sides == ()


def test_a_corner_follows_the_finger_from_where_it_was_taken() -> None:
    grip = take_hold(FRAME, 0.22, 0.02, 200, 100)
    edit = grip.dragged(0.32, 0.12)
    assert (edit.left, edit.top) == pytest.approx((0.3, 0.1))
    assert (edit.right, edit.bottom) == (0.8, 1.0)
    assert grip.dragged(0.22, 0.02) == FRAME


def test_the_whole_frame_follows_the_finger() -> None:
    edit = take_hold(FRAME, 0.5, 0.5, 200, 100).dragged(0.6, 0.9)
    assert (edit.left, edit.right) == pytest.approx((0.3, 0.9))
    assert (edit.top, edit.bottom) == (0.0, 1.0)
