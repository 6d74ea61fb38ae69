"""Tokens: random secrets that stand for an account until they expire or are revoked.

They are kept as digests, so that a copy of the database lets nobody in. 256 random bits need no
slow hash.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from cancerapy.errors import InvalidRequestError
from cancerapy.people.caller import Caller
from cancerapy.people.roles import Role
from cancerapy.people.under_way import digest_of
from cancerapy.records.account_tables import AccessToken, Account
from cancerapy.records.columns import now

MARK = "crapy_"
"""Beginning of every token, by which a scanner for secrets finds one that was published."""

MAX_DAYS = 366
KEPT_AFTER_END = timedelta(days=30)
"""How long the row of a token that has ended is kept."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was just made; it is shown once and never again.

    Args:
        token: The secret.
        expires_at: When it ends.
    """

    token: str
    expires_at: datetime

    @property
    def digest(self) -> str:
        """Under which it is kept."""
        return digest_of(self.token)


def check_lifetime(days: float) -> timedelta:
    """Return how long a token is to hold.

    Args:
        days: As it is asked for; any number.

    Raises:
        InvalidRequestError: It would hold for no time or longer than a year.
    """
    if not 0 < days <= MAX_DAYS:  # not a number is refused as well
        raise InvalidRequestError(
            f"A token must hold for more than no time and at most {MAX_DAYS} days; {days:.3g} days "
            "are asked for. Choose another number.",
            code="token_lifetime_invalid",
            field="days",
        )
    return timedelta(days=days)


def issue_token(session: Session, account_id: str, *, lasts: timedelta, label: str) -> Issued:
    """Make a token for an account.

    Args:
        session: A session of ``Records.writing``.
        account_id: The account.
        lasts: How long it holds.
        label: What it is for, in words.

    Raises:
        InvalidRequestError: It would hold for no time or longer than a year.
    """
    check_lifetime(lasts.total_seconds() / 86400)
    token = MARK + secrets.token_urlsafe(32)
    expires_at = now() + lasts
    session.add(
        AccessToken(
            digest=digest_of(token), account_id=account_id, label=label, expires_at=expires_at
        )
    )
    old = now() - KEPT_AFTER_END
    session.execute(delete(AccessToken).where(AccessToken.expires_at < old))
    return Issued(token, expires_at)


def find_caller(session: Session, token: str) -> Caller | None:
    """Return whom a token stands for; ``None`` if it is unknown, over, revoked or closed.

    Args:
        session: Any session.
        token: The secret as it came.
    """
    if not token.startswith(MARK):
        return None
    found = session.get(AccessToken, digest_of(token))
    if found is None or found.revoked_at is not None or found.expires_at <= now():
        return None
    account = found.account
    return to_caller(account, found.digest) if account.is_active else None


def holds() -> ColumnElement[bool]:
    """Return the condition that a token is neither over nor revoked; its account may be closed."""
    return and_(AccessToken.revoked_at.is_(None), AccessToken.expires_at > now())


def to_caller(account: Account, token_digest: str | None = None) -> Caller:
    """Return an account as the one who sends a request."""
    return Caller(
        name=account.name,
        roles=frozenset({Role(account.role)}),
        account_id=account.id,
        patient_id=account.patient_id,
        token_digest=token_digest,
    )


def revoke_tokens(session: Session, account_id: str, *, but: str = "", only: str = "") -> int:
    """End the tokens of an account now and return how many were ended.

    Args:
        session: A session of ``Records.writing``.
        account_id: The account.
        but: Digest of one that stays.
        only: Digest of the only one that ends; every one by default.
    """
    open_ones = session.scalars(
        select(AccessToken).where(AccessToken.account_id == account_id, holds())
    )
    ended = [t for t in open_ones if t.digest != but and only in ("", t.digest)]
    for token in ended:
        token.revoked_at = now()
    return len(ended)
