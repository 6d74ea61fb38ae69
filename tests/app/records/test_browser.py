"""A clinician's path in a real browser: questions, two views, the guess, a correction, consent.

Whether what was confirmed is learnt from then is asked of ``cancerapy learn collect``, as a clinic
does, with the records in SQLite and in PostgreSQL.
"""

import json
import os
import re
import runpy
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PillowImage

from cancerapy.app.records.client import EXAMINATION_TIMEOUT_S
from cancerapy.app.strings import load_strings
from cancerapy.cancers import load_cancer
from cancerapy.learning.versions import read_version
from cancerapy.server.example import write_example
from cancerapy.settings import Settings

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

TOOLS = Path(__file__).parents[3] / "tools"
TOOL = runpy.run_path(str(TOOLS / "walk_app.py"))
INVENT = runpy.run_path(str(TOOLS / "invent_records.py"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(TOOL["CHROMIUM"] is None, reason="chromium is not installed (apt-get)"),
]


@pytest.fixture
def address(
    records_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A server with the package's own models and empty records."""
    monkeypatch.setenv("CANCERAPY_HOME", str(records_settings.home))
    monkeypatch.setenv("CANCERAPY_DATABASE_URL", records_settings.database_url)
    with TOOL["run_server"](tmp_path) as started:
        yield started


@pytest.fixture
def walker(address: str) -> Iterator[Any]:
    """A clinician who has just opened the app on a phone."""
    with TOOL["run_chromium"]() as browser:
        made = TOOL["Walker"](browser, address)
        made.open()
        made.consent()
        yield made


def _ask(address: str, path: str) -> Any:
    with urllib.request.urlopen(f"{address}/api/v1/{path}", timeout=60) as answer:
        return json.loads(answer.read())


def _type(walker: Any, key: str, text: str) -> None:
    _type_into(walker, load_strings("en")(key), text)


def _type_into(walker: Any, name: str, text: str) -> None:
    for _ in range(5):
        field = walker.find("textbox", name)
        try:
            field.scroll_into_view_if_needed()  # out of sight it would not take the keys
            break
        except sync_api.Error as error:  # the screen was drawn anew meanwhile
            if "not attached" not in str(error):
                raise
    walker.page.wait_for_timeout(1_000)
    field.focus()
    walker.page.wait_for_timeout(1_500)  # the first key is lost on a field that is not ready
    walker.page.keyboard.type(text, delay=30)


def _collect(folder: Path, data: Path) -> None:
    words = ["learn", "collect", "breast", "--data", str(data), "--results", str(folder)]
    environment = {**os.environ, "CANCERAPY_CACHE": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-m", "cancerapy", *words],
        cwd=folder, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _register(walker: Any) -> None:
    walker.show("records")
    walker.tap("records.register")
    _type(walker, "register.name", "P-0815")
    _type(walker, "register.birth_year", "1961")
    walker.tap("register.send")
    walker.wait_for("button", "record.examine")


def _answer(walker: Any) -> None:
    """Answer with an age and a yes to the first question that takes one."""
    _type_into(walker, "years", "61")
    walker.page.wait_for_timeout(2_000)
    walker.find("button", load_strings("en")("answer.yes")).dispatch_event("click")
    walker.page.wait_for_timeout(2_000)


def _examine(walker: Any, pictures: tuple[Path, Path]) -> None:
    walker.tap("record.examine")
    walker.find_cancer("breast").dispatch_event("click")
    _answer(walker)
    for place, picture in enumerate(pictures, start=1):
        key = "visit.add" if place == 1 else "visit.add_more"
        button = walker.find("button", load_strings("en")(key))
        button.scroll_into_view_if_needed()
        walker.page.wait_for_timeout(2_000)  # a file chooser needs a real click: no scrolling now
        with walker.page.expect_file_chooser(timeout=TOOL["LONG_MS"]) as chooser:
            button.click()
        chooser.value.set_files(picture)
        walker.find("img", load_strings("en")("visit.image", number=place))
    walker.tap("visit.send")
    agree = walker.page.get_by_role("button", name=load_strings("en")("review.agree")).first
    agree.wait_for(timeout=1000 * EXAMINATION_TIMEOUT_S, state="attached")


def test_a_confirmed_case_is_learnt_from_while_consent_is_there(
    address: str,
    walker: Any,
    records_settings: Settings,
    drawn_mammograms: Path,
    tmp_path: Path,
) -> None:
    say, cancer = load_strings("en"), load_cancer("breast")
    _register(walker)
    walker.page.wait_for_timeout(5_000)  # nothing is given while the record is being read
    walker.find("switch", say("consent.training")).dispatch_event("click")
    walker.page.wait_for_timeout(5_000)
    one = write_example(cancer, tmp_path)
    other = tmp_path / "other.png"
    with PillowImage.open(one) as picture:
        picture.transpose(PillowImage.Transpose.FLIP_LEFT_RIGHT).save(other)
    _examine(walker, (one, other))
    assert say("statement") in walker.text()
    _type(walker, "review.reviewer", "Dr. Amal")
    _type(walker, "review.comment", "Spiculated.")  # and the classes below come into view
    truth = cancer.tasks[0].classes[1]
    walker.find("button", truth.title).dispatch_event("click")
    walker.page.wait_for_timeout(5_000)  # until the class is known, a correction is not offered
    walker.tap("review.correct")
    walker.page.get_by_text(say("review.saved")).first.wait_for(
        timeout=TOOL["LONG_MS"], state="attached"
    )
    (patient,) = _ask(address, "patients")["items"]
    assert (patient["name"], patient["birth_year"]) == ("P-0815", 1961)
    assert patient["consents"]["training"]
    (examination,) = _ask(address, f"examinations?patient={patient['id']}")["items"]
    asked = [question.id for question in cancer.questions if question.kind == "yes_no"]
    assert examination["answers"] == {"age": "61", asked[0]: "yes"}
    decision = _ask(address, f"examinations/{examination['id']}/decision")["decision"]
    told = walker.page.get_by_text(decision["sentence"]).first  # it is read after the guesses
    told.wait_for(timeout=TOOL["LONG_MS"], state="attached")
    first, second = examination["predictions"]
    assert (first["decision"], first["final_class"]) == ("confirmed", truth.id)
    (said,) = first["reviews"]
    assert (said["reviewer"], said["comment"]) == ("Dr. Amal", "Spiculated.")
    assert (second["decision"], second["state"]) == ("open", "machine guess")

    _collect(tmp_path, drawn_mammograms)
    (case,) = read_version(records_settings.home, cancer.id).cases
    assert (case.sha256, case.patient) == (examination["images"][0]["sha256"], patient["id"])
    assert (case.labels, case.reviewers) == (truth.selects, ("Dr. Amal",))

    walker.show("records")
    walker.find("button", re.compile("P-0815")).dispatch_event("click")
    walker.wait_for("button", "record.examine")
    walker.page.wait_for_timeout(5_000)
    walker.find("switch", say("consent.training")).dispatch_event("click")
    walker.page.wait_for_timeout(5_000)
    (patient,) = _ask(address, "patients")["items"]
    assert not patient["consents"]["training"]
    _collect(tmp_path, drawn_mammograms)
    assert read_version(records_settings.home, cancer.id).cases == ()


def _wait_for_text(walker: Any, key: str) -> None:
    found = walker.page.get_by_text(load_strings("en")(key)).first
    found.wait_for(timeout=TOOL["LONG_MS"], state="attached")


def _open_anew(walker: Any, path: str) -> None:
    """Open an address as a browser does that knows nothing of the session before."""
    walker.page.evaluate("sessionStorage.clear()")
    walker.load(path)


def test_an_address_leads_back_to_the_same_record(address: str, walker: Any) -> None:
    made = INVENT["invent_records"](address)
    for path, key in (
        (f"/record/{made.patient}", "record.examine"),
        (f"/correct/{made.patient}", "correct.send"),
        (f"/examination/{made.examination}", "examination.pdf"),
        ("/records/queue", "queue.order.disagreement"),
    ):
        _open_anew(walker, path)
        walker.wait_for("button", key)
        walker.page.wait_for_url(f"{address}{path}", timeout=TOOL["LONG_MS"])
    _open_anew(walker, "/record/00000000-0000-0000-0000-000000000000")
    _wait_for_text(walker, "problem.record_unknown")
    walker.wait_for("button", "records.register")


def test_a_record_is_corrected_saved_and_erased(address: str, walker: Any, tmp_path: Path) -> None:
    made = INVENT["invent_records"](address)
    walker.load(f"/record/{made.patient}")
    walker.tap("record.correct")
    walker.wait_for("button", "correct.send")
    _type(walker, "register.birth_year", "")
    walker.page.keyboard.press("Control+A")
    walker.page.keyboard.type("1962", delay=30)
    walker.page.wait_for_timeout(2_000)
    walker.tap("correct.send")
    _wait_for_text(walker, "correct.done")
    assert _ask(address, f"patients/{made.patient}")["birth_year"] == 1962
    walker.find("button", load_strings("en").count("consent.show", 4)).dispatch_event("click")
    walker.wait_for("button", "consent.hide")
    assert "Research (counts)" in walker.text()
    walker.save("record.json", tmp_path / "record.json")
    assert json.loads((tmp_path / "record.json").read_text())["patient"]["birth_year"] == 1962
    walker.load(f"/examination/{made.examination}")
    walker.wait_for("button", "costs.show")  # until all is read, nothing is saved
    name = walker.save("examination.pdf", tmp_path / "examination.pdf")
    assert name == f"cancerapy-examination-{made.examination[:8]}.pdf"
    assert (tmp_path / "examination.pdf").read_bytes().startswith(b"%PDF")
    walker.load(f"/record/{made.patient}")
    walker.wait_for("button", "record.examine")
    walker.page.wait_for_timeout(5_000)  # nothing is erased while the record is being read
    walker.tap("record.erase")
    walker.tap("erase.go_on")
    walker.tap("erase.yes")
    _wait_for_text(walker, "records.erased")
    left = [one["id"] for one in _ask(address, "patients")["items"]]
    assert len(left) == 3
    assert made.patient not in left
