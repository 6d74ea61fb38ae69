"""Signing in and out in the app, against a server that keeps its tokens in a set."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.app.config import AppConfig
from cancerapy.app.controller import Controller
from cancerapy.app.records.administration import AccountDraft
from cancerapy.app.records.state import PatientDraft
from cancerapy.app.routes import Place, reachable
from cancerapy.app.scene import Scene
from cancerapy.app.state import AppState, Screen
from cancerapy.app.storage import PREFERENCES, Notebook
from cancerapy.app.strings import load_strings
from cancerapy.app.theme import LIGHT
from cancerapy.app.views.frame import VIEWS
from cancerapy.contract.people import AccountResponse, SignedIn, SignInWays
from cancerapy.contract.responses import About, TaskResponse
from cancerapy.errors import RefusedError, ServerDownError

JANE = AccountResponse("jane", ("reviewer",), None, True)


class Window:
    """Draws nothing; keeps the browser's routes."""

    def __init__(self) -> None:
        self.routes: list[str] = []

    def redraw(self) -> None:
        """Do nothing."""

    async def show_route(self, route: str) -> None:
        """Keep the route."""
        self.routes.append(route)

    def pick_action(self) -> Any:
        """Do nothing."""

    async def save_file(self, data: bytes, name: str) -> None:
        """Do nothing."""


class Server:
    """Wants a token that it has given; ``provider`` is how else to sign in."""

    def __init__(self, task: TaskResponse) -> None:
        self.task = task
        self.tokens = {"paired"}
        self.token = ""
        self.sent: list[tuple[str, str]] = []
        self.is_down, self.is_old = False, False
        self.name, self.roles = "jane", JANE.roles

    def client(self, address: str, token: str, fingerprint: str) -> "Server":
        """Return this server as a client with a token."""
        self.token = token
        return self

    def _check(self) -> None:
        if self.is_down:
            raise ServerDownError("down")
        if self.token not in self.tokens:
            raise RefusedError("who?", code="token_required")

    async def get_about(self) -> About:
        """Say who answers."""
        self._check()
        return About("CanceRapy", "1.0", "v1", 1_000_000, 50, "JPEG")

    async def list_tasks(self) -> tuple[TaskResponse, ...]:
        """Return the one task."""
        return (self.task,)

    async def list_models(self) -> tuple[Any, ...]:
        """Return none."""
        return ()

    async def get_ways(self) -> SignInWays:
        """Say how to sign in."""
        if self.is_old:
            raise RefusedError("what?", code="route_unknown")
        return SignInWays(True, True, "/api/v1/sign-in/oidc")

    async def get_account(self) -> AccountResponse:
        """Say who is signed in."""
        self._check()
        if self.token == "paired":
            raise RefusedError("a device", code="role_refused")
        return AccountResponse(self.name, self.roles, None, True)

    async def read_card(self, model: str) -> str:
        """Return a model's card to who is signed in."""
        self._check()
        return "card"

    async def ask(self, kind: Any, method: str, path: str, **options: Any) -> Any:
        """Answer nothing of the records."""
        self._check()
        raise RefusedError("none", code="record_unknown")

    async def sign_in(self, name: str, password: str) -> SignedIn:
        """Take one password."""
        self.sent.append((name, password))
        if password != "right":
            raise RefusedError("no", code="sign_in_refused")
        self.name = name
        self.tokens.add("fresh")
        return SignedIn("fresh", "2026-01-02T00:00:00+00:00", JANE)

    async def redeem_code(self, code: str) -> SignedIn:
        """Take one code."""
        if code != "good":
            raise RefusedError("no", code="sign_in_refused")
        self.tokens.add("fresh")
        return SignedIn("fresh", "2026-01-02T00:00:00+00:00", JANE)

    async def sign_out(self) -> None:
        """End the token."""
        self._check()
        self.tokens.remove(self.token)


@pytest.fixture
def server(task: TaskResponse) -> Server:
    return Server(task)


@pytest.fixture
def controller(server: Server, store: Any, state: AppState) -> Controller:
    made = Controller(
        AppConfig("http://home"),
        Notebook(store),
        Window(),
        server.client,  # type: ignore[arg-type]
    )
    made.state = state
    state.screen, state.tasks = Screen.HOME, None
    return made


def _type(controller: Controller, name: str, password: str) -> None:
    controller.session.draft(name=name)
    controller.session.draft(password=password)


def _signed_in(controller: Controller) -> None:
    asyncio.run(controller.connect())
    _type(controller, "jane", "right")
    asyncio.run(controller.session.sign_in())


def test_a_server_that_asks_gets_the_sign_in_screen(controller: Controller) -> None:
    asyncio.run(controller.connect())
    state = controller.state
    assert (state.screen, state.problem) == (Screen.SIGN_IN, None)
    assert reachable(Screen.HOME, state) is Screen.SIGN_IN
    assert reachable(Screen.SETTINGS, state) is Screen.SETTINGS
    state.ways = None
    assert reachable(Screen.SIGN_IN, state) is Screen.HOME


def test_nothing_is_asked_before_the_person_has_agreed(controller: Controller) -> None:
    controller.state.preferences = replace(controller.state.preferences, consented=False)
    asyncio.run(controller.connect())
    assert controller.state.screen is Screen.WELCOME
    asyncio.run(controller.consent())
    assert controller.state.screen is Screen.SIGN_IN


def test_the_right_password_leads_home_and_the_token_is_kept(
    controller: Controller, store: Any
) -> None:
    _signed_in(controller)
    state = controller.state
    assert (state.screen, state.account) == (Screen.HOME, JANE)
    assert state.tasks is not None
    assert '"token": "fresh"' in store.values[PREFERENCES]
    assert "right" not in str(store.values), "the password is not kept"


def test_a_wrong_password_is_said_and_forgotten(controller: Controller, server: Server) -> None:
    asyncio.run(controller.connect())
    _type(controller, "jane", "wrong")
    asyncio.run(controller.session.sign_in())
    state = controller.state
    assert (state.screen, state.problem.code) == (Screen.SIGN_IN, "sign_in_refused")
    assert state.sign_in_name == "jane", "the name need not be typed again"
    assert not state.is_busy
    asyncio.run(controller.session.sign_in())
    assert state.problem.code == "sign_in_empty"
    assert server.sent == [("jane", "wrong")]


def test_signing_out_ends_the_token_and_asks_anew(
    controller: Controller, server: Server, store: Any
) -> None:
    _signed_in(controller)
    asyncio.run(controller.session.sign_out())
    state = controller.state
    assert (state.screen, state.account) == (Screen.SIGN_IN, None)
    assert "fresh" not in server.tokens
    assert '"token": ""' in store.values[PREFERENCES]


def test_signing_out_forgets_the_token_even_without_the_server(
    controller: Controller, server: Server, store: Any
) -> None:
    _signed_in(controller)
    server.is_down = True
    asyncio.run(controller.session.sign_out())
    assert '"token": ""' in store.values[PREFERENCES]
    assert controller.state.problem.code == "server_down"


def test_a_sign_in_that_is_over_is_asked_for_anew(controller: Controller, server: Server) -> None:
    _signed_in(controller)
    server.tokens.clear()
    asyncio.run(controller.connect())
    assert controller.state.screen is Screen.SIGN_IN


def _end_while_asking(controller: Controller, server: Server) -> None:
    """Have the server refuse what it accepted before, as when a sign-in is over."""
    server.tokens.clear()
    asyncio.run(controller.study.read_card("toy-3"))


def _sign_in_again(controller: Controller, name: str = "jane") -> None:
    _type(controller, name, "right")
    asyncio.run(controller.session.sign_in())


def test_a_sign_in_that_ends_meanwhile_is_said_and_asked_for(
    controller: Controller, server: Server, idle: Any, look: Any
) -> None:
    _signed_in(controller)
    state = controller.state
    scene = Scene(state, load_strings("en"), LIGHT, idle)
    asyncio.run(controller.go(Screen.LEARN))
    _end_while_asking(controller, server)
    assert (state.screen, state.problem, state.account) == (Screen.SIGN_IN, None, None)
    drawn = VIEWS[Screen.SIGN_IN](scene)
    assert look.words(look.by_key(drawn, "ended")) == (
        "Your sign-in has ended; sign in again to go on where you were."
    )
    assert look.by_key(drawn, "sign-in-name").value == "jane", "only the password is missing"
    assert "sign-in-provider" in look.keys(drawn), "the ways are those of the server"
    _sign_in_again(controller)
    assert (state.screen, state.account, state.ended) == (Screen.LEARN, JANE, "")
    asyncio.run(controller.session.sign_out())
    assert "ended" not in look.keys(VIEWS[Screen.SIGN_IN](scene)), "this one was wanted"


@pytest.mark.parametrize("screen", [Screen.REGISTER, Screen.NEW_ACCOUNT, Screen.CAPTURE])
def test_what_was_typed_is_still_there_after_signing_in_again(
    controller: Controller, server: Server, screen: Screen
) -> None:
    server.roles = ("administrator",) if screen is Screen.NEW_ACCOUNT else ("clinician",)
    _signed_in(controller)
    state = controller.state
    asyncio.run(controller.go(screen))
    assert state.screen is screen
    state.records.draft = PatientDraft("Layla")
    state.records.administration.draft = AccountDraft("omar")
    _end_while_asking(controller, server)
    asyncio.run(controller.go(Screen.HISTORY))  # what lies on the device can be looked at
    assert state.screen is Screen.HISTORY
    for closed in (Screen.HOME, screen):
        asyncio.run(controller.go(closed))
        assert state.screen is Screen.SIGN_IN
    _sign_in_again(controller)
    assert state.screen is screen
    typed = {
        Screen.REGISTER: state.records.draft.name == "Layla",
        Screen.NEW_ACCOUNT: state.records.administration.draft.name == "omar",
        Screen.CAPTURE: state.picture is not None,
    }
    assert typed[screen]


def test_another_person_finds_nothing_of_what_was_typed(
    controller: Controller, server: Server
) -> None:
    server.roles = ("clinician",)
    _signed_in(controller)
    state = controller.state
    asyncio.run(controller.go(Screen.REGISTER))
    state.records.draft = PatientDraft("Layla")
    _end_while_asking(controller, server)
    _sign_in_again(controller, "omar")
    assert (state.screen, state.account.name) == (Screen.HOME, "omar")
    assert (state.records.draft, state.ended) == (PatientDraft(), "")
    assert controller.arrival.wanted is None


def test_the_address_names_the_place_until_the_person_is_back(
    controller: Controller, server: Server
) -> None:
    server.roles, window = ("clinician",), controller._window
    _signed_in(controller)
    asyncio.run(controller.go(Screen.REGISTER))
    _end_while_asking(controller, server)
    _sign_in_again(controller)
    assert window.routes[-1] == "/register"
    assert "/sign-in" not in window.routes[window.routes.index("/register") :]


def test_a_sign_in_that_is_over_when_connecting_again_leads_back_too(
    controller: Controller, server: Server
) -> None:
    _signed_in(controller)
    asyncio.run(controller.go(Screen.HISTORY))
    server.tokens.clear()
    asyncio.run(controller.connect())
    assert (controller.state.screen, controller.state.ended) == (Screen.SIGN_IN, "jane")
    _sign_in_again(controller)
    assert (controller.state.screen, controller.state.account) == (Screen.HISTORY, JANE)


def test_a_device_whose_token_is_over_is_asked_for_another(
    controller: Controller, server: Server
) -> None:
    asyncio.run(controller.start(Place(Screen.HOME), "paired"))
    _end_while_asking(controller, server)
    state = controller.state
    assert (state.problem.code, state.ended, state.ways) == ("token_required", "", None)


def test_a_paired_device_has_no_account(controller: Controller) -> None:
    asyncio.run(controller.start(Place(Screen.HOME), "paired"))
    assert controller.state.tasks is not None
    assert controller.state.account is None


def test_an_older_server_s_token_goes_into_the_settings(
    controller: Controller, server: Server
) -> None:
    server.is_old = True
    asyncio.run(controller.connect())
    assert controller.state.problem.code == "token_required"
    assert controller.state.screen is Screen.HOME


def test_a_code_of_the_provider_is_a_token_once(controller: Controller) -> None:
    find = controller.session.find_token
    assert asyncio.run(find("/pair")) == ""
    assert asyncio.run(find("/history?code=good")) == ""
    assert asyncio.run(find("/pair?token=paired&code=good")) == "paired"
    assert asyncio.run(find("/pair?code=good")) == "fresh"
    assert asyncio.run(find("/pair?code=bad")) == ""
    assert controller.state.problem.code == "sign_in_refused"


def test_who_comes_back_from_the_provider_finds_the_app_as_they_left_it(
    controller: Controller, server: Server
) -> None:
    server.roles = ("clinician",)
    _signed_in(controller)
    asyncio.run(controller.go(Screen.REGISTER))
    controller.state.records.draft = PatientDraft("Layla")
    _end_while_asking(controller, server)
    assert not asyncio.run(controller.session.take("/pair?code=bad"))
    assert controller.state.screen is Screen.SIGN_IN
    assert asyncio.run(controller.session.take("/pair?code=good"))
    state = controller.state
    assert (state.screen, state.records.draft.name) == (Screen.REGISTER, "Layla")


def test_an_address_that_signs_somebody_else_in_shows_them_nothing_of_the_one_before(
    controller: Controller, server: Server
) -> None:
    server.roles = ("clinician",)
    _signed_in(controller)
    controller.state.records.draft = PatientDraft("Layla")
    assert asyncio.run(controller.session.take("/pair?code=good"))
    assert controller.state.records.draft == PatientDraft()


def _keys(scene: Scene, screen: Screen) -> str:
    return str(VIEWS[screen](scene))


def test_the_provider_is_offered_in_a_browser_only(controller: Controller, idle: Any) -> None:
    asyncio.run(controller.connect())
    scene = Scene(controller.state, load_strings("en"), LIGHT, idle)
    assert "sign-in-provider" in _keys(scene, Screen.SIGN_IN)
    controller.state.is_web = False
    assert "sign-in-provider" not in _keys(scene, Screen.SIGN_IN)
    assert "sign-in-password" in _keys(scene, Screen.SIGN_IN)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_settings_say_who_is_signed_in(
    controller: Controller, idle: Any, language: str
) -> None:
    scene = Scene(controller.state, load_strings(language), LIGHT, idle)
    assert "sign-out" not in _keys(scene, Screen.SETTINGS)
    controller.state.account = JANE
    drawn = _keys(scene, Screen.SETTINGS)
    assert "sign-out" in drawn
    assert "jane" in drawn
    assert load_strings(language)("role.reviewer") in drawn
