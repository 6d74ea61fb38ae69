"""The audit log: who did what to which record, each entry sealed by a hash over the one before.

An entry holds ids and counts, never a name or what an image shows, so that it stays true after an
erasure. The chain shows any change, gap or insertion. A cut end shows only against a hash that
was noted elsewhere: backups carry one, and ``verify`` prints it.
"""

import hashlib
import json
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cancerapy.contract.audit import AuditPage, AuditRecord
from cancerapy.records.columns import now
from cancerapy.records.contents import take_digests
from cancerapy.records.raw_rows import FAULTS, RawRow, iter_rows
from cancerapy.records.tables import AuditEntry

BEGINNING = "0" * 64
"""The previous hash of the first entry."""

_CUT = "the hash expected is not in the log: its end was cut off, or the hash is of another log"


@dataclass(frozen=True, slots=True)
class ChainState:
    """What a check of the audit log found.

    Args:
        n_entries: Entries that were read.
        head: Hash of the last entry that holds.
        broken_at: Number of the first entry that does not hold; ``None`` if all do.
        reason: What is wrong, with it or with the end of the log; empty if nothing is.
        has_expected: Whether the hash asked for is in the chain; ``None`` if none was.
    """

    n_entries: int
    head: str
    broken_at: int | None
    reason: str
    has_expected: bool | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every entry holds and the hash asked for was met."""
        return self.broken_at is None and self.has_expected is not False


def write_entry(
    session: Session, actor: str, action: str, subject: str, subject_id: str, **details: Any
) -> AuditEntry:
    """Append an entry; it is kept or undone with the transaction of what it tells.

    Where the record is a row that was written in the session, the entry holds digests of what it
    says, see ``contents``: whatever belongs to it has to be written before.

    Args:
        session: A session of ``Records.writing``, so that no two entries follow the same one.
        actor: Who did it: the name of a member of staff, ``"patient"`` and an id, ``"local"``, or
            whoever runs a command.
        action: What was done, for instance ``"patient.create"``.
        subject: Kind of the record.
        subject_id: Its id.
        **details: Plain values for JSON; no personal data.
    """
    session.flush()
    details |= take_digests(session, subject, subject_id)
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)).first()
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        at=now().isoformat(timespec="microseconds"),
        actor=actor,
        action=action,
        subject=subject,
        subject_id=subject_id,
        details=json.dumps(details, sort_keys=True, ensure_ascii=False),
        previous_hash=last.hash if last else BEGINNING,
    )
    entry.hash = seal(entry)
    session.add(entry)
    session.flush()
    return entry


def seal(entry: AuditEntry | RawRow) -> str:
    """Return the SHA-256 over all that an entry says and the hash of the one before it."""
    said = [
        entry.number, entry.at, entry.actor, entry.action, entry.subject, entry.subject_id,
        entry.details, entry.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def read_details(text: str) -> dict[str, Any]:
    """Return the details of an entry, or another object of JSON; empty for anything else.

    Whoever alters a row need not leave JSON in it, and a check has to name it all the same.
    """
    try:
        found = json.loads(text)
    except FAULTS:
        return {}
    return found if isinstance(found, dict) else {}


def list_entries(
    session: Session,
    *,
    subject_id: str = "",
    action: str = "",
    limit: int = 50,
    before: int | None = None,
) -> AuditPage:
    """Return entries, newest first.

    Args:
        session: Any session.
        subject_id: Of this record only.
        action: Of this action only, or of all that begin with it and a dot.
        limit: Most entries, 1 to 200.
        before: Number that all entries are below; from the page before.
    """
    limit = min(max(limit, 1), 200)
    query = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(limit + 1)
    if subject_id:
        query = query.where(AuditEntry.subject_id == subject_id)
    if action:
        beginning = AuditEntry.action.startswith(f"{action}.", autoescape=True)
        query = query.where(or_(AuditEntry.action == action, beginning))
    if before is not None:
        query = query.where(AuditEntry.number < before)
    rows = list(session.scalars(query))
    following = rows[limit - 1].number if len(rows) > limit else None
    return AuditPage(tuple(_to_record(row) for row in rows[:limit]), following)


def verify(session: Session, expected: str = "") -> ChainState:
    """Check every entry of the audit log, in order.

    Args:
        session: Any session.
        expected: A hash noted earlier that has to be in the chain.
    """
    head, n_entries, was_met = BEGINNING, 0, False
    with closing(iter_rows(session, AuditEntry, order="number")) as entries:
        for entry in entries:
            reason = _fault(entry, head, n_entries + 1)
            if reason:
                met = was_met if expected else None
                return ChainState(n_entries, head, entry.number, reason, met)
            head, n_entries = entry.hash, n_entries + 1
            was_met = was_met or head == expected
    if expected and not was_met:
        return ChainState(n_entries, head, None, _CUT, False)
    return ChainState(n_entries, head, None, "", True if expected else None)


def _fault(entry: RawRow, head: str, number: int) -> str:
    if entry.number != number:
        return f"entry {number} is missing"
    if entry.previous_hash != head:
        return "it does not follow the entry before it"
    if not entry.is_readable or entry.hash != seal(entry):
        return "its content was changed"
    return ""


def _to_record(row: AuditEntry) -> AuditRecord:
    return AuditRecord(
        row.number, row.at, row.actor, row.action, row.subject, row.subject_id,
        read_details(row.details), row.hash,
    )  # fmt: skip
