"""The screen on which a picture is cropped, and what is said about a picture below its preview."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from cancerapy.app.edit import Edit
from cancerapy.app.scene import Scene
from cancerapy.app.state import LANGUAGES, Editing, Picture
from cancerapy.app.strings import load_strings
from cancerapy.app.views.capture import build_capture
from cancerapy.app.views.frame import build_frame

CODES = (
    "too_small", "few_pixels", "wrong_modality", "blurry", "too_dark", "too_bright",
    "low_contrast", "wrong_colour",
)  # fmt: skip


@pytest.fixture
def cropping(scene: Scene) -> Scene:
    """A picture of 600 x 400 with a quarter cut off at its left."""
    scene.state.editing = Editing(Edit(left=0.25), b"preview", 600, 400)
    return scene


@pytest.mark.parametrize(("width_px", "shown"), [(390, (358, 239)), (1280, (508, 339))])
def test_the_frame_lies_where_the_edit_says(
    cropping: Scene, width_px: float, shown: tuple[float, float], look: Any
) -> None:
    cropping.state.width_px = width_px
    drawn = build_capture(cropping)
    stack = look.by_key(drawn, "crop-surface").content
    assert (stack.width, stack.height) == shown
    frame = look.by_key(drawn, "crop-frame")
    assert (frame.left, frame.top) == (shown[0] / 4, 0)
    assert (frame.width, frame.height) == (shown[0] * 3 / 4, shown[1])


def test_a_tall_picture_leaves_room_for_the_rest(cropping: Scene, look: Any) -> None:
    cropping.state.editing = Editing(Edit(), b"preview", 400, 1200)
    stack = look.by_key(build_capture(cropping), "crop-surface").content
    assert (stack.width, stack.height) == (120, 360)


def test_a_drag_is_told_in_shares_of_the_picture(cropping: Scene, idle: Any, look: Any) -> None:
    surface = look.by_key(build_capture(cropping), "crop-surface")
    at = SimpleNamespace(local_position=SimpleNamespace(x=179, y=239))
    for begun in (surface.on_horizontal_drag_start, surface.on_vertical_drag_start):
        begun(at)
    for moved in (surface.on_horizontal_drag_update, surface.on_vertical_drag_update):
        moved(at)
    assert idle.called == [("take_hold", (0.5, 1.0, 358, 239))] * 2 + [("drag", (0.5, 1.0))] * 2


@pytest.mark.parametrize(
    ("side", "cut", "place"),
    [("left", 25, 0.3), ("top", 0, 0.3), ("right", 0, 0.7), ("bottom", 0, 0.7)],
)
def test_every_side_has_a_slider_that_says_how_much_is_cut_off(
    cropping: Scene, idle: Any, side: str, cut: float, place: float, look: Any
) -> None:
    slider = look.by_key(build_capture(cropping), f"crop-{side}")
    assert slider.value == pytest.approx(cut)
    slider.on_change(SimpleNamespace(control=SimpleNamespace(value=30)))
    assert idle.called == [("move_side", (side, pytest.approx(place)))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_crop_screen_draws_and_starts_at_its_top(
    cropping: Scene, language: str, look: Any
) -> None:
    cropping = replace(cropping, say=load_strings(language))
    cropping.state.screen = type(cropping.state.screen).CAPTURE
    drawn = build_frame(cropping)
    keys = look.keys(drawn)
    assert {"turn-left", "turn-right", "crop-reset", "crop-use", "crop-leave"} <= set(keys)
    assert "analyse" not in keys
    assert "screen-capture-crop" in keys
    assert cropping.say("crop.hint") in look.words(drawn)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_a_concern_is_said_with_what_to_do_and_stops_nobody(
    scene: Scene, language: str, code: str, look: Any
) -> None:
    assert scene.state.picture is not None
    scene.state.picture = replace(scene.state.picture, concerns=(code,))
    drawn = build_capture(replace(scene, say=load_strings(language)))
    words = look.words(look.by_key(drawn, "check"))
    texts = {load_strings(language)(f"check.{one}") for one in CODES}
    assert load_strings(language)(f"check.{code}") in words
    assert len(texts) == len(CODES)
    assert load_strings(language)("check.may_go_on") in words
    assert not look.by_key(drawn, "analyse").disabled


def test_a_good_picture_is_said_to_be_one(scene: Scene, look: Any) -> None:
    assert scene.state.picture is not None
    scene.state.picture = replace(scene.state.picture, concerns=())
    words = look.words(look.by_key(build_capture(scene), "check"))
    assert words == scene.say("check.fine")
    scene.state.picture = replace(scene.state.picture, concerns=None)
    assert "check" not in look.keys(build_capture(scene))


@pytest.mark.parametrize(("kind", "is_offered"), [("JPEG", True), ("DICOM", False), ("", False)])
def test_only_what_can_be_cropped_is_offered_to_be(
    scene: Scene, kind: str, is_offered: bool, look: Any
) -> None:
    scene.state.picture = Picture(b"data", b"preview", 48, 32, "a", format=kind)
    drawn = build_capture(scene)
    assert ("crop" in look.keys(drawn)) == is_offered
    assert (scene.say("crop.not_dicom") in look.words(drawn)) != is_offered


def test_a_picture_that_was_made_smaller_says_so(scene: Scene, look: Any) -> None:
    assert scene.state.picture is not None
    assert "48 x 32 pixels." in look.words(build_capture(scene))
    scene.state.picture = replace(scene.state.picture, is_smaller=True)
    assert "Made smaller on this device" in look.words(build_capture(scene))
