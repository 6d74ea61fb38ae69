"""What follows from an examination on the record: all its images and answers together.

What was said when it was made, or its answers were last changed, is kept and read by default. It
can also be worked out now from the guesses and answers as they are kept, for another prevalence for
instance; images are not judged again.
"""

from collections.abc import Mapping

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from cancerapy.agent import decide_examination
from cancerapy.cancers import load_task
from cancerapy.contract import Examination, Origin, Prediction, RecordedDecision
from cancerapy.records.examinations import get_examination
from cancerapy.records.kept_decisions import read_kept, to_recorded

NO_RATES: Mapping[str, float] = {}

_PREDICTION = TypeAdapter(Prediction)


def read_decision(
    session: Session,
    examination_id: str,
    *,
    prevalence: float | None = None,
    now: bool = False,
    rates: Mapping[str, float] = NO_RATES,
) -> RecordedDecision:
    """Return the decision that was kept of an examination, or work it out now.

    Args:
        session: Any session.
        examination_id: The examination.
        prevalence: See ``decide_on_record``; given, it is worked out now.
        now: Work it out now in any case.
        rates: The clinic's own shares of malignant findings by cancer, for what is worked out now
            without a prevalence.

    Raises:
        RecordUnknownError: There is no such examination.
        UsageError: The prevalence is out of range, or the examination has no guess.
    """
    found = get_examination(session, examination_id)
    is_asked = now or prevalence is not None
    kept = [] if is_asked else read_kept(session, [found.id])
    if kept:
        return kept[-1]
    usual = rates.get(found.cancer) if prevalence is None else prevalence
    decided = decide_on_record(session, found.id, prevalence=usual)
    answers = {name: str(answer) for name, answer in found.answers.items()}
    return to_recorded(decided, found.id, Origin.NOW if is_asked else Origin.NOT_KEPT, answers)


def decide_on_record(
    session: Session, examination_id: str, *, prevalence: float | None = None
) -> Examination:
    """Work out now what follows from an examination on the record.

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
