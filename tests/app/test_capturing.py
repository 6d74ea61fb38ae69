"""From a chosen file over its edit to what is sent, and what a finger does on the way."""

import asyncio
import io

import numpy as np
import pytest
from PIL import Image as PillowImage

from cancerapy.app.capturing import Capture
from cancerapy.app.edit import Edit, encode_png
from cancerapy.app.state import AppState
from cancerapy.errors import CanceRapyError

NOISE = np.random.default_rng(3).integers(0, 256, (40, 60, 3), dtype=np.uint8)


class Host:
    """Keeps what was complained of and counts what was drawn."""

    def __init__(self, state: AppState) -> None:
        self.state = state
        self.n_drawn = 0
        self.complaints: list[str] = []

    def redraw(self) -> None:
        """Count."""
        self.n_drawn += 1

    def complain(self, error: CanceRapyError) -> None:
        """Keep the code."""
        self.complaints.append(error.code)


@pytest.fixture
def host(state: AppState) -> Host:
    """The state without a picture."""
    state.picture = None
    return Host(state)


@pytest.fixture
def capture(host: Host) -> Capture:
    """With a picture of noise, 60 x 40."""
    made = Capture(host, 1_000_000)
    asyncio.run(made.take(encode_png(NOISE), "a.png"))
    return made


def _sent(host: Host) -> np.ndarray:
    assert host.state.picture is not None
    with PillowImage.open(io.BytesIO(host.state.picture.data)) as opened:
        return np.asarray(opened.convert("RGB"))


def test_a_picture_is_checked_when_it_is_taken(host: Host, capture: Capture) -> None:
    assert host.state.picture is not None
    assert host.state.picture.concerns == ()
    asyncio.run(capture.take(encode_png(np.zeros_like(NOISE)), "night.png"))
    assert host.state.picture.concerns == ("blurry", "too_dark", "low_contrast")
    assert host.complaints == []
    assert not host.state.is_busy


def test_what_is_turned_and_cut_is_sent(host: Host, capture: Capture) -> None:
    asyncio.run(capture.begin_edit())
    assert host.state.editing is not None
    assert (host.state.editing.width_px, host.state.editing.height_px) == (60, 40)
    asyncio.run(capture.turn(1))
    assert (host.state.editing.width_px, host.state.editing.height_px) == (40, 60)
    capture.move_side("bottom", 0.5)
    assert host.state.editing.edit == Edit(1, bottom=0.5)
    asyncio.run(capture.use_edit())
    assert host.state.editing is None
    np.testing.assert_array_equal(_sent(host), np.rot90(NOISE, -1)[:30])


def test_the_edit_goes_on_where_it_was_left(host: Host, capture: Capture) -> None:
    asyncio.run(capture.begin_edit())
    capture.move_side("left", 0.5)
    asyncio.run(capture.use_edit())
    asyncio.run(capture.begin_edit())
    assert host.state.editing is not None
    assert host.state.editing.edit == Edit(left=0.5)
    assert host.state.editing.width_px == 60  # the whole picture is shown again
    asyncio.run(capture.reset_edit())
    assert host.state.editing.edit.is_none
    asyncio.run(capture.use_edit())
    np.testing.assert_array_equal(_sent(host), NOISE)


def test_an_edit_that_is_left_changes_nothing(host: Host, capture: Capture) -> None:
    before = host.state.picture
    asyncio.run(capture.begin_edit())
    asyncio.run(capture.turn(-1))
    asyncio.run(capture.leave_edit())
    assert host.state.editing is None
    assert host.state.picture is before


def test_an_edit_without_a_change_reads_nothing(host: Host, capture: Capture) -> None:
    before = host.state.picture
    asyncio.run(capture.begin_edit())
    asyncio.run(capture.use_edit())
    assert host.state.picture is before
    assert host.state.editing is None


def test_a_finger_moves_what_it_holds(host: Host, capture: Capture) -> None:
    asyncio.run(capture.begin_edit())
    capture.drag(0.5, 0.5)  # nothing is held yet
    assert host.state.editing is not None
    assert host.state.editing.edit.is_none
    capture.take_hold(0.0, 0.5, 300, 200)
    capture.drag(0.25, 0.9)
    assert host.state.editing.edit == Edit(left=0.25)
    n_drawn = host.n_drawn
    capture.drag(0.25, 0.7)
    assert host.n_drawn == n_drawn  # nothing new to draw
    asyncio.run(capture.turn(1))
    capture.drag(0.5, 0.5)  # a turn lets go
    assert host.state.editing.edit == Edit(1, top=0.25)


def test_a_small_part_is_warned_of(host: Host, capture: Capture) -> None:
    asyncio.run(capture.begin_edit())
    capture.move_side("right", 0.2)
    asyncio.run(capture.use_edit())
    assert host.state.picture is not None
    assert host.state.picture.concerns == ("too_small",)


def test_a_mirrored_photo_is_sent_as_the_world_is(host: Host, capture: Capture) -> None:
    mirrored = encode_png(np.ascontiguousarray(NOISE[:, ::-1]))
    asyncio.run(capture.take_photo(mirrored, is_mirrored=True))
    np.testing.assert_array_equal(_sent(host), NOISE)
    asyncio.run(capture.take_photo(mirrored, is_mirrored=False))
    np.testing.assert_array_equal(_sent(host), NOISE[:, ::-1])


def test_without_a_picture_there_is_nothing_to_edit(host: Host) -> None:
    capture = Capture(host, 1_000_000)
    for act in (capture.begin_edit, capture.reset_edit, capture.use_edit, capture.leave_edit):
        asyncio.run(act())
    asyncio.run(capture.turn(1))
    capture.move_side("left", 0.5)
    capture.take_hold(0.5, 0.5, 10, 10)
    assert host.state.editing is None
    assert host.state.picture is None


def test_the_packaged_app_sends_less(host: Host, capture: Capture) -> None:
    photo = np.repeat(np.repeat(NOISE, 8, axis=0), 8, axis=1)
    output = io.BytesIO()
    PillowImage.fromarray(photo).save(output, format="BMP")
    asyncio.run(capture.take(output.getvalue(), "a.bmp"))
    assert _sent(host).shape == (320, 480, 3)
    host.state.is_web = False
    asyncio.run(capture.take(output.getvalue(), "a.bmp"))
    assert _sent(host).shape == (128, 192, 3)
