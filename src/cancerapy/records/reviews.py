"""Reviews: what people say of a machine guess, and what follows from all that they said."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from cancerapy.cancers import load_task
from cancerapy.contract.records import Agreement, ReviewRecord
from cancerapy.contract.requests import NewReview
from cancerapy.errors import InvalidRequestError, UnknownNameError
from cancerapy.records.agreement import cohen_kappa
from cancerapy.records.audit import write_entry
from cancerapy.records.plain_text import check_text
from cancerapy.records.row_ids import find
from cancerapy.records.tables import PredictionRow, Review

UNUSABLE = "unusable"


def add_review(
    session: Session, prediction_id: str, review: NewReview, reviewer: str
) -> ReviewRecord:
    """Write down what a person says of a prediction.

    Args:
        session: A session of ``Records.writing``.
        prediction_id: The prediction.
        review: What is said; its own ``reviewer`` is not looked at.
        reviewer: Who says it, by name.

    Raises:
        RecordUnknownError: There is no such prediction.
        UnknownNameError: ``class_id`` is no class of the task.
        InvalidRequestError: A correction without a class, a class without a correction, or no
            name.
    """
    prediction = find(session, PredictionRow, "prediction", prediction_id)
    name = check_text(reviewer, "reviewer", max_length=200, needed=True)
    _check_class(review, prediction.task)
    row = Review(
        prediction_id=prediction.id,
        reviewer=name,
        verdict=review.verdict,
        class_id=review.class_id,
        comment=check_text(review.comment, "comment", max_length=4000),
    )
    session.add(row)
    session.flush()
    write_entry(
        session, name, "review.create", "prediction", prediction.id,
        review=row.id, verdict=row.verdict, class_id=row.class_id,
    )  # fmt: skip
    return to_review(row, prediction.predicted_class)


def reviews_of(session: Session, prediction_ids: Iterable[str]) -> dict[str, list[Review]]:
    """Return the reviews of each prediction, oldest first; none has no entry.

    Args:
        session: Any session.
        prediction_ids: The predictions.
    """
    found: dict[str, list[Review]] = {}
    query = select(Review).where(Review.prediction_id.in_(list(prediction_ids)))
    for row in session.scalars(query.order_by(Review.number)):
        found.setdefault(row.prediction_id, []).append(row)
    return found


def to_review(row: Review, predicted_class: str) -> ReviewRecord:
    """Return a row as what the API answers; to agree is to name the predicted class."""
    named = predicted_class if row.verdict == "agree" else row.class_id
    return ReviewRecord(
        row.id, row.reviewer, row.verdict, named, row.comment, row.created_at.isoformat()
    )


def decide(reviews: Sequence[ReviewRecord]) -> tuple[str, str | None]:
    """Return what people made of a prediction, and the class where they confirmed one.

    Args:
        reviews: All reviews, oldest first; the newest of each reviewer counts.

    Returns:
        ``("open", None)``, ``("confirmed", class)``, ``("unusable", None)`` or
        ``("disputed", None)``.
    """
    said = {review.reviewer: review.class_id or UNUSABLE for review in reviews}
    labels = set(said.values())
    if not labels:
        return "open", None
    if len(labels) > 1:
        return "disputed", None
    (label,) = labels
    return (UNUSABLE, None) if label == UNUSABLE else ("confirmed", label)


def measure_agreement(session: Session, task_id: str) -> Agreement:
    """Return how far the first two readers of each prediction agree.

    Args:
        session: Any session.
        task_id: The task.

    Raises:
        UnknownNameError: There is no such task.
    """
    load_task(task_id)
    query = (
        select(Review, PredictionRow.predicted_class)
        .join(PredictionRow, PredictionRow.id == Review.prediction_id)
        .where(PredictionRow.task == task_id)
        .order_by(Review.prediction_id, Review.number)
        .execution_options(yield_per=1000)
    )
    pairs = []
    for _, rows in groupby(session.execute(query), key=lambda row: row[0].prediction_id):
        said: dict[str, str] = {}
        for review, predicted_class in rows:
            record = to_review(review, predicted_class)
            said[record.reviewer] = record.class_id or UNUSABLE
        if len(said) > 1:
            pairs.append(tuple(said.values())[:2])
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    same = sum(one == other for one, other in pairs)
    observed = same / len(pairs) if pairs else None
    return Agreement(task_id, len(pairs), observed, cohen_kappa(first, second))


def _check_class(review: NewReview, task_id: str) -> None:
    if (review.verdict == "correct") != (review.class_id is not None):
        raise InvalidRequestError(
            "A review must name a class where its verdict is 'correct', and only there; this one "
            f"has the verdict '{review.verdict}' and {'a' if review.class_id else 'no'} class. "
            "Send verdict 'correct' with class_id, or 'agree' or 'unusable' without.",
            code="field_invalid",
            field="class_id",
        )
    known = [label.id for label in load_task(task_id)[1].classes]
    if review.class_id is not None and review.class_id not in known:
        raise UnknownNameError.of("class", review.class_id, known)
