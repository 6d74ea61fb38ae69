"""Turning and cutting, pixel by pixel."""

import io

import numpy as np
import pytest
from PIL import Image as PillowImage

from cancerapy.app.edit import LEAST_SHARE, Edit, apply_edit, encode_png, turn_preview

PIXELS = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
"""4 rows of 6 pixels, all different."""


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_every_pixel_comes_where_a_quarter_turn_brings_it(quarters: int) -> None:
    expected = PIXELS
    for _ in range(quarters):  # clockwise: the lower left corner becomes the upper left one
        height_px, width_px = expected.shape[:2]
        turned = np.empty((width_px, height_px, 3), np.uint8)
        for row in range(height_px):
            for column in range(width_px):
                turned[column, height_px - 1 - row] = expected[row, column]
        expected = turned
    np.testing.assert_array_equal(apply_edit(PIXELS, Edit(quarters)), expected)


def test_the_frame_is_cut_out_of_the_turned_picture() -> None:
    edit = Edit(1, left=0.25, top=0.5, right=0.75, bottom=1.0)
    cut = apply_edit(PIXELS, edit)
    assert cut.shape == (3, 2, 3)
    # Turned clockwise, column c holds row 3 - c; columns 1 and 2 are the rows 2 and 1.
    np.testing.assert_array_equal(cut, np.stack([PIXELS[2, 3:], PIXELS[1, 3:]], axis=1))


def test_what_is_cut_out_holds_at_least_one_pixel() -> None:
    assert apply_edit(PIXELS[:1, :1], Edit(left=0.95, top=0.95)).shape == (1, 1, 3)


def test_a_png_gives_back_every_pixel() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (31, 17, 3), dtype=np.uint8)
    with PillowImage.open(io.BytesIO(encode_png(noise))) as opened:
        assert opened.format == "PNG"
        np.testing.assert_array_equal(np.asarray(opened), noise)


def test_the_frame_turns_with_the_picture() -> None:
    edit = Edit(left=0.1, top=0.2, right=0.6, bottom=0.5)
    turned = edit.turned(1)
    assert turned.quarter_turns == 1
    sides = (turned.left, turned.top, turned.right, turned.bottom)
    assert sides == pytest.approx((0.5, 0.1, 0.8, 0.6))
    assert edit.turned(4) == Edit(0, *(pytest.approx(x) for x in (0.1, 0.2, 0.6, 0.5)))
    back = turned.turned(-1)
    assert back.quarter_turns == 0
    assert back.left == pytest.approx(0.1)


def test_turning_what_is_cut_is_cutting_what_is_turned() -> None:
    edit = Edit(left=0.5, top=0.25, right=1.0, bottom=0.75)
    turned_after = np.rot90(apply_edit(PIXELS, edit), -1)
    np.testing.assert_array_equal(apply_edit(PIXELS, edit.turned(1)), turned_after)


@pytest.mark.parametrize(
    ("side", "place", "expected"),
    [
        ("left", 0.3, 0.3),
        ("left", -1.0, 0.0),
        ("left", 0.99, 0.8 - LEAST_SHARE),
        ("right", 0.0, 0.2 + LEAST_SHARE),
        ("top", 2.0, 0.8 - LEAST_SHARE),
        ("bottom", 2.0, 1.0),
    ],
)
def test_a_side_moves_as_far_as_it_may(side: str, place: float, expected: float) -> None:
    edit = Edit(0, 0.2, 0.2, 0.8, 0.8).with_side(side, place)
    assert getattr(edit, side) == pytest.approx(expected)
    others = {"left": 0.2, "top": 0.2, "right": 0.8, "bottom": 0.8}
    others.pop(side)
    assert {name: getattr(edit, name) for name in others} == others


def test_the_whole_frame_moves_within_the_picture_and_keeps_its_size() -> None:
    edit = Edit(0, 0.2, 0.2, 0.8, 0.8).moved(0.5, -0.1)
    sides = (edit.left, edit.top, edit.right, edit.bottom)
    assert sides == pytest.approx((0.4, 0.1, 1.0, 0.7))


def test_a_preview_turns_like_the_picture() -> None:
    picture = PillowImage.new("RGB", (60, 40), "white")
    picture.paste("black", (0, 0, 20, 40))
    output = io.BytesIO()
    picture.save(output, format="PNG")
    data, size = turn_preview(output.getvalue(), Edit(1))
    assert size == (40, 60)
    with PillowImage.open(io.BytesIO(data)) as turned:
        assert turned.size == size
        assert max(turned.getpixel((20, 5))) < 30  # what was at the left is at the top
        assert min(turned.getpixel((20, 50))) > 225
    assert turn_preview(output.getvalue(), Edit()) == (output.getvalue(), (60, 40))


def test_an_untouched_picture_is_no_edit() -> None:
    assert Edit().is_none
    assert Edit().turned(4).is_none
    assert not Edit(left=0.01).is_none
    assert not Edit(2).is_none
