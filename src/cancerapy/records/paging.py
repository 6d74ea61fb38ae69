"""Lists in pages, newest first: each page begins after the last row of the one before.

A row that comes or goes between two pages shifts nothing, which an offset would.
"""

from typing import Any, TypeVar

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import Session

from cancerapy.records.account_tables import Account
from cancerapy.records.faults import RecordUnknownError
from cancerapy.records.row_ids import check_id
from cancerapy.records.tables import Examination, Patient, PredictionRow

Row = TypeVar("Row", Patient, Examination, PredictionRow, Account)

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


def read_page(
    session: Session,
    query: Select[Row],
    kind: type[Row],
    *,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> tuple[list[Row], str | None]:
    """Return a page of rows and the id to ask for the next one with.

    Args:
        session: Any session.
        query: Selects the rows, without an order.
        kind: The table.
        limit: Most rows, 1 to ``MAX_LIMIT``.
        after: Id of the last row of the page before; the first page if ``None``.

    Raises:
        RecordUnknownError: ``after`` is no id of a row; it may have been erased.
    """
    row: Any = kind
    if after is not None:
        last = session.get(kind, check_id("page", after))
        if last is None:
            raise RecordUnknownError.of("page", after)
        is_same_moment = row.created_at == last.created_at
        query = query.where(
            or_(row.created_at < last.created_at, and_(is_same_moment, row.id < last.id))
        )
    limit = min(max(limit, 1), MAX_LIMIT)
    rows = list(
        session.scalars(query.order_by(row.created_at.desc(), row.id.desc()).limit(limit + 1))
    )
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None
