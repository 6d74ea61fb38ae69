"""An administrator's path in a real browser: sign in, add an account, close it, check the log."""

import json
import os
import re
import runpy
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cancerapy.app.strings import load_strings

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

TOOL = runpy.run_path(str(Path(__file__).parents[3] / "tools" / "walk_app.py"))
GOOD, OTHER = "seven green umbrellas", "three quiet elephants"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(TOOL["CHROMIUM"] is None, reason="chromium is not installed (apt-get)"),
]


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that asks everybody to sign in, with one administrator."""
    monkeypatch.setenv("CANCERAPY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CANCERAPY_SIGN_IN", "true")
    add = [sys.executable, "-m", "cancerapy", "people", "add", "jane", "--role", "administrator"]
    subprocess.run(add, input=f"{GOOD}\n", text=True, check=True, env={**os.environ})
    with TOOL["run_server"](tmp_path) as started:
        yield started


def _sign_in(address: str, name: str, password: str) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"{address}/api/v1/sign-in",
        data=json.dumps({"name": name, "password": password}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def _end_other_sign_ins(address: str) -> None:
    """End every sign-in of jane's but a new one."""
    token = _sign_in(address, "jane", GOOD)[1]["token"]
    headers = {"Authorization": f"Bearer {token}"}
    ask = f"{address}/api/v1/accounts"
    with urllib.request.urlopen(urllib.request.Request(ask, headers=headers), timeout=60) as answer:
        (jane,) = json.loads(answer.read())["items"]
    end = urllib.request.Request(f"{ask}/{jane['id']}/tokens", headers=headers, method="DELETE")
    with urllib.request.urlopen(end, timeout=60) as answer:
        assert json.loads(answer.read())["n_ended"] >= 1


def _type(walker: Any, key: str, text: str) -> None:
    walker.find("textbox", load_strings("en")(key)).focus()
    walker.page.wait_for_timeout(1_500)  # the first key is lost on a field that is not ready
    walker.page.keyboard.type(text, delay=30)


def _shown(walker: Any, key: str) -> None:
    """Wait until the screen says the text of ``key``, as text or as the label of a region."""
    said, page = load_strings("en")(key), walker.page
    found = page.get_by_text(said).or_(page.locator(f'[aria-label*="{said}"]')).first
    found.wait_for(timeout=TOOL["LONG_MS"], state="attached")


def _labels(walker: Any) -> str:
    """Return what a screen reader is told of regions, whose words are no text of the page."""
    walker.page.wait_for_timeout(2_000)
    collect = "all => all.map(one => one.getAttribute('aria-label')).join(' ')"
    return str(walker.page.locator("[aria-label]").evaluate_all(collect))


def _open_signed_in(browser: Any, address: str) -> Any:
    """Return a walker whom the app knows as jane, on the first screen."""
    token = _sign_in(address, "jane", GOOD)[1]["token"]
    walker = TOOL["Walker"](browser, address, token=token)
    walker.open()
    walker.consent()
    _type(walker, "sign_in.name", "jane")
    _type(walker, "sign_in.password", GOOD)
    walker.tap("sign_in.send")
    _shown(walker, "home.title")
    return walker


def test_an_account_is_added_closed_and_found_in_the_log(address: str) -> None:
    with TOOL["run_chromium"]() as browser:
        walker = _open_signed_in(browser, address)
        walker.show("settings")
        walker.tap("accounts.title")
        walker.find("button", "jane")
        walker.tap("accounts.add")
        _type(walker, "new_account.name", "Omar")
        walker.page.wait_for_timeout(1_500)
        walker.tap("new_account.send")
        _shown(walker, "account.given")
        (password,) = re.findall(r"\b(?:[a-z2-9]{5}-){3}[a-z2-9]{5}\b", _labels(walker))
        status, answer = _sign_in(address, "omar", password)
        assert (status, answer["account"]["roles"]) == (200, ["clinician"])
        walker.tap("account.close")
        _shown(walker, "account.is_closed")
        assert _sign_in(address, "omar", password)[0] == 401
        walker.show("settings")
        walker.tap("audit.title")
        walker.find("button", load_strings("en")("audit.action.account.disable"))
        walker.find("button", load_strings("en")("audit.action.account.add"))
        walker.tap("audit.check")
        _shown(walker, "audit.whole")


def test_a_sign_in_that_ends_leads_back_to_what_was_typed(address: str) -> None:
    with TOOL["run_chromium"]() as browser:
        walker = _open_signed_in(browser, address)
        walker.show("settings")
        walker.tap("accounts.title")
        walker.tap("accounts.add")
        _type(walker, "new_account.name", "Omar")
        walker.page.wait_for_timeout(1_500)
        _end_other_sign_ins(address)
        walker.tap("new_account.send")
        _shown(walker, "sign_in.ended")
        _type(walker, "sign_in.password", GOOD)
        walker.tap("sign_in.send")
        typed = walker.find("textbox", load_strings("en")("new_account.name"))
        typed.focus()  # the page tells what is in a field while somebody is in it
        walker.page.wait_for_timeout(1_500)
        assert typed.input_value() == "Omar"
        assert walker.page.url.endswith("/new-account")


def test_one_s_own_password_is_changed(address: str) -> None:
    with TOOL["run_chromium"]() as browser:
        walker = _open_signed_in(browser, address)
        walker.load("/password")
        walker.wait_for("button", "password.send")
        _type(walker, "password.current", OTHER)
        _type(walker, "password.new", OTHER)
        _type(walker, "password.repeated", OTHER)
        walker.page.wait_for_timeout(1_500)
        walker.tap("password.send")
        _shown(walker, "problem.password_wrong")
        assert _sign_in(address, "jane", OTHER)[0] == 401
        field = walker.find("textbox", load_strings("en")("password.current"))
        field.focus()
        walker.page.wait_for_timeout(1_500)
        walker.page.keyboard.press("Control+A")
        walker.page.keyboard.type(GOOD, delay=30)
        walker.page.wait_for_timeout(1_500)
        walker.tap("password.send")
        _shown(walker, "password.changed")
        assert _sign_in(address, "jane", OTHER)[0] == 200
        assert _sign_in(address, "jane", GOOD)[0] == 401
