"""Signing in: a password or a provider's word against a token, and the same answer to every no."""

from datetime import timedelta

from sqlalchemy import select

from cancerapy.errors import InvalidRequestError
from cancerapy.people.accounts import find_account
from cancerapy.people.caller import Caller
from cancerapy.people.passwords import hash_password, is_outdated, is_password
from cancerapy.people.sign_in_guard import SignInGuard
from cancerapy.people.tokens import Issued, issue_token, revoke_tokens, to_caller
from cancerapy.records import Records
from cancerapy.records.account_tables import Account
from cancerapy.records.audit import write_entry

UNKNOWN = "unknown"
"""Subject of the audit entry of a name that does not exist; what was typed may be a password."""


class SignIn:
    """Signs people in to one set of records.

    Args:
        records: Where the accounts are.
        guard: Counts wrong passwords.
        lasts: How long a sign-in holds.
    """

    def __init__(self, records: Records, guard: SignInGuard, lasts: timedelta) -> None:
        self._records = records
        self._guard = guard
        self._lasts = lasts

    def with_password(self, name: str, password: str, address: str) -> tuple[Issued, Caller]:
        """Return a new token for a name and its password.

        Args:
            name: The account's name.
            password: The password.
            address: Where the request comes from, for the pauses.

        Raises:
            InvalidRequestError: Name or password is wrong, the account is closed, or a pause holds.
            RecordsError: The try cannot be counted now; the password was not compared.
        """
        self._guard.begin(name, address)
        with self._records.reading() as session:
            account = find_account(session, name)
            hashed = account.password_hash if account else None
            account_id = account.id if account else None
        # Outside of any transaction: a computation of a tenth of a second must lock nobody out.
        if not is_password(password, hashed):
            self._note_refusal(account_id)
            raise wrong_password()
        fresh = hash_password(password) if hashed and is_outdated(hashed) else None
        issued = self._issue(account_id, "password", hashed, fresh, tried=(name, address))
        if issued is None:
            self._note_refusal(account_id)
            raise wrong_password()
        return issued

    def with_subject(self, subject: str) -> tuple[Issued, Caller]:
        """Return a new token for a subject that the provider has just confirmed.

        Args:
            subject: The provider's subject of the person.

        Raises:
            InvalidRequestError: No open account has it.
        """
        with self._records.reading() as session:
            found = session.scalars(select(Account).where(Account.subject == subject)).first()
            account_id = found.id if found else None
        issued = self._issue(account_id, "provider", None, None)
        if issued is None:
            self._note_refusal(account_id)
            raise InvalidRequestError(
                "The provider knows you, but an account here must name you; none that is open "
                f"has the subject '{subject[:80]}'. Give this to an administrator.",
                code="account_unknown",
                field="subject",
            )
        return issued

    def confirm_password(self, caller: Caller, password: str, address: str) -> str | None:
        """Check the password of someone who is signed in, before it is changed; return its hash.

        Args:
            caller: Who asks.
            password: What they say it is.
            address: Where the request comes from, for the pauses.

        Raises:
            InvalidRequestError: It is wrong, or a pause holds.
            RecordsError: The try cannot be counted now; the password was not compared.
        """
        self._guard.begin(caller.name, address)
        with self._records.reading() as session:
            account = find_account(session, caller.name)
            hashed = account.password_hash if account else None
        if not is_password(password, hashed):
            self._note_refusal(caller.account_id)
            raise wrong_password()
        with self._records.writing() as session:
            self._guard.succeed(session, caller.name, address)
        return hashed

    def sign_out(self, caller: Caller) -> int:
        """End the token that a request came with and return how many were ended (0 or 1)."""
        if caller.account_id is None or caller.token_digest is None:
            return 0
        with self._records.writing() as session:
            n_ended = revoke_tokens(session, caller.account_id, only=caller.token_digest)
            write_entry(session, caller.actor, "sign_out", "account", caller.account_id)
        return n_ended

    def _issue(
        self,
        account_id: str | None,
        how: str,
        hashed: str | None,
        fresh: str | None,
        tried: tuple[str, str] | None = None,
    ) -> tuple[Issued, Caller] | None:
        if account_id is None:
            return None
        with self._records.writing() as session:
            account = session.get(Account, account_id)
            # Closed, gone or given another password while the old one was being compared?
            if account is None or not account.is_active:
                return None
            if how == "password" and account.password_hash != hashed:
                return None
            account.password_hash = fresh or account.password_hash
            issued = issue_token(session, account_id, lasts=self._lasts, label="sign-in")
            caller = to_caller(account)
            write_entry(session, caller.actor, "sign_in", "account", account_id, how=how)
            if tried is not None:
                self._guard.succeed(session, *tried)
            return issued, caller

    def _note_refusal(self, account_id: str | None) -> None:
        with self._records.writing() as session:
            write_entry(session, "anybody", "sign_in.refused", "account", account_id or UNKNOWN)


def wrong_password() -> InvalidRequestError:
    """Return the error of a name and password that open no account; it says no more than that."""
    return InvalidRequestError(
        "Name and password must be those of an open account; these are not. Check both, or ask an "
        "administrator for a new password.",
        code="sign_in_refused",
        field="name",
    )
