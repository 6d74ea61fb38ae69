"""The review queue: which machine guesses a person should look at next.

By uncertainty: guesses that nobody has reviewed, those first in which two classes are closest. By
disagreement: guesses on which people contradict each other, where one person contradicts the
machine and a second reader is needed, or where the machine contradicts itself on another image of
the same examination; more contradictions come first, then uncertainty.
"""

import json
from collections.abc import Sequence

import numpy as np
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cancerapy.contract.queue import QueuedGuess, ReviewQueue
from cancerapy.errors import UnknownNameError
from cancerapy.records.reviews import UNUSABLE, reviews_of, to_review
from cancerapy.records.tables import PredictionRow, Review
from cancerapy.runtime.uncertainty import margin_uncertainty

ORDERS = ("uncertainty", "disagreement")
MOST_LOOKED_AT = 5000
"""Newest guesses that are put in order; older ones have waited too long to wait for."""


def read_queue(
    session: Session, *, order: str = "uncertainty", task: str | None = None, limit: int = 50
) -> ReviewQueue:
    """Return the head of the queue.

    Of an image that was judged again only the newest guess waits.

    Args:
        session: Any session.
        order: One of ``ORDERS``.
        task: Guesses of this task alone; all if ``None``.
        limit: Most guesses.

    Raises:
        UnknownNameError: There is no such order.
    """
    if order not in ORDERS:
        raise UnknownNameError.of("order", order, ORDERS)
    rows = _newest(session, task, only_open=order == "uncertainty")
    reviews = reviews_of(session, [row.id for row in rows])
    torn = _torn_examinations(rows) if order == "disagreement" else set()
    waiting = [_to_guess(row, reviews.get(row.id, []), torn) for row in rows]
    if order == "disagreement":
        waiting = [guess for guess in waiting if guess.disagreements]
    waiting.sort(key=lambda guess: (-len(guess.disagreements), -guess.uncertainty))
    return ReviewQueue(tuple(waiting[:limit]), len(waiting))


def uncertainty_of(content: str) -> float:
    """Return how unsure a prediction was, 0..1, from its JSON as it is kept."""
    classes = json.loads(content)["classes"]
    probabilities = np.array([[float(label["probability"]) for label in classes]])
    return float(margin_uncertainty(probabilities)[0])


def _newest(session: Session, task: str | None, *, only_open: bool) -> list[PredictionRow]:
    """Return the newest guess of each image and task."""
    query = select(PredictionRow).order_by(PredictionRow.created_at.desc(), PredictionRow.id)
    if task is not None:
        query = query.where(PredictionRow.task == task)
    if only_open:
        query = query.where(~exists().where(Review.prediction_id == PredictionRow.id))
    found: dict[tuple[str, str | None, str], PredictionRow] = {}
    for row in session.scalars(query.limit(MOST_LOOKED_AT)):
        found.setdefault((row.examination_id, row.examination_image_id, row.task), row)
    return list(found.values())


def _torn_examinations(rows: Sequence[PredictionRow]) -> set[tuple[str, str]]:
    """Return examination and task wherever the machine says different things of its images."""
    said: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        said.setdefault((row.examination_id, row.task), set()).add(row.predicted_class)
    return {key for key, classes in said.items() if len(classes) > 1}


def _to_guess(
    row: PredictionRow, reviews: Sequence[Review], torn: set[tuple[str, str]]
) -> QueuedGuess:
    records = [to_review(review, row.predicted_class) for review in reviews]
    said = {record.reviewer: record.class_id or UNUSABLE for record in records}
    found = []
    if len(set(said.values())) > 1:
        found.append("readers")
    if len(said) == 1 and set(said.values()) - {row.predicted_class, UNUSABLE}:
        found.append("reader_machine")
    if not said and (row.examination_id, row.task) in torn:
        found.append("views")
    return QueuedGuess(
        prediction_id=row.id,
        examination_id=row.examination_id,
        image_id=row.examination_image_id,
        task=row.task,
        model=row.model,
        predicted_class=row.predicted_class,
        uncertainty=uncertainty_of(row.content),
        disagreements=tuple(found),
        n_readers=len(said),
    )
