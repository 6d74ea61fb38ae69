"""Walks through the app in a real browser, as a person does: for tests and for screenshots.

Flutter draws on a canvas; what a screen reader would be told is the only thing in the page that
can be found by role and name, so it is switched on first.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cancerapy.app.strings import load_strings
from cancerapy.app.widgets.choices import LANGUAGE_NAMES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
"""The system's Chromium; Playwright's own is not fetched."""

SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
"""Width and height of the window in pixels."""

LONG_MS = 90_000
"""Longest wait for a screen: a machine may have other work."""

PHOTO_TRIES, PHOTO_WAIT_MS = 20, 3_000
DRAG_STEPS, DRAG_WAIT_MS = 10, 100
AFTER_DRAG_MS = 2000

PLACEHOLDER = "flt-semantics-placeholder"
OPTIONS = ("--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking")
TEST_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
NO_CAMERA = ("--use-fake-ui-for-media-stream",)
REFUSED_CAMERA = ("--use-fake-device-for-media-stream", "--deny-permission-prompts")
"""What the browser has: a camera with a test picture, none, or one that may not be used."""


@contextmanager
def run_server(
    folder: Path, *options: str, token: str = "", home: Path | None = None
) -> Iterator[str]:
    """Start ``cancerapy serve`` with the package's own models; yield its address.

    Args:
        folder: Where it runs and keeps its cache.
        options: Further options of the command; the last ``--port`` counts.
        token: What every request has to bring; nothing if empty.
        home: Where the records lie; by default where the settings say.
    """
    own = {"CANCERAPY_CACHE": str(folder / "cache"), "CANCERAPY_TOKEN": token}
    own |= {"CANCERAPY_HOME": str(home)} if home else {}
    process = subprocess.Popen(  # noqa: S603 (the callers' own options)
        [sys.executable, "-m", "cancerapy", "serve", "--port", "0", *options],
        cwd=folder,
        env={**os.environ, **own},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stderr.readline() if process.stderr else ""
        found = re.search(r"https?://[\d.:]+", line)
        if found is None:
            raise RuntimeError(f"the server must start; it says: {line}")
        yield found.group()
    finally:
        process.terminate()
        process.communicate(timeout=60)


@contextmanager
def run_chromium() -> Iterator[Any]:
    """Start Chromium without a window and with a camera that shows a test picture."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = launch(driver.chromium, *TEST_CAMERA)
        yield browser
        browser.close()


def launch(kind: Any, *camera: str) -> Any:
    """Start Chromium without a window.

    Args:
        kind: Playwright's kind of browser, as a browser that runs has it too.
        camera: Options about the camera.
    """
    return kind.launch(executable_path=CHROMIUM, args=[*OPTIONS, *camera])


class Walker:
    """A person in front of the app.

    Args:
        browser: Playwright's browser.
        address: The server's address.
        language: Which one the person chooses on the first screen.
        size: A name of ``SIZES``.
        theme: ``"light"`` or ``"dark"``, as the device has it.
        token: The server's token, for the walker's own questions.
    """

    def __init__(
        self,
        browser: Any,
        address: str,
        *,
        language: str = "en",
        size: str = "phone",
        theme: str = "light",
        token: str = "",
    ) -> None:
        width, height = SIZES[size]
        self.page = browser.new_page(
            viewport={"width": width, "height": height}, locale="en", color_scheme=theme
        )
        self.answering_hosts: set[str] = set()
        self.page.on("response", self._note)
        self._address, self._language = address, language
        self._say = load_strings(language)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"{address}/api/v1/tasks", headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            tasks = json.loads(answer.read())["tasks"]
        self._tasks = {task["cancer"]: task for task in tasks if task["main"]}

    def open(self, path: str = "") -> None:
        """Go to the first screen and choose the language there.

        Args:
            path: Address below the server's.
        """
        self.load(path)
        if self._language != "en":
            self.find("button", LANGUAGE_NAMES[self._language]).click()
        self.find("button", self._say("welcome.consent"))

    def load(self, path: str = "") -> None:
        """Load the app anew, as a person does who comes back."""
        self.page.goto(f"{self._address}{path}")
        self.page.wait_for_selector(PLACEHOLDER, state="attached", timeout=LONG_MS)
        self.page.evaluate(f"document.querySelector('{PLACEHOLDER}').click()")

    def save(self, key: str, path: Path) -> str:
        """Tap a button that saves a file; keep the file at ``path`` and return its name."""
        with self.page.expect_download(timeout=LONG_MS) as download:
            self.tap(key)
        download.value.save_as(path)
        return str(download.value.suggested_filename)

    def consent(self) -> None:
        """Leave the first screen."""
        self.tap("welcome.consent")

    def choose_cancer(self, cancer: str) -> None:
        """Choose a cancer on the home screen and wait for its questions."""
        self.find_cancer(cancer).dispatch_event("click")
        self.find("button", self._say("patient.next"))

    def find_cancer(self, cancer: str) -> Any:
        """Return a cancer's card on the home screen when it is there."""
        task = self._tasks[cancer]
        return self.find("button", self._translate(task, task["cancer_title"]))

    def answer_needed(self, cancer: str) -> None:
        """Answer the questions without which no result is plain."""
        yes_or_no = [one for one in self._tasks[cancer]["questions"] if one["kind"] == "yes_no"]
        for place, question in enumerate(yes_or_no):
            if question["needed"]:
                name = self._say(f"answer.{question['needed']}")
                self.page.get_by_role("button", name=name, exact=True).nth(place).click()

    def go_to_capture(self) -> None:
        """Leave the questions."""
        self.tap("patient.next")
        self.find("button", self._say("capture.pick"))

    def choose_picture(self, picture: Path) -> None:
        """Choose a file on the capture screen."""
        choose = self.find("button", self._say("capture.pick"))
        with self.page.expect_file_chooser(timeout=LONG_MS) as chooser:
            choose.click()
        chooser.value.set_files(picture)

    def take_photo(self) -> None:
        """Take a photo with the camera and wait until it is shown."""
        self.tap("capture.camera")
        shown = self.page.get_by_role("button", name=self._say("capture.analyse")).first
        for _ in range(PHOTO_TRIES):  # the shutter does nothing until the camera is open
            self.tap("capture.shutter")
            self.page.wait_for_timeout(PHOTO_WAIT_MS)
            if shown.count():
                return
        raise TimeoutError("a photo must be taken; the camera does not open")

    def drag(self, key: str, start: tuple[float, float], stop: tuple[float, float]) -> None:
        """Drag over a picture as a mouse does, slowly.

        Args:
            key: Key of the picture's text.
            start: Where the button goes down, in shares of its width and height.
            stop: Where it comes up.
        """
        box, mouse = self.find("img", self._say(key)).bounding_box(), self.page.mouse
        for step in range(DRAG_STEPS + 1):
            share = step / DRAG_STEPS
            x, y = (a + (b - a) * share for a, b in zip(start, stop, strict=True))
            mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
            if step == 0:
                mouse.down()
            self.page.wait_for_timeout(DRAG_WAIT_MS)
        mouse.up()
        # The last move is drawn a moment later; what is tapped meanwhile is drawn anew and lost.
        self.page.wait_for_timeout(AFTER_DRAG_MS)

    def analyse(self) -> None:
        """Send the picture and wait for the result."""
        self.tap("capture.analyse")
        self.find("button", self._say("result.done"))

    def show(self, screen: str) -> None:
        """Choose an entry of the navigation."""
        # A whole word: in Arabic one entry's name is the beginning of another's.
        name = re.compile(rf"^{re.escape(self._say(f'nav.{screen}'))}(\s|$)")
        self.find("tab", name).dispatch_event("click")
        self.page.wait_for_url(f"**/{screen}", timeout=LONG_MS)

    def tap(self, key: str) -> None:
        """Tap the button with the text of ``key``."""
        self._tap_name(self._say(key))

    def wait_for(self, role: str, key: str) -> None:
        """Wait until the page tells of something with the text of ``key``."""
        self.find(role, self._say(key))

    def scroll_to(self, role: str, key: str) -> None:
        """Scroll until the middle of an element is in the upper half of the window."""
        found, page = self.find(role, self._say(key)), self.page
        width_px, height_px = page.viewport_size["width"], page.viewport_size["height"]
        page.mouse.move(width_px // 2, height_px // 2)
        for _ in range(20):
            box = found.bounding_box()
            if box is None or box["y"] + box["height"] / 2 < height_px / 2:
                return
            page.mouse.wheel(0, 200)
            page.wait_for_timeout(300)

    def find(self, role: str, name: str | re.Pattern[str]) -> Any:
        """Return the first element of a role and name when it is there."""
        found = self.page.get_by_role(role, name=name).first
        found.wait_for(timeout=LONG_MS, state="attached")
        return found

    def text(self) -> str:
        """Return all that a screen reader is told."""
        return str(self.page.locator("flt-semantics-host").inner_text())

    def close(self) -> None:
        """Close the window."""
        self.page.close()

    def _tap_name(self, name: str) -> None:
        self.find("button", name).dispatch_event("click")

    def _translate(self, task: dict[str, Any], text: str) -> str:
        return str(task["translations"].get(self._language, {}).get(text, text))

    def _note(self, response: Any) -> None:
        if response.url.startswith(("http", "ws")):
            self.answering_hosts.add(response.url.split("/")[2])
