"""A clinician's case over the API, from the patient to the next training set, with real models.

The server, the models and the commands are those that are shipped; the pictures are drawn.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image as PillowImage

from cancerapy.agent.actions import Action
from cancerapy.arrays import Image
from cancerapy.cancers import load_cancer
from cancerapy.learning.candidates import NO_CONSENT, NOT_CONFIRMED
from cancerapy.learning.versions import read_version
from cancerapy.phantoms import draw_phantom
from cancerapy.settings import Settings

CANCER = load_cancer("breast")
TRUTH = CANCER.tasks[0].classes[1]
SIDE_PX = 512
ANSWERS = {"age": "61", "family_history": "yes", "lump": "no"}


def _draw(seed: int) -> Image:
    return draw_phantom(CANCER.phantom, seed=seed, height=SIDE_PX, width=SIDE_PX, value=TRUTH.id)


@pytest.fixture
def environment(
    records_settings: Settings,
    drawn_mammograms: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Empty records, and a data set that models are measured on."""
    monkeypatch.setenv("CANCERAPY_HOME", str(records_settings.home))
    monkeypatch.setenv("CANCERAPY_DATABASE_URL", records_settings.database_url)
    monkeypatch.setenv("CANCERAPY_DATA", str(drawn_mammograms))
    for name in ("cache", "results"):
        monkeypatch.setenv(f"CANCERAPY_{name.upper()}", str(tmp_path / name))
    return records_settings


@dataclass(frozen=True)
class Clinician:
    """What a clinic's own program sends."""

    client: httpx.Client

    def ask(self, method: str, path: str, status: int, **sent: Any) -> Any:
        """Send a request, check how it was answered, and return the answer."""
        answer = self.client.request(method, f"/api/v1/{path}", **sent)
        assert answer.status_code == status, answer.text
        return answer.json()

    def register(self, name: str) -> str:
        """Register a patient."""
        details = {"name": name, "birth_year": 1961, "sex": "female"}
        return str(self.ask("POST", "patients", 201, json=details)["id"])

    def consent(self, patient: str, *, given: bool) -> None:
        """Write down a decision on training."""
        body = {"purpose": "training", "given": given}
        self.ask("POST", f"patients/{patient}/consents", 201, json=body)

    def examine(self, patient: str, folder: Path, *seeds: int) -> Mapping[str, Any]:
        """Upload two views with the answers to the questions."""
        files = []
        for seed in seeds:
            PillowImage.fromarray(_draw(seed)).save(folder / f"{seed}.png")
            files.append(("images", (f"{seed}.png", (folder / f"{seed}.png").read_bytes())))
        form = {
            "task": CANCER.tasks[0].id,
            "answers": json.dumps(ANSWERS),
            "view": ["CC", "MLO"],
            "laterality": ["L", "L"],
        }
        path = f"patients/{patient}/examinations"
        made: Mapping[str, Any] = self.ask("POST", path, 201, data=form, files=files)
        return made

    def correct(self, prediction: Mapping[str, Any]) -> None:
        """Name the class that it is."""
        body = {"verdict": "correct", "class_id": TRUTH.id, "reviewer": "Dr. Amal"}
        self.ask("POST", f"predictions/{prediction['id']}/reviews", 201, json=body)


@pytest.fixture
def clinician(environment: Settings, tmp_path: Path) -> Iterator[Clinician]:
    """Somebody before a server that has just been started."""
    command = [sys.executable, "-m", "cancerapy", "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found is not None, line
        with httpx.Client(base_url=found.group(), timeout=120) as client:
            yield Clinician(client)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _collect(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cancerapy", "learn", "collect", CANCER.id]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_corrected_case_is_in_the_next_training_set_with_consent_and_only_then(
    clinician: Clinician, environment: Settings, tmp_path: Path
) -> None:
    willing, unwilling = clinician.register("P-1"), clinician.register("P-2")
    clinician.consent(willing, given=True)
    made = clinician.examine(willing, tmp_path, 1, 2)
    other = clinician.examine(unwilling, tmp_path, 3, 4)

    assert [guess["state"] for guess in made["predictions"]] == ["machine guess"] * 2
    assert made["answers"] == ANSWERS
    for guess in made[
        "predictions"
    ]:  # the drawn breast is none that the model knows, and it says so
        assert [reason["code"] for reason in guess["prediction"]["reasons"]] == ["unfamiliar"]
    joined = clinician.ask("GET", f"examinations/{made['id']}/decision", 200)
    assert joined["decision"]["action"] == Action.ANOTHER_IMAGE.value
    assert joined["decision"]["sentence"]

    for guess in (*made["predictions"], other["predictions"][0]):
        clinician.correct(guess)
    seen = clinician.ask("GET", f"examinations/{made['id']}", 200)["predictions"]
    assert {(guess["decision"], guess["final_class"]) for guess in seen} == {
        ("confirmed", TRUTH.id)
    }
    assert [guess["prediction"] for guess in seen] == [
        guess["prediction"] for guess in made["predictions"]
    ]

    _collect(tmp_path)
    first = read_version(environment.home, CANCER.id)
    assert [case.patient for case in first.cases] == [willing, willing]
    assert {case.sha256 for case in first.cases} == {image["sha256"] for image in made["images"]}
    assert all(case.labels == TRUTH.selects for case in first.cases)
    assert all(case.reviewers == ("Dr. Amal",) for case in first.cases)
    assert set(first.left_out.values()) == {NO_CONSENT}

    clinician.consent(willing, given=False)
    clinician.consent(unwilling, given=True)
    _collect(tmp_path)
    second = read_version(environment.home, CANCER.id)
    reviewed, open_one = (image["sha256"] for image in other["images"])
    assert [(case.sha256, case.patient) for case in second.cases] == [(reviewed, unwilling)]
    assert second.left_out[open_one] == NOT_CONFIRMED
    assert set(second.gone) == {case.sha256 for case in first.cases}
