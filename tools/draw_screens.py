"""Makes ``docs/screens/``: every screen of the app, in both languages, light and dark.

    python tools/draw_screens.py [NAME...]

Starts a server and a browser of its own and walks the whole path with a phantom as the image, then
the records of invented patients, so the pictures show nobody. ``NAME`` limits it to files whose
name begins so, ``ar-dark`` or ``en-light-5`` for instance. Needs Chromium and a model of the cancer
shown.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image as PillowImage

sys.path.insert(0, str(Path(__file__).parent))
from invent_records import Invented, invent_records
from walk_app import CHROMIUM, LANGUAGE_NAMES, Walker, run_chromium, run_server

from cancerapy.cancers import load_cancer
from cancerapy.phantoms import draw_phantom

TARGET = Path(__file__).parents[1] / "docs" / "screens"
CANCER, CLASS = "skin", "mel"
N_COLORS = 128
"""Enough for a flat design and its heat map; a quarter of the size of all colours."""

SETTLE_MS = 700
"""A screen is finished when nothing has changed for so long; animations move more often."""

MAX_LOOKS = 60

VARIANTS = [f"{language}-{theme}" for language in LANGUAGE_NAMES for theme in ("light", "dark")]


def draw_image(folder: Path) -> Path:
    """Draw the phantom that is judged; return its file."""
    pixels = draw_phantom(load_cancer(CANCER).phantom, seed=2, height=450, width=600, value=CLASS)
    PillowImage.fromarray(pixels).save(folder / "image.png")
    return folder / "image.png"


def walk(walker: Walker, image: Path, records: Invented) -> Iterator[str]:
    """Go through the app; yield the name of each screen while it is shown."""
    walker.open()
    yield "1-welcome"
    walker.consent()
    walker.find_cancer(CANCER)
    yield "2-home"
    walker.choose_cancer(CANCER)
    yield "3-patient"
    walker.answer_needed(CANCER)
    walker.go_to_capture()
    yield "4-capture"
    walker.choose_picture(image)
    walker.wait_for("button", "capture.analyse")
    yield "5-preview"
    walker.tap("crop.begin")
    walker.wait_for("button", "crop.use")
    walker.drag("crop.picture", (0.01, 0.01), (0.16, 0.13))
    yield "5-crop"
    walker.tap("cancel")
    walker.wait_for("button", "capture.analyse")
    walker.analyse()
    yield "6-result"
    walker.scroll_to("img", "result.heat")
    yield "7-heat-map"
    for place, screen in enumerate(("history", "learn", "settings"), start=8):
        walker.show(screen)
        yield f"{place}-{screen}"
    yield from walk_records(walker, records)


def walk_records(walker: Walker, records: Invented) -> Iterator[str]:
    """Open each screen of the records by its address; yield its name while it is shown."""
    for name, path, key in (
        ("11-records", "/records", "records.register"),
        ("12-register", "/register", "register.send"),
        ("13-record", f"/record/{records.patient}", "record.examine"),
        ("14-correct", f"/correct/{records.patient}", "correct.send"),
        ("15-examination", f"/examination/{records.examination}", "review.agree"),
    ):
        walker.load(path)
        walker.wait_for("button", key)
        yield name
    walker.scroll_to("button", "review.agree")
    yield "16-review"
    walker.load("/records/queue")
    walker.wait_for("button", "queue.order.disagreement")
    yield "17-queue"


def photograph(walker: Walker) -> bytes:
    """Return a picture of the window, PNG, when it has stopped changing."""
    before = b""
    for _ in range(MAX_LOOKS):
        walker.page.wait_for_timeout(SETTLE_MS)
        now = bytes(walker.page.screenshot())
        if now == before:
            break
        before = now
    return before


def shrink(picture: bytes) -> bytes:
    """Return a PNG with few colours, which a flat design does not miss."""
    with PillowImage.open(io.BytesIO(picture)) as full:
        few = full.convert("RGB").quantize(N_COLORS, dither=PillowImage.Dither.NONE)
    output = io.BytesIO()
    few.save(output, format="PNG", optimize=True)
    return output.getvalue()


def _fit(variant: str, name: str) -> bool:
    """Tell whether some files of a variant may begin with ``name``."""
    return variant.startswith(name) or name.startswith(variant)


def main(names: list[str]) -> None:
    """Write the pictures."""
    if CHROMIUM is None:
        sys.exit(
            "Chromium must be installed; it is not found. Install it: apt-get install chromium"
        )
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in VARIANTS if not names or any(_fit(one, name) for name in names)]
    with (
        tempfile.TemporaryDirectory() as folder,
        run_server(Path(folder), home=Path(folder) / "home") as address,
        run_chromium() as browser,
    ):
        image, records = draw_image(Path(folder)), invent_records(address)
        for variant in wanted:
            language, theme = variant.split("-")
            walker = Walker(browser, address, language=language, theme=theme)
            for screen in walk(walker, image, records):
                file = TARGET / f"{variant}-{screen}.png"
                if names and not file.name.startswith(tuple(names)):
                    continue
                file.write_bytes(shrink(photograph(walker)))
                sys.stdout.write(f"written: {file.name}\n")
            walker.close()


if __name__ == "__main__":
    main(sys.argv[1:])
