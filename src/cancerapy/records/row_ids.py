"""Public ids as they come from outside."""

import uuid
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from cancerapy.records.faults import RecordUnknownError

Row = TypeVar("Row")


def check_id(kind: str, record_id: str) -> str:
    """Return an id in its usual form.

    Args:
        kind: What it names, for the message.
        record_id: As given.

    Raises:
        RecordUnknownError: It is no id, so it names nothing.
    """
    try:
        return str(uuid.UUID(record_id))
    except ValueError as error:
        raise RecordUnknownError.of(kind, record_id) from error


def find(session: Session, table: type[Row], kind: str, record_id: str) -> Row:
    """Return the row of an id.

    Args:
        session: Any session.
        table: A table whose primary key is the id.
        kind: What the id names, for the message.
        record_id: As given.

    Raises:
        RecordUnknownError: There is none.
    """
    key: Any = check_id(kind, record_id)
    row = session.get(table, key)
    if row is None:
        raise RecordUnknownError.of(kind, record_id)
    return row
