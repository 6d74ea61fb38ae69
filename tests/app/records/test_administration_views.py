"""The administrator's screens draw what is there, and their controls do what they say."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.app.records.administration import AccountDraft
from cancerapy.app.records.outcome import isolated, minute_of
from cancerapy.app.routes import ADMINISTRATION
from cancerapy.app.scene import Scene
from cancerapy.app.state import LANGUAGES, Screen
from cancerapy.app.strings import load_strings
from cancerapy.app.views.frame import VIEWS, build_frame
from cancerapy.contract.accounts import AccountPage, AccountRecord, TokenRecord
from cancerapy.contract.audit import AuditCheck, AuditDowngrade, AuditPage, AuditRecord
from cancerapy.contract.people import AccountResponse

DAY = "2026-11-27T18:05:59+00:00"
SAM = AccountRecord("a1", "sam", "reviewer", True, None, True, None, 1, DAY)
EVE = AccountRecord("a2", "eve", "patient", False, "p1", False, "7", 0, DAY)
ENTRIES = (
    AuditRecord(9, DAY, "local", "account.add", "account", "a1", {}, "h"),
    AuditRecord(8, DAY, "jane", "made.later", "thing", "", {}, "g"),
)
DOWNGRADE = AuditDowngrade(2, DAY, "0003_older", ("d1", "d2"))
CHECK = AuditCheck(True, 9, "f" * 64, None, "", (), (), (), (), (), (), 0, ())


@pytest.fixture
def office(filled: Scene) -> Scene:
    """A scene in which everything of the administrator's screens is known."""
    shown = filled.state.records.administration
    shown.accounts, shown.account = AccountPage((SAM, EVE), "a2"), SAM
    shown.tokens = (TokenRecord("import", DAY, "2026-12-27T18:05:59+00:00"),)
    shown.given, shown.draft = "12345-abcde", AccountDraft("sam", "reviewer")
    shown.log, shown.check = AuditPage(ENTRIES, 8), CHECK
    return filled


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width_px", [390, 1280])
@pytest.mark.parametrize("screen", ADMINISTRATION)
def test_every_screen_draws_what_is_there(
    office: Scene, screen: Screen, width_px: float, language: str, look: Any
) -> None:
    office.state.screen, office.state.width_px = screen, width_px
    drawn = build_frame(replace(office, say=load_strings(language)))
    keys = look.keys(drawn.controls)
    assert len(set(keys)) == len(keys)
    assert "{" not in look.words(drawn)


def test_the_settings_lead_administrators_there(office: Scene, idle: Any, look: Any) -> None:
    ways = VIEWS[Screen.SETTINGS](office)
    asyncio.run(look.by_key(ways, "to-accounts").on_click())
    asyncio.run(look.by_key(ways, "to-audit").on_click())
    assert idle.called == [("go", (Screen.ACCOUNTS,)), ("go", (Screen.AUDIT,))]
    office.state.account = AccountResponse("rami", ("clinician",), None, True)
    assert "to-accounts" not in look.keys(VIEWS[Screen.SETTINGS](office))


def test_accounts_say_what_they_are(office: Scene, idle: Any, look: Any) -> None:
    drawn = VIEWS[Screen.ACCOUNTS](office)
    sam, eve = (
        look.words(look.by_key(drawn, f"account-{one}")).splitlines() for one in ("a1", "a2")
    )
    day = isolated("2026-11-27")
    assert sam == ["sam", "Reviewer, open", f"Since {day}. Signs in with a password"]
    assert eve == ["eve", "Patient, closed", f"Since {day}. Signs in with the institution"]
    assert "more-accounts" in look.keys(drawn)
    asyncio.run(look.by_key(drawn, "account-a1").on_click())
    assert idle.called == [("open", (SAM,))]


def test_an_account_is_closed_or_opened(office: Scene, idle: Any, look: Any) -> None:
    asyncio.run(look.by_key(VIEWS[Screen.ACCOUNT](office), "account-access").on_click())
    office.state.records.administration.account = EVE
    asyncio.run(look.by_key(VIEWS[Screen.ACCOUNT](office), "account-access").on_click())
    assert idle.called == [("set_open", (False,)), ("set_open", (True,))]


def test_a_password_keeps_its_order_in_arabic(office: Scene, look: Any) -> None:
    drawn = VIEWS[Screen.ACCOUNT](replace(office, say=load_strings("ar")))
    password = look.by_key(drawn, "account-given")
    assert (password.value, password.rtl) == ("12345-abcde", False)
    assert not password.selectable, "screen readers would be told an empty field"
    office.state.records.administration.given = ""
    assert "account-given" not in look.keys(VIEWS[Screen.ACCOUNT](office))


def test_password_and_seal_are_copied(office: Scene) -> None:
    copied: list[str] = []
    watched = replace(office, copy=copied.append)
    for screen in (Screen.ACCOUNT, Screen.AUDIT):
        VIEWS[screen](watched)
    assert copied == ["12345-abcde", "f" * 64]


def test_one_s_own_account_is_not_changed_here(office: Scene, look: Any) -> None:
    offered = {"account-role", "account-access", "make-password", "change-role"}
    assert offered <= set(look.keys(VIEWS[Screen.ACCOUNT](office)))
    office.state.account = AccountResponse("sam", ("administrator",), None, True)
    drawn = VIEWS[Screen.ACCOUNT](office)
    assert not offered & set(look.keys(drawn))
    assert office.say("account.own") in look.words(drawn)


def test_a_patient_s_account_asks_for_the_record(office: Scene, look: Any) -> None:
    assert "account-record" not in look.keys(VIEWS[Screen.NEW_ACCOUNT](office))
    office.state.records.administration.draft = AccountDraft("eve", "patient")
    assert "account-record" in look.keys(VIEWS[Screen.NEW_ACCOUNT](office))


def test_entries_say_who_did_what_in_words(office: Scene, idle: Any, look: Any) -> None:
    drawn = VIEWS[Screen.AUDIT](office)
    first, second = (
        look.words(look.by_key(drawn, f"audit-{number}")).splitlines() for number in (9, 8)
    )
    when = minute_of("2026-11-27T18:05:59+00:00")
    about = f"account {isolated('a1')}"
    assert first == ["Account added", f"No. 9, {when}, by this machine's own user", about]
    assert second == ["made.later", f"No. 8, {when}, by jane"], "what is newer has its own word"
    asyncio.run(look.by_key(drawn, "audit-9").on_click())
    assert idle.called == [("choose_subject", ("a1",))]


def test_a_check_says_in_words_what_it_found(office: Scene, look: Any) -> None:
    def found(check: AuditCheck) -> str:
        office.state.records.administration.check = check
        return look.words(look.by_key(VIEWS[Screen.AUDIT](office), "audit-found"))

    whole = found(CHECK)
    assert "nothing was changed" in whole
    assert "9 entries hold." in whole
    assert "f" * 64 in whole
    broken = found(
        AuditCheck(
            False, 2, "a" * 64, 3, "its content was changed",
            ("g1",), ("d1",), ("r1",), ("p1",), ("e1", "e2"), ("a1",), 1, (DOWNGRADE,),
        )
    )  # fmt: skip
    assert "Something was altered" in broken
    assert "Entry 3 does not hold" in broken
    assert "7 records are not what was written." in broken
    assert "1 patient, examination or account is older than the check" in broken
    back = "the tables were taken back to an older version (entry 2); 2 decisions or accounts"
    assert f"{minute_of(DAY)}: {back}" in broken
    assert "2 entries hold." in broken


def test_what_an_entry_is_about_is_in_the_person_s_language(office: Scene, look: Any) -> None:
    drawn = VIEWS[Screen.AUDIT](replace(office, say=load_strings("ar")))
    assert f"الحساب {isolated('a1')}" in look.words(look.by_key(drawn, "audit-9"))
