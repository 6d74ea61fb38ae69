"""A guess on the record as the app shows results."""

from dataclasses import replace
from typing import Any

from cancerapy.app.records.outcome import class_name, find_task, to_outcome
from cancerapy.contract import Verdict
from cancerapy.contract.records import ExaminationRecord


def test_a_guess_is_read_back_with_its_picture(desk: Any, examination: ExaminationRecord) -> None:
    desk.state.records.pictures = {"i1": b"picture"}
    outcome = to_outcome(desk.state, examination, examination.predictions[0])
    assert outcome is not None
    assert (outcome.picture, outcome.answers) == (b"picture", {"lens": "yes"})
    assert (outcome.prediction.verdict, outcome.prediction.confidence) == (Verdict.ANSWER, 75.0)


def test_a_guess_that_cannot_be_shown_is_none(desk: Any, examination: ExaminationRecord) -> None:
    guess = examination.predictions[0]
    for other in (
        replace(guess, task="gone"),
        replace(guess, prediction={"task": "toy"}),
        replace(guess, predicted_class="G"),
    ):
        assert to_outcome(desk.state, examination, other) is None


def test_classes_have_their_clinical_terms(desk: Any) -> None:
    task = find_task(desk.state, "toy")
    assert [class_name(task, one) for one in ("R", "?")] == ["Red", "?"]
    assert class_name(None, "R") == "R"
