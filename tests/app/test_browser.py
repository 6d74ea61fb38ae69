"""The whole path in a real browser: from the first screen to a result with its heat map."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.server.example import write_example

CHROMIUM = shutil.which("chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get)")

LONG_MS = 90_000
"""Longest wait for a screen: a machine may have other work."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the package's own models, in a process of its own."""
    folder = tmp_path_factory.mktemp("server")
    process = subprocess.Popen(
        [sys.executable, "-m", "cancerapy", "serve", "--port", "0"],
        cwd=folder,
        env={**os.environ, "CANCERAPY_CACHE": str(folder / "cache")},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    found = re.search(r"http://[\d.:]+", process.stderr.readline())
    assert found is not None
    yield found.group()
    process.terminate()
    process.communicate(timeout=60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--enable-unsafe-swiftshader",
                "--disable-background-networking",
            ],
        )
        yield started
        started.close()


def _tap(page: Any, name: str) -> None:
    button = page.get_by_role("button", name=name).first
    button.wait_for(timeout=LONG_MS)
    button.dispatch_event("click")


@pytest.mark.parametrize("cancer_id", list_cancers()[-1:])
def test_from_welcome_to_a_result(
    address: str, browser: Any, tmp_path: Path, cancer_id: str
) -> None:
    cancer = load_cancer(cancer_id)
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="en")
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url))
    page.goto(address)
    placeholder = "flt-semantics-placeholder"
    page.wait_for_selector(placeholder, state="attached", timeout=LONG_MS)
    page.evaluate(f"document.querySelector('{placeholder}').click()")
    _tap(page, "I understand")
    _tap(page, cancer.title)
    _tap(page, "Continue to the image")
    choose = page.get_by_role("button", name="Choose image")
    choose.wait_for(timeout=LONG_MS)
    with page.expect_file_chooser(timeout=LONG_MS) as chooser:
        choose.click()
    chooser.value.set_files(write_example(cancer, tmp_path))
    _tap(page, "Analyse")
    page.get_by_role("button", name="Done").wait_for(timeout=LONG_MS)
    page.get_by_role("img", name="Heat map").wait_for(timeout=LONG_MS, state="attached")
    assert page.url == f"{address}/result"
    assert "Machine guess, not a diagnosis" in page.locator("flt-semantics-host").inner_text()
    hosts = {url.split("/")[2] for url in answered if url.startswith("http")}
    assert hosts == {address.removeprefix("http://")}
    page.close()
