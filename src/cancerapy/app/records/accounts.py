"""Accounts in the app, for an administrator: list, add, change, a new password, end sign-ins."""

from typing import cast

from cancerapy.app.records.administration import PATIENT, AccountDraft, Administration
from cancerapy.app.records.administration_client import AdministrationClient
from cancerapy.app.records.host import Host, asking_server, refuse
from cancerapy.app.state import Screen
from cancerapy.contract.accounts import (
    AccountChange,
    AccountPage,
    AccountRecord,
    AccountRequest,
    AccountRole,
)


class Accounts:
    """See ``actions.AccountActions`` for what each method means to the person.

    Args:
        host: The controller.
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    async def enter(self) -> None:
        """List the newest accounts."""
        async with asking_server(self._host) as server:
            self._shown.accounts = await AdministrationClient(server).list_accounts()

    async def more(self) -> None:
        """List more accounts."""
        known = self._shown.accounts
        if known is None or known.next is None:
            return
        async with asking_server(self._host) as server:
            page = await AdministrationClient(server).list_accounts(known.next)
            self._shown.accounts = AccountPage((*known.items, *page.items), page.next)

    async def begin(self) -> None:
        """Show an empty form."""
        self._shown.draft = AccountDraft()
        await self._host.go(Screen.NEW_ACCOUNT)

    async def draft(self, draft: AccountDraft) -> None:
        """Keep what is being typed or chosen."""
        is_drawn_anew = draft.role != self._shown.draft.role
        self._shown.draft = draft
        if is_drawn_anew:
            self._host.redraw()

    async def add(self) -> None:
        """Make the account and show it with its password."""
        draft = self._shown.draft
        if not draft.name.strip():
            refuse(self._host, "account_name_invalid")
            return
        if not _has_record(draft):
            refuse(self._host, "account_record_invalid")
            return
        wanted = AccountRequest(draft.name.strip(), _role(draft), _record(draft))
        async with asking_server(self._host) as server:
            made = await AdministrationClient(server).add_account(wanted)
            await self._show(made.account, made.password or "")

    async def open(self, account: AccountRecord) -> None:
        """Show an account."""
        await self._show(account, "")

    async def list_tokens(self) -> None:
        """List the sign-ins and tokens of the account that is shown."""
        account = self._shown.account
        if account is not None:
            async with asking_server(self._host) as server:
                found = await AdministrationClient(server).list_tokens(account.id)
                self._shown.tokens = found.tokens

    async def change_role(self) -> None:
        """Give the account the role that was chosen."""
        account, draft = self._shown.account, self._shown.draft
        if account is None:
            return
        if not _has_record(draft):
            refuse(self._host, "account_record_invalid")
            return
        change = AccountChange(_role(draft), account.is_active, _record(draft))
        await self._change(account, change, "account.role_changed")

    async def set_open(self, is_open: bool) -> None:
        """Close the account, or open it again."""
        account = self._shown.account
        if account is not None:
            change = AccountChange(cast(AccountRole, account.role), is_open, account.patient_id)
            note = "account.is_open" if is_open else "account.is_closed"
            await self._change(account, change, note)

    async def give_password(self) -> None:
        """Have another password made and show it."""
        account = self._shown.account
        if account is not None:
            async with asking_server(self._host) as server:
                given = await AdministrationClient(server).give_password(account.id)
                self._shown.given, self._shown.tokens = given.password or "", ()

    async def end_tokens(self) -> None:
        """End the sign-ins and tokens of the account."""
        account = self._shown.account
        if account is not None:
            async with asking_server(self._host) as server:
                client = AdministrationClient(server)
                await client.end_tokens(account.id)
                self._shown.tokens = (await client.list_tokens(account.id)).tokens
                self._host.state.records.note = "account.tokens_ended"

    async def _change(self, account: AccountRecord, change: AccountChange, note: str) -> None:
        async with asking_server(self._host) as server:
            client = AdministrationClient(server)
            self._shown.account = await client.change_account(account.id, change)
            self._shown.tokens = (await client.list_tokens(account.id)).tokens
            self._host.state.records.note = note

    async def _show(self, account: AccountRecord, password: str) -> None:
        shown = self._shown
        shown.account, shown.tokens = account, None
        shown.draft = AccountDraft(account.name, account.role, account.patient_id or "")
        await self._host.go(Screen.ACCOUNT)
        shown.given = password
        self._host.redraw()

    @property
    def _shown(self) -> Administration:
        return self._host.state.records.administration


def _role(draft: AccountDraft) -> AccountRole:
    return cast(AccountRole, draft.role)


def _record(draft: AccountDraft) -> str | None:
    return draft.patient_id.strip() if draft.role == PATIENT else None


def _has_record(draft: AccountDraft) -> bool:
    """Tell whether a patient's record is named where one is needed."""
    return draft.role != PATIENT or bool(draft.patient_id.strip())
