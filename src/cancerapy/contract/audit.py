"""What the audit log answers: frozen dataclasses of the standard library."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One entry of the audit log.

    Args:
        number: Its place, from 1.
        at: When.
        actor: Who.
        action: What was done.
        subject: Kind of the record.
        subject_id: Its id.
        details: Counts and digests; nothing personal.
        hash: SHA-256 over the entry and the hash before it.
    """

    number: int
    at: str
    actor: str
    action: str
    subject: str
    subject_id: str
    details: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, newest first.

    Args:
        items: The entries.
        next: Value of the option ``before`` for the next page; ``None`` on the last one.
    """

    items: tuple[AuditRecord, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Whether the audit log is whole, and the records are what it tells of.

    Args:
        is_whole: Whether every entry holds and no prediction, decision, review or consent was
            altered.
        n_entries: Entries that hold.
        head: Hash of the last of them; note it elsewhere to notice a cut end.
        broken_at: Number of the first entry that does not hold; ``None`` if all do.
        reason: What is wrong with it; empty if nothing is.
        altered_predictions: Ids of the predictions that are not what was written, or gone.
        altered_decisions: Ids of the decisions that are not, or gone.
        altered_judgements: Ids of the reviews and consents that are not, or gone.
    """

    is_whole: bool
    n_entries: int
    head: str
    broken_at: int | None
    reason: str
    altered_predictions: tuple[str, ...]
    altered_decisions: tuple[str, ...]
    altered_judgements: tuple[str, ...]
