"""What the administrator's screens show, as plain dataclasses."""

from dataclasses import dataclass, field

from cancerapy.contract.accounts import AccountPage, AccountRecord, TokenRecord
from cancerapy.contract.audit import AuditCheck, AuditPage

ROLES = ("clinician", "reviewer", "administrator", "patient")
PATIENT = "patient"

TOPICS = (
    "account", "token", "sign_in", "sign_out", "access", "patient", "consent", "examination",
    "image", "prediction", "decision", "review", "model", "audit", "records",
)  # fmt: skip
"""Beginnings of the audit log's actions."""


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account as it is being made, or changed.

    Args:
        name: How the person signs in.
        role: One of ``ROLES``.
        patient_id: Id of the patient's record, for a patient.
    """

    name: str = ""
    role: str = ROLES[0]
    patient_id: str = ""


@dataclass(slots=True)
class Administration:
    """Accounts and audit log as far as they are shown.

    Args:
        accounts: Those listed so far; ``None`` while they are not known.
        draft: An account as it is being made, or the role of the one that is shown.
        account: The account that is shown.
        tokens: Its sign-ins and tokens; ``None`` while they are not known.
        given: The password that was just made for it; empty once the screen is left.
        log: Entries of the audit log so far; ``None`` while they are not known.
        topic: One of ``TOPICS`` that the log is limited to; empty for all.
        subject_id: Id of the record that it is limited to; empty for all.
        check: What a check of the log found; ``None`` until one is made.
    """

    accounts: AccountPage | None = None
    draft: AccountDraft = field(default_factory=AccountDraft)
    account: AccountRecord | None = None
    tokens: tuple[TokenRecord, ...] | None = None
    given: str = ""
    log: AuditPage | None = None
    topic: str = ""
    subject_id: str = ""
    check: AuditCheck | None = None
