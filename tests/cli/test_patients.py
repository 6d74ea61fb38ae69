"""Patients from the command line, and all that hangs on them."""

import json
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cli.main import run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the commands use records of their own."""
    monkeypatch.setenv("CANCERAPY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run([*words]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def patient(home: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the id of a registered patient."""
    made = _run(
        capsys, "patients", "add", "Layla Haddad", "--birth-year", "1961", "--sex", "female",
        "--identifier", "hospital=H-7",
    )  # fmt: skip
    assert made["identifiers"] == [{"system": "hospital", "value": "H-7"}]
    assert (home / "records" / "records.sqlite").is_file()
    return str(made["id"])


def test_a_patient_is_found(patient: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = _run(capsys, "patients", "list", "--search", "haddad")
    assert [one["id"] for one in found["items"]] == [patient]
    assert _run(capsys, "patients", "list", "--search", "x")["items"] == []


def test_a_patient_is_corrected(patient: str, capsys: pytest.CaptureFixture[str]) -> None:
    changed = _run(capsys, "patients", "update", patient, "Layla Nasser", "--birth-year", "1962")
    assert (changed["id"], changed["name"]) == (patient, "Layla Nasser")
    assert (changed["birth_year"], changed["identifiers"]) == (1962, [])
    (found,) = _run(capsys, "patients", "list", "--search", "nasser")["items"]
    assert found == changed


def test_consent_is_given_and_withdrawn(patient: str, capsys: pytest.CaptureFixture[str]) -> None:
    _run(capsys, "consents", "give", patient, "training")
    _run(capsys, "consents", "withdraw", patient, "training")
    found = _run(capsys, "consents", "list", patient)["items"]
    assert [one["given"] for one in found] == [True, False]
    assert run(["consents", "give", patient, "trainng"]) == 2
    assert "Did you mean 'training'?" in capsys.readouterr().err


def test_a_patient_is_exported_in_both_forms(
    patient: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("record.json", "record.pdf"):
        assert run(["patients", "export", patient, "-o", str(tmp_path / name)]) == 0
    assert json.loads((tmp_path / "record.json").read_text())["patient"]["id"] == patient
    assert (tmp_path / "record.pdf").read_bytes().startswith(b"%PDF-")
    assert run(["patients", "export", patient, "-o", str(tmp_path / "record.txt")]) == 2
    assert "No file format named '.txt'" in capsys.readouterr().err


def test_a_patient_is_erased_only_when_it_is_meant(
    patient: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.confirm", lambda *_, **__: (_ for _ in ()).throw(SystemExit(1)))
    assert run(["patients", "erase", patient]) == 1
    assert _run(capsys, "patients", "list")["items"] != []
    assert _run(capsys, "patients", "erase", patient, "--yes")["patient_id"] == patient
    assert _run(capsys, "patients", "list")["items"] == []
    log = _run(capsys, "audit", "list", "--subject", patient)["items"]
    assert [one["action"] for one in log] == ["patient.erase", "patient.create"]
    assert all(one["actor"].startswith("command line") for one in log)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["patients", "add", "x", "--identifier", "7"], 2, "must be NAME=VALUE"),
        (
            ["patients", "add", "x", "--identifier", "h=7", "--identifier", "h=8"],
            2,
            "one for a name; one is 'h=8'",
        ),
        (["patients", "add", "x", "--sex", "f"], 2, "The field 'sex' must be one of"),
        (["patients", "erase", "7", "--yes"], 2, "must be that of a patient"),
    ],
)
def test_wrong_use_is_explained(
    home: Path, words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == status
    assert said in capsys.readouterr().err
