"""Does what the person asks for: changes the state, asks the server, keeps entries, redraws."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Protocol

import flet as ft

from cancerapy.app.arrival import Arrival
from cancerapy.app.capturing import Capture
from cancerapy.app.client import Client
from cancerapy.app.config import AppConfig
from cancerapy.app.courier import Courier
from cancerapy.app.local import Local
from cancerapy.app.offer import Offer
from cancerapy.app.on_device import OnDevice
from cancerapy.app.outbox import Outbox
from cancerapy.app.own_password import OwnPassword
from cancerapy.app.past import Past
from cancerapy.app.records.keeper import Records
from cancerapy.app.routes import Place, place_shown, reachable, route_of
from cancerapy.app.service import Service
from cancerapy.app.session import SessionKeeper
from cancerapy.app.state import Answer, AppState, Outcome, Preferences, Problem, Screen
from cancerapy.app.storage import Notebook
from cancerapy.app.study import Study
from cancerapy.contract.responses import TaskResponse
from cancerapy.errors import CanceRapyError, StorageError

REDRAW_FROM_SHARE = 0.04
"""Least progress that is drawn, so that a fast upload does not redraw for every packet."""


class Window(Protocol):
    """What the controller needs of the page that it is on."""

    def redraw(self) -> None:
        """Draw the state."""

    async def show_route(self, route: str) -> None:
        """Write a route into the browser's history."""

    def pick_action(self) -> ft.ClientAction:
        """Return what opens the device's gallery and files."""

    async def save_file(self, data: bytes, name: str) -> None:
        """Let the person save a file."""


class Controller:
    """See ``scene.Actions`` for what each method means to the person.

    Args:
        config: Where the server is.
        notebook: What is kept on the device.
        window: Where the state is drawn.
        make_client: Builds the client for an address, a token and a certificate's fingerprint.
    """

    def __init__(
        self,
        config: AppConfig,
        notebook: Notebook,
        window: Window,
        make_client: Callable[..., Client] = Client,
    ) -> None:
        self.state = AppState()
        self._config = config
        self._notebook = notebook
        self._window = window
        self._make_client = make_client
        self._analysis: asyncio.Task[None] | None = None
        self.capture = Capture(self, config.max_picture_bytes)
        self.past = Past(self, notebook, window.save_file)
        self.study = Study(self)
        self.session = SessionKeeper(self)
        self.password = OwnPassword(self)
        self.records = Records(self, self.capture.way, window.save_file)
        folder = config.storage
        self.courier = Courier(self, Outbox(folder / "waiting") if folder else None)
        self.local = Local(self, OnDevice(folder / "bundles") if folder else None)
        self._offer = Offer(self, notebook)
        self.arrival = Arrival(self, self.records)

    async def start(self, place: Place | None, token: str = "") -> None:
        """Read what is kept on the device, show the first screen, and ask the server.

        Args:
            place: The place that the browser's address names, if any.
            token: The server's token, if the browser's address pairs the device with it.
        """
        self.state.preferences = await self._notebook.load_preferences()
        if token:
            await self.change(replace(self.state.preferences, token=token))
        self.state.answers = await self._notebook.load_answers()
        self.state.history = await self._notebook.load_results()
        self.arrival.want(place)
        await self.go(place.screen if place else Screen.HOME)
        await self.local.look()
        await self.connect()

    async def go(self, screen: Screen) -> None:
        """Show a screen, or what has to come before it."""
        self.state.problem = None if self.state.tasks is not None else self.state.problem
        self.state.screen = reachable(screen, self.state)
        self.state.camera_on, self.state.card, self.state.editing = False, "", None
        self.state.licences, self.state.licence = (), None
        self.state.confirming, self.state.lesion_draft, self.state.compared = "", None, None
        self.password.forget()
        self._window.redraw()
        if self.arrival.wanted is None:  # until then the address keeps what it names
            await self._window.show_route(route_of(place_shown(self.state)))
        if self.state.screen in (Screen.LEARN, Screen.SETTINGS):
            await self.study.load()
        await self.records.enter()

    async def connect(self) -> None:
        """Ask the server who it is and what it offers; then send what waits."""
        self.arrival.begin_asking()
        self.state.ways = None
        await self._offer.ask()
        if self.local.service() is None and not self.state.is_offline:
            await self.session.after_connecting()
        self.records.forget()
        await self.arrival.pursue()
        self.redraw()
        self.courier.send_now()

    async def consent(self) -> None:
        """Accept what the app is and is not."""
        await self.change(replace(self.state.preferences, consented=True))
        await self.go(Screen.HOME)
        await self.arrival.pursue()

    async def change(self, preferences: Preferences) -> None:
        """Change what the person has chosen."""
        self.state.preferences = preferences
        self._window.redraw()
        await self._keep(self._notebook.save_preferences(preferences))

    async def choose_task(self, task: TaskResponse) -> None:
        """Begin with a cancer's task."""
        self.state.task, self.state.picture, self.state.outcome = task, None, None
        await self.go(Screen.PATIENT)

    async def answer(self, question_id: str, value: Answer | None) -> None:
        """Keep or forget an answer of the patient."""
        if self.state.task is None:
            return
        own = {**self.state.own_answers}
        own.pop(question_id, None)
        if value is not None:
            own[question_id] = value
        self.state.answers = {**self.state.answers, self.state.task.cancer: own}
        self._window.redraw()
        await self._keep(self._notebook.save_answers(self.state.answers))

    def pick_action(self) -> ft.ClientAction:
        """Return what opens the device's gallery and files."""
        return self._window.pick_action()

    async def open_camera(self) -> None:
        """Show the camera's picture."""
        self.state.camera_on, self.state.problem = True, None
        self._window.redraw()

    async def close_camera(self) -> None:
        """Leave the camera without a picture."""
        self.state.camera_on = False
        self._window.redraw()

    async def take_picture(self, data: bytes, name: str) -> None:
        """Read a picture from gallery, file or camera; a bad one leaves the earlier in place."""
        is_visit = self.state.screen is Screen.EXAMINE
        await (self.records.visit.add if is_visit else self.capture.take)(data, name)

    async def drop_picture(self) -> None:
        """Forget the picture that was chosen."""
        self.state.picture = None

    async def report(self, code: str) -> None:
        """Say that something went wrong on the device."""
        self.state.camera_on, self.state.problem = False, Problem(code)
        self._window.redraw()

    async def analyse(self) -> None:
        """Send the picture and show the result."""
        if self.state.task is None or self.state.picture is None or self.state.sent is not None:
            return
        self.state.sent, self.state.problem = 0.0, None
        self._window.redraw()
        self._analysis = asyncio.create_task(self._analyse(self.state.task))
        try:
            await self._analysis
        except asyncio.CancelledError:
            pass
        except CanceRapyError as error:
            self.complain(error)
        self.state.sent, self._analysis = None, None
        self._window.redraw()

    async def cancel(self) -> None:
        """Stop the analysis that runs."""
        if self._analysis is not None:
            self.courier.drop_held()
            self._analysis.cancel()

    def set_heat_opacity(self, value: float) -> None:
        """Change how much the heat map hides the picture, 0..1."""
        self.state.heat_opacity = value
        self._window.redraw()

    async def open_result(self, outcome_id: str) -> None:
        """Show an earlier result."""
        found = [outcome for outcome in self.state.history if outcome.id == outcome_id]
        if found:
            if found[0].task != self.state.task:  # a picture was checked for its own task
                self.state.picture = None
            self.state.outcome, self.state.task = found[0], found[0].task
            await self.go(Screen.RESULT)

    async def delete_result(self, outcome_id: str) -> None:
        """Forget an earlier result for good."""
        await self._notebook.delete_result(outcome_id)
        self.state.history = tuple(o for o in self.state.history if o.id != outcome_id)
        self.state.confirming = ""
        if self.state.outcome is not None and self.state.outcome.id == outcome_id:
            self.state.outcome = None
        self.state.unsaved = tuple(kept for kept in self.state.unsaved if kept != outcome_id)
        await self.past.save_again()

    async def delete_everything(self) -> None:
        """Forget everything that the app keeps of a person on the device, and begin anew."""
        await self.cancel()
        if self._analysis is not None:  # its answer must not be kept after this
            await asyncio.wait([self._analysis])
        await self._notebook.delete_everything()
        self.courier.clear()
        self.state = AppState(width_px=self.state.width_px, is_web=self.state.is_web)
        await self.go(Screen.WELCOME)
        await self.local.look()
        await self.connect()  # the address and the token are forgotten as well

    def redraw(self) -> None:
        """Draw the state."""
        self._window.redraw()

    def client(self) -> Service:
        """Return what answers: the device where the person wants it, else the server."""
        return self.local.service() or self.server()

    def server(self) -> Client:
        """Return what asks the server that the person has chosen."""
        chosen = self.state.preferences
        own = "" if self.state.is_web else chosen.server
        return self._make_client(own or self._config.server, chosen.token, chosen.fingerprint)

    async def _analyse(self, task: TaskResponse) -> None:
        picture = self.state.picture
        if picture is None:
            return
        answers = self.state.own_answers
        async with self.courier.holding(task, answers, picture.data) as request_id:
            prediction = await self.client().predict(
                task.route, picture.data, answers=answers, on_progress=self._show_progress
            )
            outcome = Outcome(request_id, task, prediction, answers, picture.preview)
            self.state.outcome = outcome
            await self.go(Screen.RESULT)
            await self.past.add(outcome)
            return
        # Here it waits for the server: the history shows it, and the picture is safe.
        self.state.picture = None
        await self.go(Screen.HISTORY)

    def _show_progress(self, share: float) -> None:
        if share - (self.state.sent or 0.0) >= REDRAW_FROM_SHARE or share >= 1:
            self.state.sent = share
            self._window.redraw()

    async def _keep(self, saving: Coroutine[None, None, None]) -> None:
        try:
            await saving
        except StorageError as error:
            self.complain(error)
            self._window.redraw()

    def complain(self, error: CanceRapyError) -> None:
        """Say what went wrong; where a sign-in has ended, ask for another."""
        if not self.session.note_end(error):
            self.state.problem = Problem(error.code, error.message, error.retry_after_s or 0)
