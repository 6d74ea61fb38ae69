"""Answers that come later: what follows is worked out anew, and what was said then stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select, text, update

from cancerapy.agent import decide_examination
from cancerapy.cancers import load_task
from cancerapy.contract import Prediction, RecordedDecision
from cancerapy.contract.audit import AuditRecord
from cancerapy.contract.records import AnswersRecord, ExaminationRecord
from cancerapy.contract.requests import ExaminationDetails, NewAnswers
from cancerapy.errors import UsageError
from cancerapy.records import Records, RecordUnknownError
from cancerapy.records import examinations as examinations_module
from cancerapy.records.answers import change_answers, get_answers
from cancerapy.records.audit import list_entries
from cancerapy.records.decision import read_decision
from cancerapy.records.entity_tags import tag_of
from cancerapy.records.erasure import erase_patient
from cancerapy.records.examinations import JudgedImage, add_examination
from cancerapy.records.faults import RecordChangedError
from cancerapy.records.integrity import check_records
from cancerapy.records.kept_decisions import list_kept
from cancerapy.records.tables import DecisionRow, Examination

ANSWERS = {"age": "71", "sex": "male", "dermatoscope": "yes"}
Add = Callable[..., ExaminationRecord]


def _change(records: Records, own: str, answers: dict[str, Any], **options: Any) -> AnswersRecord:
    with records.writing() as session:
        wanted = NewAnswers(answers, options.pop("prevalence", None))
        return change_answers(session, own, wanted, "dr-sam", **options)


def _said(records: Records, own: str) -> tuple[RecordedDecision, ...]:
    with records.reading() as session:
        return list_kept(session, own).items


def _entries(records: Records) -> list[AuditRecord]:
    with records.reading() as session:
        return list(list_entries(session, limit=200).items)


def _expected(made: ExaminationRecord, answers: dict[str, str], prevalence: float | None) -> Any:
    guess = TypeAdapter(Prediction).validate_python(made.predictions[0].prediction)
    task = load_task(made.task)
    return decide_examination(*task, [guess], answers=answers, prevalence=prevalence).decision


def test_what_follows_is_worked_out_anew_and_what_was_said_stays(
    records: Records, add: Add
) -> None:
    made = add(1)
    (first,) = _said(records, made.id)
    changed = _change(records, made.id, {"age": 71.0, "sex": "male", "dermatoscope": "yes"})
    assert changed == AnswersRecord(made.id, ANSWERS)
    before, after = _said(records, made.id)
    assert before == first
    assert (before.answers, after.answers) == ({}, ANSWERS)
    assert before.decision == _expected(made, {}, None)
    assert after.decision == _expected(made, ANSWERS, None)
    assert after.decision.malignancy != before.decision.malignancy
    assert (after.origin, after.examination_id) == ("kept", made.id)
    assert before.id != after.id
    with records.reading() as session:
        assert read_decision(session, made.id) == after
        assert get_answers(session, made.id) == changed
        assert check_records(session).is_whole


def test_who_changed_which_answers_is_in_the_audit_log_and_no_answer(
    records: Records, add: Add
) -> None:
    made = add(1)
    _change(records, made.id, ANSWERS)
    _change(records, made.id, {"age": "17", "sex": "male"})
    found = [entry for entry in _entries(records) if entry.actor == "dr-sam"][::-1]
    assert [(entry.action, entry.subject) for entry in found] == [
        ("examination.answer", "examination"),
        ("decision.keep", "decision"),
    ] * 2
    assert [entry.details.get("questions") for entry in found[::2]] == [
        ["age", "dermatoscope", "sex"],
        ["age", "dermatoscope"],
    ]
    for entry in found[::2]:  # beside the questions only digests under a key of their own
        rest = {name for name in entry.details if not name.startswith("content_hmac")}
        assert rest == {"questions"}


def test_only_the_answers_change_unless_another_prevalence_is_given(
    records: Records, patient_id: str, add: Add
) -> None:
    first = add(1)
    guess = TypeAdapter(Prediction).validate_python(first.predictions[0].prediction)
    images = [JudgedImage(b"2", "image/png", (guess,))]
    details = ExaminationDetails(first.task, prevalence=0.02)
    made = add_examination(records, patient_id, details, images, "dr-amal")
    rates = {made.cancer: 0.4}
    _change(records, made.id, ANSWERS, rates=rates)
    assert _said(records, made.id)[-1].decision == _expected(made, ANSWERS, 0.02)
    _change(records, made.id, {"age": "20"}, rates=rates, prevalence=0.3)
    assert _said(records, made.id)[-1].decision == _expected(made, {"age": "20"}, 0.3)


def test_the_same_answers_again_change_nothing(records: Records, add: Add) -> None:
    made = add(1)
    _change(records, made.id, ANSWERS)
    n_entries, n_said = len(_entries(records)), len(_said(records, made.id))
    assert _change(records, made.id, {**ANSWERS, "age": 71.0, "site": " "}).answers == ANSWERS
    assert (len(_entries(records)), len(_said(records, made.id))) == (n_entries, n_said)
    assert _change(records, made.id, {}).answers == {}


def test_the_same_answers_for_another_prevalence_are_decided_on_anew(
    records: Records, add: Add
) -> None:
    made = add(1)
    _change(records, made.id, ANSWERS, prevalence=0.02)
    n_entries, said = len(_entries(records)), _said(records, made.id)
    _change(records, made.id, ANSWERS, prevalence=0.02)  # as before: nothing to decide
    assert (len(_entries(records)), _said(records, made.id)) == (n_entries, said)
    assert _change(records, made.id, ANSWERS, prevalence=0.3).answers == ANSWERS
    *before, after = _said(records, made.id)
    assert tuple(before) == said
    assert after.decision == _expected(made, ANSWERS, 0.3)
    assert after.decision != before[-1].decision
    assert after.answers == ANSWERS
    (entry,) = _entries(records)[:-n_entries]
    assert (entry.actor, entry.action) == ("dr-sam", "decision.keep")
    with records.reading() as session:
        assert check_records(session).is_whole


@pytest.mark.parametrize(
    ("answers", "prevalence", "match"),
    [
        ({"agee": "71"}, None, "Did you mean 'age'"),
        ({"sex": "m"}, None, "must be one of"),
        ({"age": "old"}, None, "number"),
        ({"age": "71"}, 1.0, "above 0 and below 1"),
    ],
)
def test_senseless_answers_change_nothing(
    records: Records, add: Add, answers: dict[str, str], prevalence: float | None, match: str
) -> None:
    made = add(1)
    with pytest.raises(UsageError, match=match):
        _change(records, made.id, answers, prevalence=prevalence)
    assert len(_said(records, made.id)) == 1
    with records.reading() as session:
        assert get_answers(session, made.id).answers == {}


def test_an_unknown_examination_is_said_to_be_unknown(records: Records) -> None:
    nobody = "00000000-0000-4000-8000-000000000001"
    with pytest.raises(RecordUnknownError):
        _change(records, nobody, ANSWERS)
    with pytest.raises(RecordUnknownError):
        _said(records, nobody)


def test_of_many_at_the_same_moment_one_answers(records: Records, add: Add) -> None:
    made = add(1)
    with records.reading() as session:
        expected = {tag_of(get_answers(session, made.id))}

    def answer(age: int) -> dict[str, Any]:
        try:
            return dict(_change(records, made.id, {"age": age}, expected=expected).answers)
        except RecordChangedError:
            return {}

    with ThreadPoolExecutor(4) as pool:
        saved = [one for one in pool.map(answer, range(20, 26)) if one]
    assert len(saved) == 1
    with records.reading() as session:
        assert get_answers(session, made.id).answers == saved[0]
    assert [one.answers for one in _said(records, made.id)] == [{}, saved[0]]


def test_a_decision_that_an_older_version_kept_gets_its_answers_before_they_go(
    records: Records, patient_id: str, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = examinations_module.to_recorded
    with monkeypatch.context() as patch:
        patch.setattr(
            examinations_module, "to_recorded", lambda *said: replace(real(*said), answers=None)
        )
        made = _add_answered(records, patient_id, add)
    (kept,) = _said(records, made.id)
    assert kept.answers is None
    _change(records, made.id, {"age": "20"})
    first, again, after = _said(records, made.id)
    assert first == kept
    assert again == replace(kept, id=again.id, answers=ANSWERS)
    assert after.answers == {"age": "20"}


def test_where_nothing_was_kept_the_answers_until_now_are(
    records: Records, patient_id: str, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(examinations_module, "keep_decision", lambda *_: None)
        made = _add_answered(records, patient_id, add)
    _change(records, made.id, {"age": "20"}, rates={made.cancer: 0.4})
    before, after = _said(records, made.id)
    assert (before.origin, before.answers) == ("not_kept", ANSWERS)
    assert before.decision == _expected(made, ANSWERS, 0.4)
    assert (after.origin, after.decision) == ("kept", _expected(made, {"age": "20"}, 0.4))


def test_answers_that_were_altered_behind_the_database_s_back_show(
    records: Records, add: Add
) -> None:
    made, other = add(1), add(2)
    _change(records, made.id, ANSWERS)
    with records.writing() as session:
        row = update(Examination).where(Examination.id == made.id)
        session.execute(row.values(answers={**ANSWERS, "age": "17"}))
    with records.reading() as session:
        found = check_records(session)
    assert found.altered_decisions == (_said(records, made.id)[-1].id,)
    assert not found.is_whole
    assert other.id != made.id


def test_an_older_decision_that_was_put_in_the_place_of_a_newer_one_shows(
    records: Records, add: Add
) -> None:
    made = add(1)
    for answers in (ANSWERS, {}):  # the first and the last rest on the same answers
        _change(records, made.id, answers)
    first, _, last = _said(records, made.id)
    with records.writing() as session:
        off = "DROP TRIGGER decisions_no_update"
        if records.engine.dialect.name != "sqlite":
            off = "ALTER TABLE decisions DISABLE TRIGGER ALL"
        session.execute(text(off))
        rows = {row.id: row.number for row in session.scalars(select(DecisionRow))}
        for own, number in (
            (first.id, -1),
            (last.id, rows[str(first.id)]),
            (first.id, rows[str(last.id)]),
        ):
            named = update(DecisionRow).where(DecisionRow.id == own)
            session.execute(
                named.values(number=number), execution_options={"synchronize_session": False}
            )
    with records.reading() as session:
        found = check_records(session)
    assert {first.id, last.id} <= {*found.altered_decisions}
    assert not found.is_whole


def test_all_that_was_said_leaves_with_the_patient(
    records: Records, patient_id: str, add: Add
) -> None:
    made = add(1)
    _change(records, made.id, ANSWERS)
    erase_patient(records, patient_id, "admin")
    with pytest.raises(RecordUnknownError):
        _said(records, made.id)
    with records.reading() as session:
        assert check_records(session).is_whole


def _add_answered(records: Records, patient_id: str, add: Add) -> ExaminationRecord:
    first = add(1)
    guess = TypeAdapter(Prediction).validate_python(first.predictions[0].prediction)
    images = [JudgedImage(b"2", "image/png", (guess,))]
    details = ExaminationDetails(first.task, answers=ANSWERS)
    return add_examination(records, patient_id, details, images, "dr-amal")
