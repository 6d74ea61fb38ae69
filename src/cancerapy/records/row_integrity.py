"""Whether the rows of patients, examinations and accounts say what the audit log tells of them.

Beside ``integrity``, which looks at what is never changed. Here a row may change as often as an
entry says so: the newest digest of the log is compared with what stands in the table, and each
digest of what was before with the one that the log had last. Of the log two short texts are in
memory for each row, of the tables a block of rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_
from sqlalchemy.orm import Session

from cancerapy.records.audit import read_details
from cancerapy.records.contents import DIGEST, DIGEST_BEFORE, KINDS, iter_digests
from cancerapy.records.downgrades import DOWNGRADED, Downgrade
from cancerapy.records.raw_rows import RawRow, iter_rows
from cancerapy.records.tables import AuditEntry

CREATED = {
    "patient.create": "patient",
    "examination.create": "examination",
    "account.add": "account",
}
"""Kind of the record that an entry of an action tells the beginning of."""

_ROLE = "account.role"
_ERASED = ("patient.erase", "examination.erase")


@dataclass(frozen=True, slots=True)
class RowCheck:
    """What a check found.

    Args:
        altered: Ids by kind, sorted, of the rows that say something else than the log has, that it
            does not know, or that are gone although nothing erased them.
        n_without_digest: Rows of which only the presence could be checked.
        lost: Ids of the accounts that went with their table, by the number of the downgrade.
    """

    altered: dict[str, tuple[str, ...]]
    n_without_digest: int
    lost: dict[int, tuple[str, ...]]


def check_rows(session: Session, downgrades: Iterable[Downgrade]) -> RowCheck:
    """Compare every row that may change with what the log tells of it.

    Args:
        session: Any session.
        downgrades: From ``list_downgrades``.
    """
    log = _Log(downgrades)
    actions = (*CREATED, *_ERASED, _ROLE, DOWNGRADED)
    telling = or_(AuditEntry.action.in_(actions), AuditEntry.details.contains(DIGEST))
    for entry in iter_rows(session, AuditEntry, telling, order="number"):
        log.read(entry)
    altered, n_without_digest = {}, 0
    for kind in KINDS:
        told, found = log.told[kind], log.altered[kind]
        for record_id, digest in iter_digests(session, kind):
            if record_id not in told or told[record_id] != digest:
                found.add(record_id)
            elif digest is None:
                n_without_digest += 1
            told.pop(record_id, None)
        altered[kind] = tuple(sorted(found | (told.keys() - log.may_be_gone)))
    return RowCheck(altered, n_without_digest, log.lost)


class _Log:
    """What the entries read so far tell of the rows.

    Args:
        downgrades: From ``list_downgrades``.
    """

    def __init__(self, downgrades: Iterable[Downgrade]) -> None:
        self.told: dict[str, dict[str, str | None]] = {kind: {} for kind in KINDS}
        self.altered: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self.lost: dict[int, tuple[str, ...]] = {}
        self.may_be_gone: set[str] = set()
        self._of_patients: set[str] = set()
        self._downgrades = {one.number: one for one in downgrades}

    def read(self, entry: RawRow) -> None:
        """Take the next entry in."""
        details = read_details(entry.details)
        if entry.action in _ERASED:
            self._erase(entry, details)
        elif entry.action == DOWNGRADED:
            self._lose(self._downgrades[entry.number])
        else:
            self._write(entry, details)

    def _write(self, entry: RawRow, details: dict[str, object]) -> None:
        kind, record_id = entry.subject, entry.subject_id
        if kind not in KINDS:
            return
        told = self.told[kind]
        if entry.action in CREATED:
            told.setdefault(record_id, None)
        if kind == "account" and "role" in details:
            is_patient = details["role"] == "patient"
            (self._of_patients.add if is_patient else self._of_patients.discard)(record_id)
        digest = details.get(DIGEST)
        if not isinstance(digest, str):
            return
        if record_id not in told or told[record_id] != details.get(DIGEST_BEFORE):
            self.altered[kind].add(record_id)
        told[record_id] = digest

    def _erase(self, entry: RawRow, details: dict[str, object]) -> None:
        gone = {
            "examination": read_texts(details.get("examinations")),
            "patient": [],
            "account": [],
        }
        if entry.action == "patient.erase":
            gone["patient"] = [entry.subject_id]
            gone["account"] = read_texts(details.get("accounts"))
            if "accounts" not in details:  # written before the entry named them
                self.may_be_gone |= self._of_patients & self.told["account"].keys()
        for kind, ids in gone.items():
            for record_id in ids:
                self.told[kind].pop(record_id, None)
                self.altered[kind].discard(record_id)

    def _lose(self, downgrade: Downgrade) -> None:
        if "accounts" in downgrade.parts:
            self.lost[downgrade.number] = tuple(sorted(self.told["account"]))
            self.told["account"].clear()
            self.altered["account"].clear()
        for kind, table in KINDS.items():
            if f"{table.__tablename__}.content_key" in downgrade.parts:
                self.told[kind] = dict.fromkeys(self.told[kind])


def read_texts(value: object) -> list[str]:
    """Return the texts of a list in an entry's details; none of anything else."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
