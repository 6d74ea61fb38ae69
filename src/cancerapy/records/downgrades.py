"""What was lost when the tables were taken back to an older revision, and when.

The tables of a version before lack some of what a newer one wrote. That it went is no tampering,
but whoever checks the records has to be told; so it is an entry of the audit log.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, inspect
from sqlalchemy.orm import Session

from cancerapy.records.audit import read_details, write_entry
from cancerapy.records.raw_rows import RawRow, iter_rows
from cancerapy.records.tables import AuditEntry

DOWNGRADED = "records.downgrade"


@dataclass(frozen=True, slots=True)
class Downgrade:
    """One taking back of the tables.

    Args:
        number: Number of its entry.
        at: When.
        revision: The revision that the tables were taken back to.
        parts: What went: a table by its name, a column as ``table.column``.
    """

    number: int
    at: str
    revision: str
    parts: frozenset[str]


def list_parts(connection: Connection) -> set[str]:
    """Return all tables of a database by name, and all columns as ``table.column``."""
    found = inspect(connection)
    tables = found.get_table_names()
    columns = {f"{table}.{one['name']}" for table in tables for one in found.get_columns(table)}
    return columns.union(tables)


def note_downgrade(
    connection: Connection, before: str | None, after: str, held: set[str], actor: str
) -> None:
    """Write down that the tables were taken back; nothing where the audit log went as well.

    Args:
        connection: In the transaction in which they were.
        before: Their revision before.
        after: Their revision now.
        held: What ``list_parts`` gave before.
        actor: Who does it.
    """
    left = list_parts(connection)
    if before == after or AuditEntry.__tablename__ not in left:
        return
    lost = sorted(part for part in held - left if part.partition(".")[0] in left or "." not in part)
    with Session(connection) as session:
        write_entry(
            session, actor, DOWNGRADED, "records", after, before=before, after=after, lost=lost
        )
        session.flush()


def list_downgrades(session: Session) -> list[Downgrade]:
    """Return every taking back of the tables that the audit log tells of, oldest first."""
    entries = iter_rows(session, AuditEntry, AuditEntry.action == DOWNGRADED, order="number")
    return [_to_downgrade(entry) for entry in entries]


def _to_downgrade(entry: RawRow) -> Downgrade:
    lost = read_details(entry.details).get("lost")
    parts = frozenset(map(str, lost)) if isinstance(lost, list) else frozenset[str]()
    return Downgrade(entry.number, entry.at, entry.subject_id, parts)
