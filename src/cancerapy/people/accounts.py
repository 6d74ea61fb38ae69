"""Accounts: made, changed and closed, each change with its entry in the audit log."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cancerapy.errors import InvalidRequestError, UnknownNameError
from cancerapy.people.account_names import MAX_NAME, check_name, is_name, normal_name
from cancerapy.people.passwords import check_password, hash_password
from cancerapy.people.roles import ACCOUNT_ROLES, Role
from cancerapy.people.tokens import revoke_tokens
from cancerapy.records import RecordConflictError, Records, RecordUnknownError
from cancerapy.records.account_tables import Account
from cancerapy.records.audit import write_entry
from cancerapy.records.plain_text import check_text
from cancerapy.records.row_ids import find
from cancerapy.records.tables import Patient


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is made from.

    Args:
        name: How the person signs in, see ``normal_name``.
        role: What they are.
        password: Their first password; ``None`` where only a provider or tokens sign them in.
        patient_id: The patient's record, for a patient and nobody else.
        subject: The provider's subject of the person.
    """

    name: str
    role: Role
    password: str | None = None
    patient_id: str | None = None
    subject: str | None = None


def parse_role(text: str) -> Role:
    """Return the role of an account.

    Raises:
        UnknownNameError: There is none of this name.
    """
    roles = {role.value: role for role in ACCOUNT_ROLES}
    if text not in roles:
        raise UnknownNameError.of("role", text[:60], roles)
    return roles[text]


def add_account(records: Records, new: NewAccount, actor: str) -> Account:
    """Make an account.

    Args:
        records: Where.
        new: What it is made from.
        actor: Who makes it.

    Raises:
        InvalidRequestError: Name, password or subject cannot be used, or role and record do not
            fit.
        RecordConflictError: There is an account of this name or subject.
        RecordUnknownError: There is no such patient.
    """
    name = normal_name(new.name)
    check_name(name)
    _check_record(new.role, new.patient_id)
    if new.password is not None:
        check_password(new.password, name)
    subject = check_text(new.subject or "", "subject", max_length=255) or None
    hashed = None if new.password is None else hash_password(new.password)
    with records.writing() as session:
        patient_id = _find_patient_id(session, new.patient_id)
        taken = Account.name == name
        if subject:
            taken |= Account.subject == subject
        if session.scalars(select(Account).where(taken)).first() is not None:
            raise RecordConflictError(
                "A name and a provider's subject belong to one account; there is already one with "
                "this name or subject. Choose another, or change that account.",
                code="account_exists",
                field="name",
            )
        account = Account(
            name=name,
            role=new.role.value,
            patient_id=patient_id,
            password_hash=hashed,
            subject=subject,
        )
        session.add(account)
        session.flush()
        write_entry(session, actor, "account.add", "account", account.id, role=account.role)
        return account


def list_accounts(session: Session) -> list[Account]:
    """Return all accounts by name."""
    return list(session.scalars(select(Account).order_by(Account.name)))


def has_accounts(session: Session) -> bool:
    """Tell whether anybody can sign in."""
    count = select(func.count()).select_from(Account).where(Account.is_active)
    return bool(session.scalar(count))


def find_account(session: Session, name: str) -> Account | None:
    """Return the account of a name, ``None`` if there is none."""
    known = normal_name(name)
    if not is_name(known):  # nobody's; PostgreSQL cannot even be asked about some texts
        return None
    return session.scalars(select(Account).where(Account.name == known)).first()


def get_account(session: Session, name: str) -> Account:
    """Return the account of a name.

    Raises:
        UnknownNameError: There is none; the known ones are named, so for administrators only.
    """
    account = find_account(session, name)
    if account is None:
        known = [other.name for other in list_accounts(session)]
        raise UnknownNameError.of("account", name[:MAX_NAME], known)
    return account


def set_active(records: Records, name: str, *, active: bool, actor: str) -> Account:
    """Close an account and end all its tokens, or open it again.

    Args:
        records: Where.
        name: The account's name.
        active: Whether it is open from now on.
        actor: Who does it.

    Raises:
        UnknownNameError: There is no account of this name.
        RecordConflictError: It is the last administrator who could open another.
    """
    with records.writing() as session:
        account = get_account(session, name)
        _change_active(session, account, active=active, actor=actor)
        return account


def change_account(
    session: Session,
    account: Account,
    role: Role,
    patient_id: str | None,
    *,
    active: bool,
    actor: str,
) -> None:
    """Give an account another role, and close or open it; what stays as it is leaves no entry.

    Its tokens end with either: none of them may do what it was not made for.

    Args:
        session: A session of ``Records.writing``.
        account: The account.
        role: What they are from now on.
        patient_id: The patient's record, for a patient and nobody else.
        active: Whether it is open from now on.
        actor: Who does it.

    Raises:
        InvalidRequestError: Role and record do not fit.
        RecordConflictError: It is the last administrator who can sign in.
        RecordUnknownError: There is no such patient.
    """
    _check_record(role, patient_id)
    patient_id = _find_patient_id(session, patient_id)
    if (account.role, account.patient_id) != (role.value, patient_id):
        if role is not Role.ADMINISTRATOR:
            _check_not_last(session, account)
        before, account.role, account.patient_id = account.role, role.value, patient_id
        n_ended = revoke_tokens(session, account.id)
        details = {"before": before, "role": role.value, "tokens_ended": n_ended}
        write_entry(session, actor, "account.role", "account", account.id, **details)
    if account.is_active != active:
        _change_active(session, account, active=active, actor=actor)


def set_password(
    records: Records,
    account_id: str,
    password: str,
    *,
    actor: str,
    keep_token: str = "",
    instead_of: str | None = None,
) -> int:
    """Give an account another password, end its tokens and return how many.

    Args:
        records: Where.
        account_id: The account's id.
        password: The new password.
        actor: Who does it.
        keep_token: Digest of the one token that stays, that of the request itself.
        instead_of: Hash of the password that it takes the place of; ``None`` for any.

    Raises:
        InvalidRequestError: The password cannot be used.
        RecordConflictError: The account was given another password meanwhile.
        RecordUnknownError: The account is gone.
    """
    with records.reading() as session:
        account = session.get(Account, account_id)
        name = account.name if account else ""
    check_password(password, name)
    hashed = hash_password(password)
    with records.writing() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise RecordUnknownError.of("account", account_id)
        if instead_of is not None and account.password_hash != instead_of:
            raise RecordConflictError(
                "The password that is changed must be the one that was just given; somebody has "
                "set another meanwhile. Sign in anew, with the password that they gave you.",
                field="current",
            )
        account.password_hash = hashed
        n_ended = revoke_tokens(session, account_id, but=keep_token)
        write_entry(session, actor, "account.password", "account", account_id, tokens_ended=n_ended)
        return n_ended


def _check_record(role: Role, patient_id: str | None) -> None:
    if (role is Role.PATIENT) != (patient_id is not None):
        raise InvalidRequestError(
            "A patient's account must belong to a patient's record, and no other account may; "
            f"this one has the role '{role.value}' and "
            f"{'no record' if patient_id is None else 'a record'}. Name the id of the record "
            "for a patient only.",
            code="account_record_invalid",
            field="patient_id",
        )


def _find_patient_id(session: Session, given: str | None) -> str | None:
    """Return the id of a patient's record as it is kept, however it was spelt."""
    return None if given is None else find(session, Patient, "patient", given).id


def _change_active(session: Session, account: Account, *, active: bool, actor: str) -> None:
    if not active and account.is_active:
        _check_not_last(session, account)
    account.is_active = active
    n_ended = 0 if active else revoke_tokens(session, account.id)
    action = "account.enable" if active else "account.disable"
    write_entry(session, actor, action, "account", account.id, tokens_ended=n_ended)


def _check_not_last(session: Session, account: Account) -> None:
    others = select(func.count()).where(
        Account.role == Role.ADMINISTRATOR.value, Account.is_active, Account.id != account.id
    )
    is_one = account.role == Role.ADMINISTRATOR.value and account.is_active
    if is_one and not session.scalar(others):
        raise RecordConflictError(
            f"One administrator must be able to sign in; '{account.name}' is the last. Add "
            "another first.",
            code="last_administrator",
            field="name",
        )
