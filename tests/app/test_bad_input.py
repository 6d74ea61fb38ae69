"""Everything that goes wrong with an image: each with words of its own and a way on."""

import asyncio
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from cancerapy.app.capturing import Capture
from cancerapy.app.edit import encode_png
from cancerapy.app.scene import Scene
from cancerapy.app.state import LANGUAGES, AppState, Outcome, Problem
from cancerapy.app.strings import load_strings
from cancerapy.app.verdict import Likelihood, judge
from cancerapy.app.views.capture import build_capture
from cancerapy.app.views.result import build_result
from cancerapy.app.widgets.notices import problem_text
from cancerapy.contract import Prediction, Reason, Verdict
from cancerapy.errors import CanceRapyError

PIXELS = np.random.default_rng(4).integers(60, 200, (48, 64, 3), dtype=np.uint8)


def _file(kind: str, **options: Any) -> bytes:
    output = io.BytesIO()
    PillowImage.fromarray(PIXELS).save(output, format=kind, **options)
    return output.getvalue()


def _heic() -> bytes:
    import pillow_heif

    output = io.BytesIO()
    pillow_heif.from_pillow(PillowImage.fromarray(PIXELS)).save(output)
    return output.getvalue()


def _several(kind: str) -> bytes:
    other = PillowImage.fromarray(np.ascontiguousarray(PIXELS[::-1]))
    return _file(kind, save_all=True, append_images=[other])


def _huge_header() -> bytes:
    output = io.BytesIO()
    PillowImage.new("1", (9000, 9000)).save(output, format="PNG")
    return output.getvalue()


def _screenshot() -> bytes:
    picture = PillowImage.new("RGB", (900, 600), "white")
    for row in range(20):
        picture.paste((60, 60, 60), (60, 30 + 25 * row, 700 - 20 * row, 40 + 25 * row))
    picture.paste((30, 90, 200), (0, 0, 900, 20))
    return encode_png(np.asarray(picture))


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "image_empty"),
    "a PDF": (lambda: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "image_unsupported"),
    "text called .jpg": (lambda: b"Dear doctor, the image is", "image_unsupported"),
    "half a JPEG": (lambda: _file("JPEG")[:700], "image_corrupt"),
    "an animation": (lambda: _several("GIF"), "image_multi_frame"),
    "two pages": (lambda: _several("TIFF"), "image_multi_frame"),
    "a bomb": (_huge_header, "image_too_many_pixels"),
    "too many bytes": (lambda: _file("BMP") + bytes(2_000_000), "image_too_large"),
}

READ = {
    "a GIF that stands still": lambda: _file("GIF"),
    "HEIC": _heic,
    "WebP": lambda: _file("WEBP"),
    "a screenshot": _screenshot,
}

PROBLEMS = [code for code, _ in {code: 0 for _, code in REFUSED.values()}.items()] + [
    "image_no_decoder", "image_no_pixels", "image_too_small", "camera_missing", "camera_refused",
]  # fmt: skip


class Host:
    """A state that complains as the controller does."""

    def __init__(self, state: AppState) -> None:
        self.state = state

    def redraw(self) -> None:
        """Draw nothing."""

    def complain(self, error: CanceRapyError) -> None:
        """Keep what went wrong."""
        self.state.problem = Problem(error.code, error.message)


@pytest.fixture
def capture(state: AppState) -> Capture:
    """A server that takes a megabyte."""
    assert state.about is not None
    state.about = replace(state.about, max_upload_bytes=1_000_000)
    return Capture(Host(state), 1_000_000)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_judged_is_refused_and_the_earlier_picture_stays(
    capture: Capture, state: AppState, name: str
) -> None:
    make, code = REFUSED[name]
    before = state.picture
    asyncio.run(capture.take(make(), "holiday.jpg"))
    assert state.problem is not None
    assert state.problem.code == code
    assert state.picture is before
    assert not state.is_busy


@pytest.mark.parametrize("name", READ)
def test_what_is_unusual_is_read(capture: Capture, state: AppState, name: str) -> None:
    data = READ[name]()
    asyncio.run(capture.take(data, "a"))
    assert state.problem is None
    assert state.picture is not None
    assert state.picture.data is data


def test_a_dicom_file_without_a_picture(
    capture: Capture, state: AppState, make_dicom: Callable[..., bytes]
) -> None:
    whole = make_dicom(PIXELS[:, :, 0])
    start = whole.rindex(b"\xe0\x7f\x10\x00")
    asyncio.run(capture.take(whole[:start], "report.dcm"))
    assert state.problem is not None
    assert state.problem.code == "image_no_pixels"


def test_a_dicom_file_of_another_modality_is_warned_of(
    capture: Capture, state: AppState, make_dicom: Callable[..., bytes]
) -> None:
    assert state.task is not None
    state.task = replace(state.task, modality="mammography")
    asyncio.run(capture.take(make_dicom(PIXELS[:, :, 0], Modality="CT"), "chest.dcm"))
    assert state.picture is not None
    assert state.picture.concerns is not None
    assert state.picture.concerns[0] == "wrong_modality"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_words_of_its_own_and_a_way_on(scene: Scene, language: str) -> None:
    texts = set()
    for code in PROBLEMS:
        scene.state.problem, scene.state.picture = Problem(code, "untranslated"), None
        said = problem_text(replace(scene, say=load_strings(language)), Problem(code, "own words"))
        assert said != "own words", code
        texts.add(said)
        drawn = build_capture(replace(scene, say=load_strings(language)))
        for button in ("pick", "camera"):  # another image, another try
            assert _has(drawn, button), code
    assert len(texts) == len(PROBLEMS)


@pytest.mark.parametrize(
    ("code", "is_offered"),
    [("server_down", True), ("image_corrupt", False), ("camera_refused", False)],
)
@pytest.mark.parametrize("width_px", [390, 1280])
def test_sending_again_is_offered_where_it_can_help(
    scene: Scene, code: str, width_px: float, is_offered: bool
) -> None:
    scene.state.problem, scene.state.width_px = Problem(code), width_px
    drawn = build_capture(scene)
    assert _has(drawn, "problem")
    assert _has(drawn, "retry") == is_offered


@pytest.mark.parametrize("code", ["unfamiliar", "wrong_colour", "wrong_modality"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cat_is_not_judged_and_the_reason_is_said(
    scene: Scene, outcome: Outcome, prediction: Prediction, language: str, code: str
) -> None:
    refused = replace(prediction, verdict=Verdict.REJECTED, reasons=(Reason(code, "own words"),))
    scene.state.outcome = replace(outcome, prediction=refused)
    say = load_strings(language)
    drawn = build_result(replace(scene, say=say))
    assert judge(scene.state.outcome).likelihood is Likelihood.REJECTED
    assert say(f"reason.{code}") in str(drawn)
    assert "own words" not in str(drawn)
    assert _has(drawn, "again")


def _has(drawn: Any, key: str) -> bool:
    return f"key='{key}'" in str(drawn)
