"""Makes ``docs/screens/``: every screen of the app, in both languages, light and dark.

    python tools/draw_screens.py [NAME...]

Starts a server and a browser of its own and walks the whole path with a phantom as the image, then
the records of invented patients, then the accounts of invented people, so the pictures show nobody.
``NAME`` limits it to files whose name begins so, ``ar-dark`` or ``en-light-5`` for instance; a walk
none of whose screens is wanted is left out. Needs Chromium and a model of the cancer shown.
"""

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image as PillowImage

sys.path.insert(0, str(Path(__file__).parent))
from invent_accounts import SHOWN, invent_accounts, sign_in, sign_out
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


@dataclass(frozen=True, slots=True)
class Stage:
    """What the walks go past.

    Args:
        address: The server's address.
        image: File of the phantom that is judged.
        records: Where to look in the records.
    """

    address: str
    image: Path
    records: Invented


def walk_welcome(walker: Walker, stage: Stage) -> Iterator[str]:
    """Come for the first time; yield the name of each screen while it is shown."""
    walker.open()
    yield "1-welcome"
    walker.consent()
    walker.find_cancer(CANCER)  # by then it is known who asks


def walk_picture(walker: Walker, stage: Stage) -> Iterator[str]:
    """Have a picture judged; yield the name of each screen while it is shown."""
    walker.find_cancer(CANCER)
    yield "2-home"
    walker.choose_cancer(CANCER)
    yield "3-patient"
    walker.answer_needed(CANCER)
    walker.go_to_capture()
    yield "4-capture"
    walker.choose_picture(stage.image)
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


def walk_records(walker: Walker, stage: Stage) -> Iterator[str]:
    """Open each screen of the records by its address; yield its name while it is shown."""
    records = stage.records
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


def walk_administration(walker: Walker, stage: Stage) -> Iterator[str]:
    """Open the administrator's screens, then a person's own; yield each name while it is shown.

    What is tapped was looked at before: a tap while something is drawn anew is lost.
    """
    walker.load("/accounts")
    walker.wait_for("button", "accounts.add")
    yield "18-accounts"
    walker.find("button", SHOWN).dispatch_event("click")
    walker.wait_for("button", "account.change_role")
    yield "19-account"
    walker.load("/new-account")
    walker.wait_for("button", "new_account.send")
    yield "20-new-account"
    walker.load("/audit")
    walker.wait_for("button", "audit.check")
    yield "21-audit"
    walker.tap("audit.check")
    walker.wait_for("button", "copy")
    yield "22-audit-check"
    token = sign_in(stage.address)
    walker.load(f"/pair?token={token}")
    walker.show("settings")  # by now the token is kept
    walker.load("/password")
    walker.wait_for("button", "password.send")
    yield "23-password"
    sign_out(stage.address, token)
    walker.load("/accounts")  # asks the server
    walker.wait_for("button", "sign_in.send")
    yield "24-sign-in"


WALKS: tuple[tuple[range, Callable[[Walker, Stage], Iterator[str]]], ...] = (
    (range(1, 2), walk_welcome),
    (range(2, 11), walk_picture),
    (range(11, 18), walk_records),
    (range(18, 25), walk_administration),
)
"""Each walk with the numbers of the screens that it passes; the first opens the app for all."""


def walk(walker: Walker, stage: Stage, is_wanted: Callable[[range], bool]) -> Iterator[str]:
    """Go through the app; yield the name of each screen while it is shown.

    Args:
        walker: Who walks.
        stage: What is there.
        is_wanted: Whether any screen with one of some numbers is to be shown.
    """
    for place, (numbers, go) in enumerate(WALKS):
        if place == 0 or is_wanted(numbers):
            yield from go(walker, stage)


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


def _is_wanted(names: list[str], variant: str, numbers: range) -> bool:
    """Tell whether any of some screens of a variant is to be drawn."""
    begins = [f"{variant}-{number}-" for number in numbers]
    return not names or any(_fit(begin, name) for begin in begins for name in names)


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
        stage = Stage(address, draw_image(Path(folder)), invent_records(address))
        invent_accounts(address, stage.records.patient)
        for variant in wanted:
            language, theme = variant.split("-")
            walker = Walker(browser, address, language=language, theme=theme)
            for screen in walk(walker, stage, partial(_is_wanted, names, variant)):
                file = TARGET / f"{variant}-{screen}.png"
                if names and not file.name.startswith(tuple(names)):
                    continue
                file.write_bytes(shrink(photograph(walker)))
                sys.stdout.write(f"written: {file.name}\n")
            walker.close()


if __name__ == "__main__":
    main(sys.argv[1:])
