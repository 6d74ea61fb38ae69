"""What the server answers about accounts and the audit log is understood."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from cancerapy.api.rendering import to_json
from cancerapy.app.client import Client
from cancerapy.app.records.administration_client import AdministrationClient
from cancerapy.contract.accounts import (
    AccountAdded,
    AccountChange,
    AccountPage,
    AccountRecord,
    AccountRequest,
    PasswordGiven,
    TokenList,
    TokenRecord,
)
from cancerapy.contract.audit import AuditCheck, AuditPage, AuditRecord
from cancerapy.contract.people import TokensEnded

DAY = "2026-11-27T18:05:59+00:00"
SAM = AccountRecord("a1", "sam", "reviewer", True, None, True, None, 1, DAY)
ENTRY = AuditRecord(7, DAY, "jane", "account.role", "account", "a1", {"tokens_ended": 1}, "h")
CHECK = AuditCheck(False, 2, "h", 3, "it was changed", ("g1",), (), (), (), (), ("a1",), 1, ())

Ask = Callable[[AdministrationClient], Awaitable[Any]]


@pytest.mark.parametrize(
    ("route", "answer", "ask"),
    [
        (
            "POST accounts",
            AccountAdded(SAM, "abcde"),
            lambda client: client.add_account(AccountRequest("sam", "reviewer")),
        ),
        ("GET accounts?limit=20", AccountPage((SAM,), None), lambda client: client.list_accounts()),
        (
            "PUT accounts/a1",
            SAM,
            lambda client: client.change_account("a1", AccountChange("reviewer", True)),
        ),
        (
            "POST accounts/a1/password",
            PasswordGiven("abcde", 1),
            lambda client: client.give_password("a1"),
        ),
        (
            "GET accounts/a1/tokens",
            TokenList((TokenRecord("import", DAY, DAY),)),
            lambda client: client.list_tokens("a1"),
        ),
        ("DELETE accounts/a1/tokens", TokensEnded(2), lambda client: client.end_tokens("a1")),
        (
            "GET audit?limit=20&action=account&before=9",
            AuditPage((ENTRY,), 7),
            lambda client: client.list_log("account", "", 9),
        ),
        (
            "GET audit/verify",
            CHECK,
            lambda client: client.check_log(),
        ),
    ],
)
def test_what_the_api_renders_is_read_back(route: str, answer: Any, ask: Ask) -> None:
    asked = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {str(request.url).partition('/api/v1/')[2]}")
        return httpx.Response(200, content=to_json(answer))

    client = Client("http://server", transport=httpx.MockTransport(respond))
    assert asyncio.run(_await(ask, client)) == answer
    assert asked == [route]


async def _await(ask: Ask, client: Client) -> Any:
    return await ask(AdministrationClient(client))
