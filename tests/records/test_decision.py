"""The decision on the record is the one that the same guesses and answers lead to."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from cancerapy import __version__
from cancerapy.agent import decide_examination
from cancerapy.api.rendering import to_json
from cancerapy.app.decode import from_json
from cancerapy.cancers import load_task
from cancerapy.contract import Prediction, RecordedDecision
from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import ExaminationDetails
from cancerapy.errors import UsageError
from cancerapy.records import Records, RecordUnknownError
from cancerapy.records.columns import now
from cancerapy.records.decision import decide_on_record, read_decision
from cancerapy.records.examinations import JudgedImage, add_examination, check_examination
from cancerapy.records.integrity import check_records
from cancerapy.records.kept_decisions import read_kept
from cancerapy.records.upgrade import downgrade, upgrade

ANSWERS = {"age": "71", "sex": "male", "dermatoscope": "yes"}


def test_images_and_answers_on_the_record_decide_together(
    records: Records, patient_id: str, add: Callable[..., ExaminationRecord]
) -> None:
    first = add(1)
    guess = TypeAdapter(Prediction).validate_python(first.predictions[0].prediction)
    images = [JudgedImage(bytes([n]), "image/png", (guess,)) for n in (1, 2)]
    details = ExaminationDetails(first.task, answers=ANSWERS)
    made = add_examination(records, patient_id, details, images, "dr-amal")
    for prevalence in (None, 0.02):
        with records.reading() as session:
            decided = decide_on_record(session, made.id, prevalence=prevalence)
        expected = decide_examination(
            *load_task(first.task), [guess, guess], answers=ANSWERS, prevalence=prevalence
        )
        assert decided.decision == expected.decision
        assert decided.classes == expected.classes
        assert decided.n_used == 2
        assert set(decided.decision.answers_used) == {"age", "sex"}


def test_a_clinic_s_own_prevalence_is_what_is_kept(
    records: Records, patient_id: str, add: Callable[..., ExaminationRecord]
) -> None:
    first = add(1)
    guess = TypeAdapter(Prediction).validate_python(first.predictions[0].prediction)
    images = [JudgedImage(b"2", "image/png", (guess,))]
    details = ExaminationDetails(first.task, answers=ANSWERS, prevalence=0.02)
    made = add_examination(records, patient_id, details, images, "dr-amal")
    expected = decide_examination(*load_task(first.task), [guess], answers=ANSWERS, prevalence=0.02)
    with records.reading() as session:
        said = read_decision(session, made.id)
    assert (said.origin, said.decision) == ("kept", expected.decision)
    assert said.decision.prevalence == 0.02
    with pytest.raises(UsageError, match="above 0 and below 1"), records.reading() as session:
        check_examination(session, patient_id, replace(details, prevalence=1.0))


def test_what_was_said_is_what_is_read_whatever_the_costs_are_now(
    records: Records, add: Callable[..., ExaminationRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add(1, 2)
    with records.reading() as session:
        said = read_decision(session, made.id)
        again = decide_on_record(session, made.id)
    assert (said.origin, said.examination_id, said.models) == ("kept", made.id, ("skin-3",))
    assert (said.decision, said.classes, said.n_used) == (
        again.decision, again.classes, again.n_used,
    )  # fmt: skip
    assert said.predictions == again.predictions
    assert said.package_version == __version__
    assert made.created_at[:16] <= said.decided_at[:16] <= now().isoformat()

    cancer, task = load_task(made.task)
    cheap = replace(cancer, costs=replace(cancer.costs, missed_malignant=0.001, missed={}))
    monkeypatch.setattr("cancerapy.records.decision.load_task", lambda _: (cheap, task))
    monkeypatch.setattr("cancerapy.records.kept_decisions.load_cancer", lambda _: cheap)
    with records.reading() as session:
        assert read_decision(session, made.id) == said
        fresh = read_decision(session, made.id, now=True)
        other = read_decision(session, made.id, prevalence=0.3)
    assert (fresh.origin, fresh.id, other.origin, other.id) == ("now", None, "now", None)
    assert fresh.decision.expected_cost < said.decision.expected_cost
    assert fresh.basis_sha256 == other.basis_sha256 != said.basis_sha256
    assert other.decision.prevalence == 0.3


def test_the_app_reads_what_the_api_answers(
    records: Records, add: Callable[..., ExaminationRecord]
) -> None:
    made = add(1)
    for is_now in (False, True):
        with records.reading() as session:
            found = read_decision(session, made.id, now=is_now)
        assert from_json(RecordedDecision, json.loads(to_json(found))) == found


def test_a_picture_that_came_twice_counts_once(
    records: Records, add: Callable[..., ExaminationRecord]
) -> None:
    made = add(1, 1)
    with records.reading() as session:
        assert len(read_decision(session, made.id).predictions) == 1


def test_an_examination_of_an_older_version_is_worked_out_now_and_says_so(
    records: Records, add: Callable[..., ExaminationRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("cancerapy.records.examinations.keep_decision", lambda *_: None)
        made = add(1)
    downgrade(records.engine, "0003_signin_counts")
    upgrade(records.engine)
    with records.reading() as session:
        found = read_decision(session, made.id)
        assert (found.origin, found.id, found.examination_id) == ("not_kept", None, made.id)
        assert found.decision == decide_on_record(session, made.id).decision
        assert check_records(session).is_whole


def test_what_cannot_be_decided_is_refused(records: Records, patient_id: str) -> None:
    bare = JudgedImage(b"pixels", "image/png")
    made = add_examination(records, patient_id, ExaminationDetails("skin"), [bare], "dr-amal")
    with records.reading() as session:
        with pytest.raises(UsageError, match="needs at least one image"):
            read_decision(session, made.id)
        assert read_kept(session, [made.id]) == []
        with pytest.raises(RecordUnknownError, match="that of an examination"):
            read_decision(session, "7")
