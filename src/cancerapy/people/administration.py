"""What an administrator does with the accounts of others; each change is in the audit log.

Nobody changes their own account here: an administrator would lock themselves out, and a stolen
token would give itself a password that its owner does not know.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cancerapy.contract.accounts import (
    AccountAdded,
    AccountChange,
    AccountPage,
    AccountRecord,
    AccountRequest,
    PasswordGiven,
    TokenList,
)
from cancerapy.people import own_tokens
from cancerapy.people.accounts import (
    NewAccount,
    add_account,
    change_account,
    parse_role,
    set_password,
)
from cancerapy.people.caller import Caller
from cancerapy.people.passwords import make_password
from cancerapy.people.tokens import holds, revoke_tokens
from cancerapy.records import RecordConflictError, Records
from cancerapy.records.account_tables import AccessToken, Account
from cancerapy.records.audit import write_entry
from cancerapy.records.paging import DEFAULT_LIMIT, read_page
from cancerapy.records.row_ids import find


def list_page(
    session: Session, *, limit: int = DEFAULT_LIMIT, after: str | None = None
) -> AccountPage:
    """Return accounts, newest first.

    Args:
        session: Any session.
        limit: Most accounts.
        after: From the page before.
    """
    rows, following = read_page(session, select(Account), Account, limit=limit, after=after)
    return AccountPage(tuple(_to_records(session, rows)), following)


def add(records: Records, wanted: AccountRequest, caller: Caller) -> AccountAdded:
    """Make an account; arguments and errors as ``accounts.add_account``."""
    made = None
    if wanted.password is None and not (wanted.subject or "").strip():
        made = make_password(wanted.name)
    new = NewAccount(
        wanted.name,
        parse_role(wanted.role),
        wanted.password if made is None else made,
        wanted.patient_id,
        wanted.subject,
    )
    account = add_account(records, new, caller.actor)
    with records.reading() as session:
        return AccountAdded(_to_records(session, [account])[0], made)


def change(
    records: Records, account_id: str, wanted: AccountChange, caller: Caller
) -> AccountRecord:
    """Give an account another role, and close or open it.

    Args:
        records: Where.
        account_id: The account's id.
        wanted: What it is from now on.
        caller: Who does it.

    Raises:
        InvalidRequestError: Role and record do not fit.
        RecordConflictError: It is the caller's own, or the last administrator who can sign in.
        RecordUnknownError: There is no such account or patient.
    """
    with records.writing() as session:
        account = _find_other(session, account_id, caller)
        role = parse_role(wanted.role)
        change_account(
            session,
            account,
            role,
            wanted.patient_id,
            active=wanted.is_active,
            actor=caller.actor,
        )
        session.flush()
        return _to_records(session, [account])[0]


def give_password(
    records: Records, account_id: str, password: str | None, caller: Caller
) -> PasswordGiven:
    """Give an account another password and end its tokens.

    Args:
        records: Where.
        account_id: The account's id.
        password: The password; one is made if it is ``None``.
        caller: Who does it.

    Raises:
        InvalidRequestError: The password cannot be used.
        RecordConflictError: It is the caller's own.
        RecordUnknownError: There is no such account.
    """
    with records.reading() as session:
        account = _find_other(session, account_id, caller)
    made = make_password(account.name) if password is None else None
    n_ended = set_password(records, account.id, password or made or "", actor=caller.actor)
    return PasswordGiven(made, n_ended)


def list_tokens(session: Session, account_id: str, caller: Caller) -> TokenList:
    """Return the sign-ins and tokens of an account that hold, newest first.

    Args:
        session: Any session.
        account_id: The account's id.
        caller: Who asks.

    Raises:
        RecordUnknownError: There is no such account.
    """
    account = find(session, Account, "account", account_id)
    return own_tokens.list_tokens(session, account.id, caller)


def end_token(records: Records, account_id: str, token_id: str, caller: Caller) -> None:
    """End one token of an account.

    Args:
        records: Where.
        account_id: The account's id.
        token_id: From ``list_tokens``.
        caller: Who does it.

    Raises:
        RecordUnknownError: There is no such account, or it has no such token that holds.
    """
    with records.reading() as session:
        known_id = find(session, Account, "account", account_id).id
    own_tokens.end_token(records, known_id, token_id, caller)


def end_tokens(records: Records, account_id: str, caller: Caller) -> int:
    """End the sign-ins and tokens of an account, but for the caller's own; return how many.

    Args:
        records: Where.
        account_id: The account's id.
        caller: Who does it.

    Raises:
        RecordUnknownError: There is no such account.
    """
    with records.writing() as session:
        account = find(session, Account, "account", account_id)
        n_ended = revoke_tokens(session, account.id, but=caller.token_digest or "")
        write_entry(
            session, caller.actor, "token.revoke", "account", account.id, tokens_ended=n_ended
        )
        return n_ended


def _find_other(session: Session, account_id: str, caller: Caller) -> Account:
    account = find(session, Account, "account", account_id)
    if account.id == caller.account_id:
        raise RecordConflictError(
            "An account must be changed by another administrator; this one is your own. Your "
            "password you change with '/api/v1/account/password'.",
            code="own_account",
            field="account_id",
        )
    return account


def _to_records(session: Session, rows: Sequence[Account]) -> list[AccountRecord]:
    counts = session.execute(
        select(AccessToken.account_id, func.count())
        .where(AccessToken.account_id.in_([row.id for row in rows]), holds())
        .group_by(AccessToken.account_id)
    )
    n_tokens = {row[0]: row[1] for row in counts}
    return [
        AccountRecord(
            id=row.id,
            name=row.name,
            role=row.role,
            is_active=row.is_active,
            patient_id=row.patient_id,
            has_password=row.password_hash is not None,
            subject=row.subject,
            n_tokens=n_tokens.get(row.id, 0),
            created_at=row.created_at.isoformat(),
        )
        for row in rows
    ]
