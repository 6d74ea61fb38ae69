"""What the rows of patients, examinations and accounts say, as digests for the audit log.

These rows change, so no trigger of the database can guard them. Whenever one is written, the entry
of the log holds a digest of all that it says from now on, and of all that it said before:
``row_integrity`` finds there what was changed without an entry, even where an entry came after.

The log stays after an erasure, and a plain digest would give a birth year or a known name away to
whoever tries them all. So the digest is an HMAC under 32 random bytes that stand in the row itself:
they leave with it, and are others after each change, so that what was corrected cannot be tried
either. Who would fit another row to a digest has to find a collision of SHA-256.
"""

import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Row, Select, Table, outerjoin, select
from sqlalchemy.orm import Session

from cancerapy.records.account_tables import Account
from cancerapy.records.raw_rows import FAULTS, as_raw, reader_of, to_id
from cancerapy.records.tables import Base, Examination, ExaminationImage, Patient, PatientIdentifier

DIGEST = "content_hmac"
DIGEST_BEFORE = "content_hmac_before"
"""Names in an entry's details: of what the row says after what the entry tells, and before it."""

UNREADABLE = ""
"""Stands for the digest of a row that holds what no one here wrote, for instance no JSON."""

KINDS: dict[str, type[Patient | Examination | Account]] = {
    "patient": Patient,
    "examination": Examination,
    "account": Account,
}
"""The tables by the word that the log has for their rows."""

_PARTS: dict[str, type[PatientIdentifier | ExaminationImage]] = {
    "patient": PatientIdentifier,
    "examination": ExaminationImage,
}
"""Tables whose rows belong to what a row of these kinds says."""

_KEY = "content_key"
_CHANGED = "cancerapy_changed"
_BLOCK = 500


def note_changes(session: Session, *_: object) -> None:
    """Give rows that are about to be written a fresh key, and remember what they said before.

    A listener to ``before_flush``, so that no writer has to think of it.

    Args:
        session: A session of ``Records.writing``.
    """
    changed = session.info.setdefault(_CHANGED, {})
    fresh = set(session.new)
    for row in [*fresh, *session.dirty]:
        kind = next((kind for kind, table in KINDS.items() if isinstance(row, table)), None)
        if kind is None or (row not in fresh and not session.is_modified(row)):
            continue
        if row not in changed:
            changed[row] = None if row in fresh else _digest_of(session, kind, row.id)
        row.content_key = secrets.token_hex(32)


def take_digests(session: Session, kind: str, record_id: str) -> dict[str, str]:
    """Return what an entry about a row has to hold; nothing if it was not changed since the last.

    Args:
        session: A session of ``Records.writing``, all of whose changes are in the database.
        kind: Kind of the record that the entry is about.
        record_id: Its id.
    """
    changed = session.info.get(_CHANGED, {})
    own = KINDS.get(kind)
    row = next((r for r in changed if own and isinstance(r, own) and r.id == record_id), None)
    if row is None:
        return {}
    before = changed.pop(row)
    said = {DIGEST: str(_digest_of(session, kind, record_id))}
    return said if before is None else said | {DIGEST_BEFORE: before}


def iter_digests(
    session: Session, kind: str, record_id: str | None = None
) -> Iterator[tuple[str, str | None]]:
    """Yield id and digest of every row of a kind as it stands in the database, by id.

    The digest is ``None`` where the row has no key: it was last written before there were any.

    Args:
        session: Any session.
        kind: One of ``KINDS``.
        record_id: Of this row only.
    """
    query, columns = _select(kind, record_id)
    dialect = session.get_bind().dialect
    readers = [reader_of(column, dialect) for column in columns]
    own = Base.metadata.tables[KINDS[kind].__tablename__]
    rows = session.execute(query.execution_options(yield_per=_BLOCK))
    place = columns.index(own.c.id)
    for raw_id, lines in groupby(rows, key=lambda row: row[place]):
        try:
            yield readers[place](raw_id), _digest(own, columns, readers, lines)
        except FAULTS:
            yield to_id(raw_id), UNREADABLE


def _digest_of(session: Session, kind: str, record_id: str) -> str | None:
    return next((digest for _, digest in iter_digests(session, kind, record_id)), None)


def _select(kind: str, record_id: str | None) -> tuple[Select[*tuple[Any, ...]], list[Column[Any]]]:
    """Return a query that leaves values as they are, since an altered one may be unreadable."""
    own = Base.metadata.tables[KINDS[kind].__tablename__]
    parts = Base.metadata.tables[_PARTS[kind].__tablename__] if kind in _PARTS else None
    columns = [*own.columns, *(parts.columns if parts is not None else ())]
    raw = (as_raw(column) for column in columns)
    query = select(*raw).order_by(own.c.id)
    if parts is not None:
        query = query.select_from(outerjoin(own, parts))
    if record_id is not None:
        query = query.where(own.c.id == record_id)
    return query, columns


def _digest(
    own: Table,
    columns: list[Column[Any]],
    readers: list[Callable[[Any], Any]],
    lines: Iterable[Row[Any]],
) -> str | None:
    """Return the digest of one row, which stands in a line for each of its parts.

    Empty values are left out: a column that a later version adds changes no digest until filled.
    """
    said: dict[str, Any] = {}
    parts = []
    for line in lines:
        part: dict[str, Any] = {}
        for column, read, raw in zip(columns, readers, line, strict=True):
            if raw is None:
                continue
            (said if column.table is own else part)[column.name] = read(raw)
        parts.append(json.dumps(part, sort_keys=True, default=str))
    key = said.pop(_KEY, None)
    if key is None:
        return None
    content = json.dumps([said, sorted(parts)], sort_keys=True, default=str)
    return hmac.digest(str(key).encode(), content.encode(), "sha256").hex()
