"""The decision on the record is the one that the same guesses and answers lead to."""

from collections.abc import Callable

import pytest
from pydantic import TypeAdapter

from cancerapy.agent import decide_examination
from cancerapy.cancers import load_task
from cancerapy.contract import Prediction
from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import ExaminationDetails
from cancerapy.errors import UsageError
from cancerapy.records import Records, RecordUnknownError
from cancerapy.records.decision import decide_on_record
from cancerapy.records.examinations import JudgedImage, add_examination

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


def test_what_cannot_be_decided_is_refused(records: Records, patient_id: str) -> None:
    bare = JudgedImage(b"pixels", "image/png")
    made = add_examination(records, patient_id, ExaminationDetails("skin"), [bare], "dr-amal")
    with records.reading() as session:
        with pytest.raises(UsageError, match="needs at least one image"):
            decide_on_record(session, made.id)
        with pytest.raises(RecordUnknownError, match="that of a examination"):
            decide_on_record(session, "7")
