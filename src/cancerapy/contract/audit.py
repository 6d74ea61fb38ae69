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
class AuditDowngrade:
    """One taking back of the tables to an older revision, with which records went.

    Args:
        number: Number of the entry that tells of it.
        at: When.
        revision: The revision that the tables were taken back to.
        lost: Ids of the decisions and accounts that went, which is no tampering.
    """

    number: int
    at: str
    revision: str
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Whether the audit log is whole, and the records are what it tells of.

    Args:
        is_whole: Whether every entry holds and no record was altered.
        n_entries: Entries that hold.
        head: Hash of the last of them; note it elsewhere to notice a cut end.
        broken_at: Number of the first entry that does not hold; ``None`` if all do.
        reason: What is wrong with it; empty if nothing is.
        altered_predictions: Ids of the predictions that are not what was written, or gone.
        altered_decisions: Ids of the decisions that are not, or gone.
        altered_judgements: Ids of the reviews and consents that are not, or gone.
        altered_patients: Ids of the patients of whom something else is written down than an entry
            tells of, or who came or went without one.
        altered_examinations: Ids of such examinations; answers and images are part of them.
        altered_accounts: Ids of such accounts; role and password are part of them.
        n_without_digest: Patients, examinations and accounts that were last written before the log
            held digests of them: whether they were changed since, nothing can show.
        downgrades: Every taking back of the tables, oldest first.
    """

    is_whole: bool
    n_entries: int
    head: str
    broken_at: int | None
    reason: str
    altered_predictions: tuple[str, ...]
    altered_decisions: tuple[str, ...]
    altered_judgements: tuple[str, ...]
    altered_patients: tuple[str, ...]
    altered_examinations: tuple[str, ...]
    altered_accounts: tuple[str, ...]
    n_without_digest: int
    downgrades: tuple[AuditDowngrade, ...]
