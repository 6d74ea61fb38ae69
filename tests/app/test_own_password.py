"""One's own password is changed with the present one, and nothing of either is kept."""

import asyncio
from typing import Any

import flet as ft
import pytest

from cancerapy.app.arrival import Arrival
from cancerapy.app.own_password import CHANGED, OwnPassword
from cancerapy.app.routes import Place, reachable
from cancerapy.app.scene import Scene
from cancerapy.app.state import LANGUAGES, AppState, Problem, Screen
from cancerapy.app.strings import load_strings
from cancerapy.app.views.frame import VIEWS
from cancerapy.contract.accounts import AccountRecord
from cancerapy.contract.people import AccountResponse, TokensEnded
from cancerapy.errors import CanceRapyError, RefusedError, ServerDownError
from cancerapy.people.passwords import MAX_LENGTH, MIN_LENGTH

OLD = "seven green umbrellas"
JANE = AccountResponse("jane", ("patient",), "p1", True)
LOCAL = AccountResponse("local", ("clinician",), None, False)


class Host:
    """A controller with a server that takes the password ``OLD``; ``fault`` is raised instead."""

    def __init__(self, state: AppState) -> None:
        self.state = state
        self.sent: list[tuple[str, str]] = []
        self.fault: CanceRapyError | None = None

    async def go(self, screen: Screen) -> None:
        """Show a screen."""
        self.state.screen = screen

    def server(self) -> "Host":
        """Answer like a server."""
        return self

    async def change_password(self, current: str, password: str) -> TokensEnded:
        """Take the right password."""
        self.sent.append((current, password))
        if self.fault:
            raise self.fault
        if current != OLD:
            raise RefusedError("no", code="sign_in_refused")
        return TokensEnded(2)

    def complain(self, error: CanceRapyError) -> None:
        """Keep what went wrong."""
        self.state.problem = Problem(error.code, error.message)

    def redraw(self) -> None:
        """Draw nothing."""


@pytest.fixture
def host(state: AppState) -> Host:
    """Somebody who is signed in."""
    state.account = JANE
    return Host(state)


@pytest.fixture
def own(host: Host) -> OwnPassword:
    """What changes their password."""
    return OwnPassword(host)  # type: ignore[arg-type]


def _change(own: OwnPassword, current: str, password: str, repeated: str) -> None:
    own.draft(current=current)
    own.draft(password=password)
    own.draft(repeated=repeated)
    asyncio.run(own.change())


def test_the_password_is_changed_once(own: OwnPassword, host: Host) -> None:
    _change(own, OLD, "new", "new")
    assert host.sent == [(OLD, "new")]
    assert (host.state.problem, host.state.records.note) == (None, CHANGED)
    asyncio.run(own.change())
    assert host.state.problem.code == "password_empty", "what was typed is forgotten"
    assert OLD not in str(host.state)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (("", "new", "new"), "password_empty"),
        ((OLD, "", ""), "password_empty"),
        ((OLD, "new", ""), "password_empty"),
        ((OLD, "new", "news"), "password_differs"),
    ],
)
def test_what_is_missing_is_said_before_the_server_is_asked(
    own: OwnPassword, host: Host, typed: tuple[str, str, str], code: str
) -> None:
    _change(own, *typed)
    assert (host.state.problem.code, host.sent) == (code, [])


def test_a_wrong_password_is_said_and_can_be_corrected(own: OwnPassword, host: Host) -> None:
    _change(own, "wrong", "new", "new")
    assert (host.state.problem.code, host.state.records.note) == ("password_wrong", "")
    own.draft(current=OLD)
    asyncio.run(own.change())
    assert host.sent == [("wrong", "new"), (OLD, "new")]
    assert host.state.records.note == CHANGED


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (RefusedError("weak", code="password_weak"), "password_weak"),
        (RefusedError("wait", code="sign_in_paused"), "sign_in_paused"),
        (RefusedError("another", code="record_conflict"), "password_replaced"),
        (RefusedError("who?", code="token_required"), "token_required"),
        (ServerDownError("down"), "server_down"),
    ],
)
def test_every_refusal_has_words_of_its_own(
    own: OwnPassword, host: Host, fault: CanceRapyError, code: str
) -> None:
    host.fault = fault
    _change(own, OLD, "new", "new")
    assert (host.state.problem.code, host.state.records.is_busy) == (code, False)
    assert all(load_strings(language).has(f"problem.{code}") for language in LANGUAGES)


def test_leaving_the_screen_forgets_what_was_typed(own: OwnPassword, host: Host) -> None:
    own.draft(current=OLD, password="new", repeated="new")
    own.forget()
    asyncio.run(own.change())
    assert (host.state.problem.code, host.sent) == ("password_empty", [])
    host.state.records.note = "register.done"
    own.forget()
    assert host.state.records.note == "register.done", "it belongs to another screen"
    host.state.records.note = CHANGED
    own.forget()
    assert host.state.records.note == ""


def test_it_is_for_those_who_have_an_account(state: AppState) -> None:
    for account, shown in ((JANE, Screen.PASSWORD), (LOCAL, Screen.HOME), (None, Screen.HOME)):
        state.account = account
        assert reachable(Screen.PASSWORD, state) is shown


def test_its_address_waits_until_it_is_known_who_asks(state: AppState) -> None:
    arrived: list[Place] = []

    class Records:
        async def arrive(self, place: Place) -> None:
            arrived.append(place)

    arrival = Arrival(Host(state), Records())
    arrival.want(Place(Screen.PASSWORD))
    assert arrival.wanted is not None
    state.account = JANE
    asyncio.run(arrival.pursue())
    assert arrived == [Place(Screen.PASSWORD)], "though a patient sees no records"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rule_is_that_of_the_server(language: str) -> None:
    rule = load_strings(language)("password.rule")
    assert str(MIN_LENGTH) in rule
    assert str(MAX_LENGTH) in rule


def test_the_screen_takes_three_passwords_and_shows_none(
    scene: Scene, idle: Any, look: Any
) -> None:
    drawn = VIEWS[Screen.PASSWORD](scene)
    fields = [look.by_key(drawn, f"password-{one}") for one in ("current", "new", "repeated")]
    for field, text in zip(fields, ("a", "b", "c"), strict=True):
        assert (field.password, field.value) == (True, "")
        field.value = text
        field.on_change(ft.Event(name="change", control=field))
    asyncio.run(fields[-1].on_submit())
    asyncio.run(look.by_key(drawn, "password-change").on_click())
    assert idle.called == [
        ("draft", (("current", "a"),)), ("draft", (("password", "b"),)),
        ("draft", (("repeated", "c"),)), ("change", ()), ("change", ()),
    ]  # fmt: skip


def test_once_changed_there_is_nothing_left_to_type(scene: Scene, look: Any) -> None:
    scene.state.records.note = CHANGED
    drawn = VIEWS[Screen.PASSWORD](scene)
    assert scene.say(CHANGED) in look.words(look.by_key(drawn, "note"))
    assert "password-change" not in look.keys(drawn)
    assert not [one for one in look.controls(drawn) if isinstance(one, ft.TextField)]


def test_settings_and_one_s_own_account_lead_there(scene: Scene, idle: Any, look: Any) -> None:
    shown = scene.state.records.administration
    shown.account = AccountRecord("a1", "jane", "reviewer", True, None, True, None, 1, "2026-11-27")
    for screen in (Screen.SETTINGS, Screen.ACCOUNT):
        scene.state.account = None
        assert "to-password" not in look.keys(VIEWS[screen](scene))
        scene.state.account = JANE
        asyncio.run(look.by_key(VIEWS[screen](scene), "to-password").on_click())
    assert idle.called == [("go", (Screen.PASSWORD,))] * 2
