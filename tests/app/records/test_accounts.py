"""What an administrator does with accounts, against a server that keeps what it was asked."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.app.records.accounts import Accounts
from cancerapy.app.records.administration import AccountDraft
from cancerapy.app.records.keeper import Records
from cancerapy.app.routes import ADMINISTRATION, reachable
from cancerapy.app.state import Screen
from cancerapy.contract.accounts import (
    AccountAdded,
    AccountPage,
    AccountRecord,
    PasswordGiven,
    TokenList,
    TokenRecord,
)
from cancerapy.contract.people import AccountResponse, TokensEnded
from cancerapy.errors import RefusedError

SAM = AccountRecord("a1", "sam", "reviewer", True, None, True, None, 1, "2026-11-27T18:05:59+00:00")
TOKEN = TokenRecord("sign-in", "2026-11-27T18:05:59+00:00", "2026-11-28T06:05:59+00:00")


@pytest.fixture
def accounts(desk: Any, clinic: Any) -> Accounts:
    """The accounts of a server that knows one."""
    clinic.answers |= {
        "GET accounts": AccountPage((SAM,), "a1"),
        "POST accounts": AccountAdded(SAM, "abcde-fghjk"),
        "PUT accounts/a1": replace(SAM, role="clinician"),
        "POST accounts/a1/password": PasswordGiven("mnpqr-stuvw", 1),
        "GET accounts/a1/tokens": TokenList((TOKEN,)),
        "DELETE accounts/a1/tokens": TokensEnded(1),
    }
    return Accounts(desk)


def _shown(desk: Any) -> Any:
    return desk.state.records.administration


def test_accounts_are_listed_page_by_page(accounts: Accounts, desk: Any, clinic: Any) -> None:
    asyncio.run(accounts.enter())
    asyncio.run(accounts.more())
    assert [options["params"] for _, options in clinic.asked] == [
        {"limit": 20},
        {"limit": 20, "after": "a1"},
    ]
    assert [one.id for one in _shown(desk).accounts.items] == ["a1", "a1"]


def test_a_new_account_is_shown_with_its_password(
    accounts: Accounts, desk: Any, clinic: Any
) -> None:
    asyncio.run(accounts.begin())
    assert desk.state.screen is Screen.NEW_ACCOUNT
    asyncio.run(accounts.draft(AccountDraft(" sam ", "reviewer", "left from another role")))
    asyncio.run(accounts.add())
    assert clinic.sent("POST accounts") == [
        {"name": "sam", "role": "reviewer", "patient_id": None, "password": None, "subject": None}
    ]
    assert (desk.state.screen, _shown(desk).given) == (Screen.ACCOUNT, "abcde-fghjk")


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (AccountDraft(" "), "account_name_invalid"),
        (AccountDraft("layla", "patient", " "), "account_record_invalid"),
    ],
)
def test_what_is_missing_is_said_before_the_server_is_asked(
    accounts: Accounts, desk: Any, clinic: Any, draft: AccountDraft, code: str
) -> None:
    asyncio.run(accounts.draft(draft))
    asyncio.run(accounts.add())
    assert (desk.state.problem.code, clinic.asked) == (code, [])


def test_a_patient_s_account_names_the_record(accounts: Accounts, clinic: Any) -> None:
    asyncio.run(accounts.draft(AccountDraft("layla", "patient", " p1 ")))
    asyncio.run(accounts.add())
    (sent,) = clinic.sent("POST accounts")
    assert (sent["role"], sent["patient_id"]) == ("patient", "p1")


def test_role_and_access_are_changed_apart(accounts: Accounts, desk: Any, clinic: Any) -> None:
    asyncio.run(accounts.open(SAM))
    asyncio.run(accounts.draft(AccountDraft("sam", "clinician")))
    asyncio.run(accounts.set_open(False))
    asyncio.run(accounts.change_role())
    assert clinic.sent("PUT accounts/a1") == [
        {"role": "reviewer", "is_active": False, "patient_id": None},
        {"role": "clinician", "is_active": True, "patient_id": None},
    ]
    assert _shown(desk).account.role == "clinician"
    assert desk.state.records.note == "account.role_changed"


def test_another_password_is_shown_until_the_screen_is_left(accounts: Accounts, desk: Any) -> None:
    asyncio.run(accounts.open(SAM))
    asyncio.run(accounts.give_password())
    assert (_shown(desk).given, _shown(desk).tokens) == ("mnpqr-stuvw", ())
    keeper = Records(desk, None, desk.save_file)  # type: ignore[arg-type]
    desk.state.screen = Screen.HOME
    asyncio.run(keeper.enter())
    assert _shown(desk).given == ""


def test_the_screens_read_what_they_show(accounts: Accounts, desk: Any, clinic: Any) -> None:
    keeper = Records(desk, None, desk.save_file)  # type: ignore[arg-type]
    _shown(desk).account = SAM
    for desk.state.screen in (Screen.ACCOUNTS, Screen.ACCOUNT):
        asyncio.run(keeper.enter())
    assert [asked for asked, _ in clinic.asked] == ["GET accounts", "GET accounts/a1/tokens"]
    assert _shown(desk).tokens == (TOKEN,)


def test_sign_ins_are_ended(accounts: Accounts, desk: Any, clinic: Any) -> None:
    asyncio.run(accounts.open(SAM))
    clinic.answers["GET accounts/a1/tokens"] = TokenList(())
    asyncio.run(accounts.end_tokens())
    assert "DELETE accounts/a1/tokens" in [asked for asked, _ in clinic.asked]
    assert (_shown(desk).tokens, desk.state.records.note) == ((), "account.tokens_ended")


def test_a_refusal_is_said_and_changes_nothing(accounts: Accounts, desk: Any, clinic: Any) -> None:
    asyncio.run(accounts.open(SAM))
    clinic.fault = RefusedError("the last", code="last_administrator")
    asyncio.run(accounts.set_open(False))
    assert (desk.state.problem.code, _shown(desk).account) == ("last_administrator", SAM)
    assert desk.state.records.note == ""


@pytest.mark.parametrize("role", ["clinician", "reviewer", "patient"])
def test_the_screens_are_for_administrators(desk: Any, role: str) -> None:
    assert [reachable(one, desk.state) for one in ADMINISTRATION] == [
        Screen.ACCOUNTS,
        Screen.NEW_ACCOUNT,
        Screen.ACCOUNTS,
        Screen.AUDIT,
    ]
    desk.state.account = AccountResponse("rami", (role,), None, True)
    assert {reachable(one, desk.state) for one in ADMINISTRATION} == {Screen.HOME}
