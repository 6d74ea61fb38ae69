"""Answers of an examination on the record are changed, and nobody overwrites another blindly."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.app.records.answering import Answering
from cancerapy.contract import RecordedDecision
from cancerapy.contract.records import AnswersRecord, ExaminationRecord
from cancerapy.errors import RefusedError


@pytest.fixture
def answering(desk: Any, examination: ExaminationRecord) -> Answering:
    """The answers of the examination that is shown."""
    desk.state.records.examination = examination
    return Answering(desk)


def _sent(clinic: Any) -> list[tuple[Any, str]]:
    """Return what was sent, and the state that it was to be made to."""
    return [
        (options["json"]["answers"], options["headers"]["If-Match"])
        for asked, options in clinic.asked
        if asked == "PUT examinations/e1/answers"
    ]


def test_answers_are_changed_and_what_follows_is_read_anew(
    answering: Answering,
    desk: Any,
    clinic: Any,
    examination: ExaminationRecord,
    joined: RecordedDecision,
) -> None:
    async def go() -> None:
        await answering.begin()
        records = desk.state.records
        assert records.answering.answers == {"lens": "yes", "age": 61.0}
        await answering.answer("age", 17.0)
        await answering.answer("site", "back")
        await answering.answer("lens", None)
        clinic.answers["GET examinations/e1"] = replace(examination, answers={"age": "17"})
        clinic.answers["GET examinations/e1/decision"] = replace(joined, id="d2")
        await answering.save()
        assert _sent(clinic) == [({"age": 17.0, "site": "back"}, '"1"')]
        assert (records.answering, records.note) == (None, "answers.saved")
        assert records.examination.answers == {"age": "17"}
        assert records.joined.id == "d2"

    asyncio.run(go())


def test_what_somebody_else_answered_is_shown_and_what_was_chosen_is_kept(
    answering: Answering, desk: Any, clinic: Any
) -> None:
    async def go() -> None:
        await answering.begin()
        await answering.answer("age", 17.0)
        clinic.answers["GET examinations/e1/answers"] = AnswersRecord("e1", {"age": "70"})
        clinic.fault_of_change = RefusedError("no", code="record_changed")
        await answering.save()
        records = desk.state.records
        assert desk.state.problem.code == "record_changed"
        assert records.answering.answers == {"lens": "yes", "age": 17.0}
        assert records.answering.saved_meanwhile == {"age": 70.0}
        await answering.answer("age", 18.0)
        assert records.answering.saved_meanwhile == {"age": 70.0}
        clinic.fault_of_change = None
        await answering.save()
        assert _sent(clinic)[-1] == ({"lens": "yes", "age": 18.0}, '"2"')
        assert (records.answering, desk.state.problem) == (None, None)

    _refusing(clinic)
    asyncio.run(go())


def test_what_somebody_else_answered_can_be_taken(
    answering: Answering, desk: Any, clinic: Any
) -> None:
    async def go() -> None:
        await answering.begin()
        clinic.answers["GET examinations/e1/answers"] = AnswersRecord("e1", {"age": "70"})
        clinic.fault_of_change = RefusedError("no", code="record_changed")
        await answering.save()
        await answering.take_saved()
        draft = desk.state.records.answering
        assert (draft.answers, draft.tag, draft.saved_meanwhile) == ({"age": 70.0}, '"2"', None)
        assert desk.state.problem is None

    _refusing(clinic)
    asyncio.run(go())


def test_another_refusal_is_said_and_loses_nothing(
    answering: Answering, desk: Any, clinic: Any
) -> None:
    async def go() -> None:
        await answering.begin()
        await answering.answer("age", 17.0)
        clinic.fault_of_change = RefusedError("no", code="role_refused")
        await answering.save()
        draft = desk.state.records.answering
        assert desk.state.problem.code == "role_refused"
        assert (draft.answers["age"], draft.saved_meanwhile) == (17.0, None)
        await answering.leave()
        assert (desk.state.records.answering, desk.state.problem) == (None, None)

    _refusing(clinic)
    asyncio.run(go())


def _refusing(clinic: Any) -> None:
    """Let the clinic refuse changes with ``fault_of_change``, while there is one."""
    answer = clinic.ask

    async def ask(kind: type, method: str, path: str, **options: Any) -> Any:
        found = await answer(kind, method, path, **options)
        if method == "PUT" and clinic.fault_of_change is not None:
            raise clinic.fault_of_change
        return found

    clinic.ask = ask
