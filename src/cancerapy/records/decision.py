"""What follows from an examination on the record: all its images and answers together.

It is worked out anew from the guesses and answers as they are kept, so that it can be read with its
reasons at any time; the images are not judged again.
"""

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from cancerapy.agent import decide_examination
from cancerapy.cancers import load_task
from cancerapy.contract import Examination, Prediction
from cancerapy.records.examinations import get_examination

_PREDICTION = TypeAdapter(Prediction)


def decide_on_record(
    session: Session, examination_id: str, *, prevalence: float | None = None
) -> Examination:
    """Return the decision of an examination on the record.

    Args:
        session: Any session.
        examination_id: The examination.
        prevalence: Share of malignant findings at the clinic, above 0, below 1; by default that
            of the data set.

    Raises:
        RecordUnknownError: There is no such examination.
        UsageError: The prevalence is out of range, or the examination has no guess.
    """
    kept = get_examination(session, examination_id)
    cancer, task = load_task(kept.task)
    predictions = [
        _PREDICTION.validate_python(guess.prediction)
        for guess in kept.predictions
        if guess.task == kept.task
    ]
    answers = {name: str(answer) for name, answer in kept.answers.items()}
    return decide_examination(cancer, task, predictions, answers=answers, prevalence=prevalence)
