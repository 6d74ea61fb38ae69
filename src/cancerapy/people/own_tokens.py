"""Tokens that people make for their own scripts, over HTTP; on the command line see ``cli.people``.

Making one needs the password, as changing the password does: who has found a token could otherwise
make one that outlasts it. It can do what the account can, and holds no longer than one of the
command line.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cancerapy.contract.accounts import TokenList, TokenMade, TokenRecord, TokenRequest
from cancerapy.errors import InvalidRequestError
from cancerapy.people.caller import Caller
from cancerapy.people.sign_in import SignIn, wrong_password
from cancerapy.people.tokens import check_lifetime, holds, issue_token, revoke_tokens
from cancerapy.records import Records, RecordUnknownError
from cancerapy.records.account_tables import AccessToken, Account
from cancerapy.records.audit import write_entry
from cancerapy.records.plain_text import check_text

ID_LENGTH = 16
"""Digits of a token's digest that name it: 64 bits, of which nobody can find the token."""


def account_of(caller: Caller) -> str:
    """Return the id of the caller's account.

    Raises:
        InvalidRequestError: The request comes from no account.
    """
    if caller.account_id is None:
        raise InvalidRequestError(
            "Passwords and tokens belong to an account; this request has none. Sign in first.",
            code="account_needed",
            field="Authorization",
        )
    return caller.account_id


def make_token(
    records: Records, sign_in: SignIn, wanted: TokenRequest, caller: Caller, address: str
) -> TokenMade:
    """Make a token of the caller's own account.

    Args:
        records: Where.
        sign_in: Checks the password.
        wanted: What it is for, how long it holds, and the caller's password.
        caller: Who makes it.
        address: Where the request comes from, for the pauses after wrong passwords.

    Raises:
        InvalidRequestError: The request comes from no account, the label or the number of days
            cannot be used, the password is wrong, or a pause holds.
    """
    account_id = account_of(caller)
    label = check_text(wanted.label, "label", max_length=200, needed=True)
    lasts = check_lifetime(wanted.days)
    hashed = sign_in.confirm_password(caller, wanted.password, address)
    with records.writing() as session:
        account = session.get(Account, account_id)
        # Closed, or given another password while this one was being compared?
        if account is None or not account.is_active or account.password_hash != hashed:
            raise wrong_password()
        issued = issue_token(session, account_id, lasts=lasts, label=label)
        write_entry(session, caller.actor, "token.issue", "account", account_id, days=wanted.days)
        session.flush()
        made = session.get_one(AccessToken, issued.digest)
        return TokenMade(issued.token, _to_record(made, caller))


def list_tokens(session: Session, account_id: str, caller: Caller) -> TokenList:
    """Return the sign-ins and tokens of an account that hold, newest first.

    Args:
        session: Any session.
        account_id: The account, not checked.
        caller: Who asks; the token of their request is marked.
    """
    query = select(AccessToken).where(AccessToken.account_id == account_id, holds())
    rows = session.scalars(query.order_by(AccessToken.created_at.desc(), AccessToken.digest))
    return TokenList(tuple(_to_record(row, caller) for row in rows))


def end_token(records: Records, account_id: str, token_id: str, caller: Caller) -> None:
    """End one token of an account.

    Args:
        records: Where.
        account_id: The account, not checked.
        token_id: From ``list_tokens``.
        caller: Who ends it.

    Raises:
        RecordUnknownError: The account has no such token that holds.
    """
    with records.writing() as session:
        query = select(AccessToken.digest).where(AccessToken.account_id == account_id, holds())
        found = [one for one in session.scalars(query) if one[:ID_LENGTH] == token_id]
        if not found:
            raise RecordUnknownError.of("token", token_id)
        n_ended = sum(revoke_tokens(session, account_id, only=digest) for digest in found)
        write_entry(
            session, caller.actor, "token.revoke", "account", account_id, tokens_ended=n_ended
        )


def _to_record(row: AccessToken, caller: Caller) -> TokenRecord:
    return TokenRecord(
        label=row.label,
        created_at=row.created_at.isoformat(),
        expires_at=row.expires_at.isoformat(),
        id=row.digest[:ID_LENGTH],
        is_current=row.digest == caller.token_digest,
    )
