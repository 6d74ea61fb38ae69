"""Predictions on the record: written once, read often, never changed."""

import hashlib
import json
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cancerapy.contract import Prediction, to_dict
from cancerapy.contract.records import PredictionPage, PredictionRecord
from cancerapy.records.audit import write_entry
from cancerapy.records.integrity import CREATED
from cancerapy.records.paging import DEFAULT_LIMIT, read_page
from cancerapy.records.reviews import decide, reviews_of, to_review
from cancerapy.records.row_ids import find
from cancerapy.records.tables import PredictionRow, Review

HEAT_DIGITS = 3
"""Digits of a heat map's cells that are kept: more than a screen can show."""


def add_prediction(
    session: Session,
    examination_id: str,
    image_id: str | None,
    prediction: Prediction,
    actor: str,
) -> PredictionRow:
    """Put a model's answer on the record as a machine guess.

    Args:
        session: A session of ``Records.writing``.
        examination_id: The examination.
        image_id: Its image that was judged; ``None`` where several were judged together.
        prediction: The answer.
        actor: Who asked for it.
    """
    content = _to_json(prediction)
    row = PredictionRow(
        examination_id=examination_id,
        examination_image_id=image_id,
        task=prediction.task,
        model=prediction.model,
        predicted_class=prediction.predicted_class,
        content=content,
    )
    session.add(row)
    session.flush()
    write_entry(
        session, actor, CREATED, "prediction", row.id,
        examination=examination_id, image=image_id, model=row.model,
        content_sha256=hashlib.sha256(content.encode()).hexdigest(),
    )  # fmt: skip
    return row


def get_prediction(session: Session, prediction_id: str) -> PredictionRecord:
    """Return a prediction with its reviews.

    Raises:
        RecordUnknownError: There is no such prediction.
    """
    row = find(session, PredictionRow, "prediction", prediction_id)
    return to_predictions(session, [row])[0]


def list_predictions(
    session: Session,
    *,
    task: str | None = None,
    reviewed: Literal["yes", "no"] | None = None,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> PredictionPage:
    """Return predictions, newest first.

    Args:
        session: Any session.
        task: Of this task only.
        reviewed: Only those with, or only those without a review.
        limit: Most predictions.
        after: From the page before.
    """
    query = select(PredictionRow)
    if task is not None:
        query = query.where(PredictionRow.task == task)
    if reviewed is not None:
        has_review = exists().where(Review.prediction_id == PredictionRow.id)
        query = query.where(has_review if reviewed == "yes" else ~has_review)
    rows, following = read_page(session, query, PredictionRow, limit=limit, after=after)
    return PredictionPage(tuple(to_predictions(session, rows)), following)


def to_predictions(session: Session, rows: Sequence[PredictionRow]) -> list[PredictionRecord]:
    """Return rows as what the API answers, in the same order."""
    reviews = reviews_of(session, [row.id for row in rows])
    records = []
    for row in rows:
        said = tuple(to_review(review, row.predicted_class) for review in reviews.get(row.id, ()))
        decision, final_class = decide(said)
        records.append(
            PredictionRecord(
                id=row.id,
                examination_id=row.examination_id,
                image_id=row.examination_image_id,
                task=row.task,
                model=row.model,
                predicted_class=row.predicted_class,
                state=row.state,
                decision=decision,
                final_class=final_class,
                reviews=said,
                prediction=json.loads(row.content),
                created_at=row.created_at.isoformat(),
            )
        )
    return records


def _to_json(prediction: Prediction) -> str:
    content = to_dict(prediction)
    if prediction.heatmap is not None:
        rows = prediction.heatmap.values
        content["heatmap"]["values"] = [[round(v, HEAT_DIGITS) for v in row] for row in rows]
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
