"""Rows as they stand in the database, where an altered value may be none that could be read.

SQLite takes any value in any column. A check that stopped at the first that is no time, no id or no
text would hide every other alteration; so here each value is read by itself, and a row with one
that no one here wrote says so.
"""

import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Column, ColumnElement, Dialect, Uuid, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from cancerapy.records.tables import Base

FAULTS = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading a value, or working with one that was altered, may raise."""

_BLOCK = 500
"""Rows that are in memory at a time."""


class RawRow(SimpleNamespace):
    """A row with a value under the name of each column, and ``is_readable``.

    What could not be read stands there as some text, which equals nothing that was ever written.
    """

    is_readable: bool


def iter_rows(
    session: Session, table: type[Base], *conditions: ColumnElement[bool], order: str = ""
) -> Generator[RawRow, None, None]:
    """Yield the rows of a table with all their columns.

    Args:
        session: Any session, in ``raw_texts`` where a text may be none.
        table: The table.
        *conditions: What must hold of a row.
        order: Name of the column that gives the order; none in particular if empty.
    """
    columns = list(Base.metadata.tables[table.__tablename__].columns)
    dialect = session.get_bind().dialect
    readers = [(column.name, reader_of(column, dialect)) for column in columns]
    query = select(*(as_raw(column) for column in columns)).where(*conditions)
    if order:
        query = query.order_by(getattr(table, order))
    with closing(session.execute(query.execution_options(yield_per=_BLOCK))) as lines:
        for line in lines:
            row = RawRow(is_readable=True)
            for (name, read), raw in zip(readers, line, strict=True):
                try:
                    value = read(raw)
                except FAULTS:
                    value, row.is_readable = str(raw), False
                setattr(row, name, value)
            yield row


def read_ids(session: Session, table: type[Any]) -> set[str]:
    """Return the ids of all rows of a table, also those that are none."""
    return {to_id(raw) for raw in session.scalars(select(as_raw(table.id)))}


def reader_of(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """Return a function that reads a value of a column, or raises one of ``FAULTS``.

    Args:
        column: The column.
        dialect: Of the database.
    """
    read = column.type.dialect_impl(dialect).result_processor(dialect, None)
    kind = column.type.python_type

    def read_strictly(raw: Any) -> Any:
        if raw is None:
            return None
        value = read(raw) if read else raw
        if isinstance(raw, bytes) or not isinstance(value, kind):
            raise TypeError("the column holds another kind of value")
        if isinstance(value, bool) and value != raw:
            raise ValueError("SQLite takes anything for true or false")
        if isinstance(column.type, Uuid) and isinstance(raw, str) and raw != uuid.UUID(raw).hex:
            raise ValueError("one id in two forms would be two rows")
        return value

    return read_strictly


def as_raw(column: Any) -> ColumnElement[Any]:
    """Return a column for a query that leaves its values as the database has them."""
    return type_coerce(column, NullType())


def to_id(raw: object) -> str:
    """Return an id as it is shown; one that is none as some text."""
    try:
        return str(uuid.UUID(str(raw)))
    except ValueError:
        return str(raw)


@contextmanager
def raw_texts(session: Session) -> Iterator[None]:
    """Let SQLite give a text that is no UTF-8 as bytes, where it would otherwise give nothing.

    Args:
        session: Any session.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    connection: Any = session.connection().connection.driver_connection
    before = connection.text_factory
    connection.text_factory = _to_text
    try:
        yield
    finally:
        connection.text_factory = before


def _to_text(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw
