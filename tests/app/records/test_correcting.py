"""Two people correct the same patient: nothing typed is lost, nothing blindly overwritten."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.app.records.patients import Patients
from cancerapy.app.records.reviewing import Reviewing
from cancerapy.app.state import Screen
from cancerapy.contract.records import PatientRecord
from cancerapy.errors import RefusedError


@pytest.fixture
def patients(desk: Any) -> Patients:
    """The patients of that desk."""
    return Patients(desk, Reviewing(desk, desk.save_file), desk.save_file)


@pytest.fixture
def refusing(clinic: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the clinic refuse a change as long as there are codes in the list, which is returned."""
    codes: list[str] = []
    answer = clinic.ask

    async def ask(kind: type, method: str, path: str, **options: Any) -> Any:
        found = await answer(kind, method, path, **options)
        if method == "PUT" and codes:
            raise RefusedError("no", code=codes.pop(0))
        return found

    monkeypatch.setattr(clinic, "ask", ask)
    return codes


async def _type(patients: Patients, desk: Any, name: str) -> None:
    await patients.open("p1")
    await patients.begin_correcting()
    await patients.draft(replace(desk.state.records.draft, name=name))


def _sent(clinic: Any) -> list[tuple[str, str]]:
    """Return what was sent, and the state that it was to be made to."""
    return [
        (options["json"]["name"], options["headers"]["If-Match"])
        for asked, options in clinic.asked
        if asked == "PUT patients/p1"
    ]


def test_what_somebody_else_saved_is_shown_and_what_was_typed_is_kept(
    patients: Patients, desk: Any, clinic: Any, patient: PatientRecord, refusing: list[str]
) -> None:
    async def go() -> None:
        await _type(patients, desk, "Mine")
        refusing.append("record_changed")
        clinic.answers["GET patients/p1"] = replace(patient, name="Theirs")
        await patients.correct()
        records = desk.state.records
        assert (desk.state.screen, desk.state.problem.code) == (Screen.CORRECT, "record_changed")
        assert (records.saved_meanwhile.name, records.draft.name) == ("Theirs", "Mine")
        await patients.correct()
        # The patient was read for the first time as they were opened.
        assert _sent(clinic) == [("Mine", '"2"'), ("Mine", '"3"')]
        assert (desk.state.screen, records.note) == (Screen.RECORD, "correct.done")
        assert (records.saved_meanwhile, desk.state.problem) == (None, None)

    asyncio.run(go())


def test_what_somebody_else_saved_can_be_taken(
    patients: Patients, desk: Any, clinic: Any, patient: PatientRecord, refusing: list[str]
) -> None:
    async def go() -> None:
        await _type(patients, desk, "Mine")
        refusing.append("record_changed")
        clinic.answers["GET patients/p1"] = replace(patient, name="Theirs", birth_year=None)
        await patients.correct()
        await patients.take_saved()
        records = desk.state.records
        assert (records.draft.name, records.draft.birth_year) == ("Theirs", "")
        assert (records.saved_meanwhile, desk.state.problem) == (None, None)
        await patients.correct()
        assert _sent(clinic)[-1] == ("Theirs", '"3"')

    asyncio.run(go())


def test_a_consent_that_came_meanwhile_keeps_nobody_from_saving(
    patients: Patients, desk: Any, clinic: Any, patient: PatientRecord, refusing: list[str]
) -> None:
    async def go() -> None:
        await _type(patients, desk, "Mine")
        refusing.append("record_changed")
        clinic.answers["GET patients/p1"] = replace(patient, consents={"care": False})
        await patients.correct()
        assert _sent(clinic) == [("Mine", '"2"'), ("Mine", '"3"')]
        assert desk.state.records.note == "correct.done"

    asyncio.run(go())


@pytest.mark.parametrize("codes", [["role_refused"], ["record_changed", "record_changed"]])
def test_any_other_refusal_is_said_and_loses_nothing(
    patients: Patients, desk: Any, refusing: list[str], codes: list[str]
) -> None:
    async def go() -> None:
        await _type(patients, desk, "Mine")
        refusing.extend(codes)
        await patients.correct()
        records = desk.state.records
        assert (desk.state.problem.code, records.draft.name) == (codes[0], "Mine")
        assert (desk.state.screen, records.saved_meanwhile) == (Screen.CORRECT, None)

    asyncio.run(go())
