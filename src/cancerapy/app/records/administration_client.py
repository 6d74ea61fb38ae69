"""What the app asks of a server about accounts and the audit log."""

from dataclasses import asdict

from cancerapy.app.client import Client
from cancerapy.contract.accounts import (
    AccountAdded,
    AccountChange,
    AccountPage,
    AccountRecord,
    AccountRequest,
    NewPassword,
    PasswordGiven,
    TokenList,
)
from cancerapy.contract.audit import AuditCheck, AuditPage
from cancerapy.contract.people import TokensEnded

PAGE = 20
"""Entries that are asked for at once."""

CHECK_TIMEOUT_S = 300.0
"""Longest wait for a check of the audit log: every entry of it is read."""


class AdministrationClient:
    """Asks one server about accounts and the audit log; may raise any ``ClientError``.

    Args:
        client: Asks that server.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    async def list_accounts(self, after: str | None = None) -> AccountPage:
        """Return accounts, newest first."""
        params: dict[str, str | int] = {"limit": PAGE, **({"after": after} if after else {})}
        return await self._client.ask(AccountPage, "GET", "accounts", params=params)

    async def add_account(self, wanted: AccountRequest) -> AccountAdded:
        """Make an account; the server makes its password."""
        return await self._client.ask(AccountAdded, "POST", "accounts", json=asdict(wanted))

    async def change_account(self, account_id: str, wanted: AccountChange) -> AccountRecord:
        """Give an account another role, close it or open it."""
        path = f"accounts/{account_id}"
        return await self._client.ask(AccountRecord, "PUT", path, json=asdict(wanted))

    async def give_password(self, account_id: str) -> PasswordGiven:
        """Have the server make another password for an account."""
        path, body = f"accounts/{account_id}/password", asdict(NewPassword())
        return await self._client.ask(PasswordGiven, "POST", path, json=body)

    async def list_tokens(self, account_id: str) -> TokenList:
        """Return the sign-ins and tokens of an account that hold."""
        return await self._client.ask(TokenList, "GET", f"accounts/{account_id}/tokens")

    async def end_tokens(self, account_id: str) -> TokensEnded:
        """End the sign-ins and tokens of an account."""
        return await self._client.ask(TokensEnded, "DELETE", f"accounts/{account_id}/tokens")

    async def list_log(self, topic: str, subject_id: str, before: int | None = None) -> AuditPage:
        """Return entries of the audit log, newest first."""
        options = {"action": topic, "subject_id": subject_id, "before": before}
        known = {name: value for name, value in options.items() if value}
        return await self._client.ask(AuditPage, "GET", "audit", params={"limit": PAGE, **known})

    async def check_log(self) -> AuditCheck:
        """Return whether the audit log is whole and the records are what it tells of."""
        return await self._client.ask(AuditCheck, "GET", "audit/verify", timeout=CHECK_TIMEOUT_S)
