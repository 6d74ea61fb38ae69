"""The whole path in a real browser: from the first screen to a result with its heat map."""

import io
import itertools
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageDraw
from pypdf import PdfReader

from cancerapy.app.state import LANGUAGES
from cancerapy.app.strings import load_strings
from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.server.example import write_example

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "walk_app.py"))

pytestmark = pytest.mark.skipif(
    TOOL["CHROMIUM"] is None, reason="chromium is not installed (apt-get)"
)

QUICK = {
    (cancer, LANGUAGES[place % len(LANGUAGES)], "phone")
    for place, cancer in enumerate(list_cancers())
}
"""The paths of ``make test``: one per cancer, the languages in turn."""

PATHS = [
    pytest.param(*path, marks=() if path in QUICK else pytest.mark.slow)
    for path in itertools.product(list_cancers(), LANGUAGES, TOOL["SIZES"])
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the package's own models, in a process of its own."""
    with TOOL["run_server"](tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    with TOOL["run_chromium"]() as started:
        yield started


@pytest.mark.parametrize(("cancer_id", "language", "size"), PATHS)
def test_from_welcome_to_a_result(
    address: str, browser: Any, tmp_path: Path, cancer_id: str, language: str, size: str
) -> None:
    walker, say = TOOL["Walker"](browser, address, language=language, size=size), load_strings
    walker.open()
    walker.consent()
    walker.choose_cancer(cancer_id)
    walker.go_to_capture()
    walker.choose_picture(write_example(load_cancer(cancer_id), tmp_path))
    walker.analyse()
    walker.wait_for("img", "result.heat")
    assert walker.page.url == f"{address}/result"
    assert say(language)("statement") in walker.text()
    assert walker.answering_hosts == {address.removeprefix("http://")}
    walker.close()


@pytest.mark.slow
def test_pairing_brings_the_token_and_results_can_be_saved(browser: Any, tmp_path: Path) -> None:
    token = "sesame &+/="  # has to survive the address
    with TOOL["run_server"](tmp_path, token=token) as address:
        walker, say = TOOL["Walker"](browser, address, token=token), load_strings("en")
        walker.open(f"/pair?{urlencode({'token': token})}")
        walker.consent()
        walker.find_cancer("colorectal")
        assert walker.page.url == f"{address}/home"
        walker.load()
        walker.choose_cancer("colorectal")
        walker.go_to_capture()
        walker.choose_picture(write_example(load_cancer("colorectal"), tmp_path))
        walker.analyse()
        name = walker.save("pdf.save", tmp_path / "result.pdf")
        assert re.fullmatch(r"cancerapy-\d{4}-\d\d-\d\d\.pdf", name)
        text = "".join(page.extract_text() for page in PdfReader(tmp_path / "result.pdf").pages)
        assert say("pdf.model") in text
        walker.find("button", say.count("days", 30)).dispatch_event("click")
        name = walker.save("reminder.save", tmp_path / "reminder.ics")
        assert re.fullmatch(r"cancerapy-\d{4}-\d\d-\d\d\.ics", name)
        lines = (tmp_path / "reminder.ics").read_bytes().split(b"\r\n")
        assert lines[0] == b"BEGIN:VCALENDAR"
        assert b"SUMMARY:CanceRapy: time for another look" in lines
        walker.close()


SKIN_TAKES_IT = pytest.mark.xfail(
    reason="skin-4 takes a drawn screenshot for a mole (98 %): its limits let it through",
    strict=True,
)


def _draw_cat(folder: Path) -> Path:
    """Draw a ginger cat's face on a meadow, far from every modality."""
    picture = PillowImage.new("RGB", (640, 480), (90, 170, 70))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 640, 160), fill=(120, 180, 240))
    for left in (180, 370):
        draw.polygon([(left, 190), (left + 45, 60), (left + 95, 190)], fill=(210, 120, 30))
    draw.ellipse((170, 120, 470, 400), fill=(230, 140, 40))
    for left in (240, 350):
        draw.ellipse((left, 210, left + 50, 260), fill=(250, 250, 120))
        draw.ellipse((left + 20, 212, left + 30, 258), fill=(0, 0, 0))
    draw.polygon([(305, 290), (335, 290), (320, 310)], fill=(240, 110, 130))
    for y in (300, 320, 340):
        draw.line((60, y - 20, 260, y), fill=(255, 255, 255), width=3)
        draw.line((380, y, 580, y - 20), fill=(255, 255, 255), width=3)
    picture.save(folder / "cat.png")
    return folder / "cat.png"


def _draw_screenshot(folder: Path) -> Path:
    """Draw a window with coloured bars and lines of text on white."""
    picture = PillowImage.new("RGB", (900, 600), (255, 255, 255))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 900, 60), fill=(30, 90, 200))
    draw.rectangle((0, 60, 180, 600), fill=(235, 238, 245))
    for row in range(20):
        length = int(np.random.default_rng(row).integers(200, 640))
        draw.rectangle((210, 90 + 25 * row, 210 + length, 100 + 25 * row), fill=(60, 60, 60))
    picture.save(folder / "screenshot.png")
    return folder / "screenshot.png"


OTHER_PICTURES = [
    pytest.param(
        cancer,
        draw,
        marks=[
            *([] if (cancer, draw) == (list_cancers()[1], _draw_cat) else [pytest.mark.slow]),
            *([SKIN_TAKES_IT] if (cancer, draw) == ("skin", _draw_screenshot) else []),
        ],
    )
    for cancer in list_cancers()
    for draw in (_draw_cat, _draw_screenshot)
]


@pytest.mark.parametrize(("cancer_id", "draw"), OTHER_PICTURES)
def test_a_picture_of_something_else_is_not_judged(
    address: str, browser: Any, tmp_path: Path, cancer_id: str, draw: Any
) -> None:
    walker, say = TOOL["Walker"](browser, address), load_strings("en")
    walker.open()
    walker.consent()
    walker.choose_cancer(cancer_id)
    walker.answer_needed(cancer_id)
    walker.go_to_capture()
    walker.choose_picture(draw(tmp_path))
    walker.analyse()
    text = walker.text()
    assert say("verdict.rejected") in text
    assert say("reason.unfamiliar") in text
    walker.close()


def test_a_document_is_refused_with_the_reason(address: str, browser: Any, tmp_path: Path) -> None:
    (tmp_path / "letter.jpg").write_bytes(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
    walker, say = TOOL["Walker"](browser, address), load_strings("en")
    walker.open()
    walker.consent()
    walker.choose_cancer("breast")
    walker.go_to_capture()
    walker.choose_picture(tmp_path / "letter.jpg")
    reason = walker.page.get_by_text(say("problem.image_unsupported")).first
    reason.wait_for(timeout=TOOL["LONG_MS"], state="attached")
    assert walker.page.get_by_role("button", name=say("capture.analyse")).count() == 0
    walker.close()


def _go_to_capture(browser: Any, address: str, *, language: str = "en") -> Any:
    """Return a walker on the capture screen of the skin's cancer."""
    walker = TOOL["Walker"](browser, address, language=language)
    walker.open()
    walker.consent()
    walker.choose_cancer("skin")
    walker.go_to_capture()
    return walker


@pytest.mark.slow
@pytest.mark.parametrize(
    ("camera", "code"), [("NO_CAMERA", "camera_missing"), ("REFUSED_CAMERA", "camera_refused")]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_camera_the_reason_is_said_and_a_file_can_be_chosen(
    address: str, browser: Any, language: str, camera: str, code: str
) -> None:
    own = TOOL["launch"](browser.browser_type, *TOOL[camera])
    walker = _go_to_capture(own, address, language=language)
    walker.tap("capture.camera")
    text = walker.page.get_by_text(load_strings(language)(f"problem.{code}")).first
    text.wait_for(timeout=TOOL["LONG_MS"], state="attached")
    walker.wait_for("button", "capture.pick")
    own.close()


def _side_colours(walker: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the colours at a third from the left and right of the preview."""
    box = walker.find("img", load_strings("en")("capture.preview")).bounding_box()
    with PillowImage.open(io.BytesIO(walker.page.screenshot())) as shot:
        rgb = shot.convert("RGB")
        y = int(box["y"] + box["height"] / 2)
        left, right = (int(box["x"] + box["width"] * share) for share in (1 / 3, 2 / 3))
        return rgb.getpixel((left, y)), rgb.getpixel((right, y))


@pytest.mark.slow
def test_a_photo_is_not_mirrored(address: str, browser: Any, tmp_path: Path) -> None:
    """The camera sees red at the left and blue at the right."""
    scene = PillowImage.new("RGB", (640, 480), (220, 30, 30))
    scene.paste((30, 30, 220), (320, 0, 640, 480))
    output = io.BytesIO()
    scene.save(output, format="JPEG")
    (tmp_path / "scene.mjpeg").write_bytes(output.getvalue() * 3)
    film = f"--use-file-for-fake-video-capture={tmp_path / 'scene.mjpeg'}"
    own = TOOL["launch"](browser.browser_type, *TOOL["TEST_CAMERA"], film)
    walker = _go_to_capture(own, address)
    walker.take_photo()
    walker.page.wait_for_timeout(3_000)  # until the preview is drawn
    left, right = _side_colours(walker)
    assert left[0] > 180 > 80 > left[2]
    assert right[2] > 180 > 80 > right[0]
    own.close()


@pytest.mark.slow
def test_a_picture_is_cropped_by_mouse_and_keyboard(
    address: str, browser: Any, tmp_path: Path
) -> None:
    walker, say = _go_to_capture(browser, address), load_strings("en")
    example = write_example(load_cancer("skin"), tmp_path)
    walker.choose_picture(example)
    with PillowImage.open(example) as chosen:
        width_px, height_px = chosen.size
    walker.tap("crop.begin")
    walker.wait_for("button", "crop.use")
    walker.drag("crop.picture", (0.01, 0.5), (0.51, 0.5))
    # Flutter puts a control's merged name around its element, and follows Tab, not a bare focus.
    named = walker.page.locator(f"[aria-label^='{say('crop.cut.bottom')}']")
    for _ in range(30):
        walker.page.keyboard.press("Tab")
        walker.page.wait_for_timeout(500)
        if named.locator("input:focus").count():
            break
    for _ in range(5):
        walker.page.keyboard.press("ArrowRight")
        walker.page.wait_for_timeout(1_500)
    walker.tap("crop.use")
    walker.wait_for("button", "capture.analyse")
    shown = re.search(r"(\d+) x (\d+) pixels", walker.text())
    assert shown is not None
    assert 0.4 < int(shown[1]) / width_px < 0.6  # a drag is known as one a little after it began
    assert int(shown[2]) == round(0.95 * height_px)
    walker.analyse()
    walker.close()
