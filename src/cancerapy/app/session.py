"""Signing in and out of a server that wants to know who asks; the token is kept on the device."""

from dataclasses import replace
from typing import Protocol

from cancerapy.app.arrival import Arrival
from cancerapy.app.client import Client
from cancerapy.app.pairing import read_code, read_pairing
from cancerapy.app.records.state import RecordsState, is_signed_in
from cancerapy.app.routes import place_shown
from cancerapy.app.state import AppState, Preferences, Problem, Screen
from cancerapy.contract.people import SignInWays
from cancerapy.errors import CanceRapyError, ClientError

ASKS = "token_required"
"""What a server says that wants to know who asks."""


class Host(Protocol):
    """What signing in needs of the controller."""

    state: AppState
    arrival: Arrival

    async def go(self, screen: Screen) -> None:
        """Show a screen."""

    async def connect(self) -> None:
        """Ask the server who it is and what it offers."""

    async def change(self, preferences: Preferences) -> None:
        """Change what is kept on the device."""

    def server(self) -> Client:
        """Return what asks the server."""

    def complain(self, error: CanceRapyError) -> None:
        """Say what went wrong."""

    def redraw(self) -> None:
        """Draw the state."""


class SessionKeeper:
    """See ``scene.SessionActions`` for what each method means to the person.

    Args:
        host: The controller.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._password = ""  # not in the state: it is forgotten as soon as it was sent
        self._ways = SignInWays(needed=True, password=True, provider=None)

    async def after_connecting(self) -> None:
        """Show the sign-in if the server asked for one, else note who is signed in."""
        state = self._host.state
        if state.ways is not None:
            return  # the server has just said that the sign-in is over, see ``note_end``
        state.account = None
        if state.problem is not None and state.problem.code == ASKS:
            state.ways = await self._ask_ways()
            if state.ways is not None:
                state.problem = None
                await self._host.go(Screen.SIGN_IN)
            return
        if state.problem is None:
            await self._note_account()

    def note_end(self, error: CanceRapyError) -> bool:
        """Show the sign-in where an error means that the sign-in is over; tell whether it does.

        What is shown and typed stays, for the same person only, see ``_note_account``.

        Args:
            error: What the server said.
        """
        state, account = self._host.state, self._host.state.account
        if error.code != ASKS or not is_signed_in(account):
            return False
        self._host.arrival.hold(place_shown(state))
        state.ended = state.sign_in_name = account.name
        state.account, state.ways = None, self._ways
        state.screen, state.problem = Screen.SIGN_IN, None
        state.camera_on, state.confirming = False, ""
        return True

    def draft(self, *, name: str | None = None, password: str | None = None) -> None:
        """Keep what is being typed."""
        if name is not None:
            self._host.state.sign_in_name = name
        if password is not None:
            self._password = password

    async def sign_in(self) -> None:
        """Send name and password; on success begin at home."""
        state, name, password = self._host.state, self._host.state.sign_in_name, self._password
        if state.is_busy:
            return
        if not name.strip() or not password:
            state.problem = Problem("sign_in_empty")
            self._host.redraw()
            return
        state.is_busy, state.problem = True, None
        self._password = ""
        self._host.redraw()
        try:
            signed_in = await self._host.server().sign_in(name, password)
        except ClientError as error:
            self._host.complain(error)
            state.is_busy = False
            self._host.redraw()
            return
        state.is_busy = False
        state.sign_in_name = ""
        await self._begin(signed_in.token)

    async def take(self, route: str) -> bool:
        """Sign in with what an address brings to the app that is open; tell whether it does.

        A browser that comes back from the provider finds the app as it left it.

        Args:
            route: Path and query of the browser's address.
        """
        token, state = await self.find_token(route), self._host.state
        if token:
            if not state.ended:  # else who comes back is known first, see ``_note_account``
                state.records = RecordsState()
            await self._begin(token)
        return bool(token)

    async def find_token(self, route: str) -> str:
        """Return the token that an address brings, or the one for its code; empty for none.

        Args:
            route: Path and query of the browser's address.
        """
        token, code = read_pairing(route).token, read_code(route)
        if token or not code:
            return token
        try:
            return (await self._host.server().redeem_code(code)).token
        except ClientError as error:
            self._host.complain(error)
            self._host.redraw()
            return ""

    async def sign_out(self) -> None:
        """End the token everywhere and forget it here, the latter even without the server."""
        state = self._host.state
        try:
            await self._host.server().sign_out()
        except ClientError as error:
            if error.code != ASKS:
                self._host.complain(error)
        problem = state.problem
        state.account = None
        await self._begin("")
        state.problem = state.problem or problem
        self._host.redraw()

    async def _note_account(self) -> None:
        """Note who is signed in; where another's sign-in had ended, forget what they saw."""
        state = self._host.state
        try:
            state.account = await self._host.server().get_account()
        except ClientError as error:  # an older server knows no accounts
            if error.code == ASKS:
                self._host.complain(error)
        if is_signed_in(state.account):
            self._ways = await self._ask_ways() or self._ways
        ended, state.ended = state.ended, ""
        if ended and (state.account is None or state.account.name != ended):
            state.records = RecordsState()
            self._host.arrival.drop()
            await self._host.go(state.screen)

    async def _begin(self, token: str) -> None:
        state = self._host.state
        state.ways = None
        await self._host.change(replace(state.preferences, token=token))
        await self._host.go(Screen.HOME)
        await self._host.connect()

    async def _ask_ways(self) -> SignInWays | None:
        try:
            return await self._host.server().get_ways()
        except ClientError:  # an older server has only a token, which the settings take
            return None
