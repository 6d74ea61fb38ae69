"""Chooses between the server and the device itself, and fetches models onto the device."""

import asyncio
from dataclasses import replace
from typing import Protocol

from cancerapy.app.client import Client
from cancerapy.app.on_device import OnDevice, has_interpreter
from cancerapy.app.state import AppState, Preferences
from cancerapy.errors import CanceRapyError


class Host(Protocol):
    """What this part needs of the controller."""

    state: AppState

    def redraw(self) -> None:
        """Draw the state."""

    def complain(self, error: CanceRapyError) -> None:
        """Say what went wrong."""

    def server(self) -> Client:
        """Return what asks the server."""

    async def change(self, preferences: Preferences) -> None:
        """Change what the person has chosen."""

    async def connect(self) -> None:
        """Ask what can be asked."""


class Local:
    """See ``scene.LocalActions`` for what each method means to the person.

    Args:
        host: Whose state it changes.
        on_device: Answers on the device; ``None`` in a browser.
    """

    def __init__(self, host: Host, on_device: OnDevice | None) -> None:
        self._host = host
        self._on_device = on_device
        self._fetching: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Find out whether the device can answer, and with which models."""
        state = self._host.state
        if self._on_device is not None and await asyncio.to_thread(has_interpreter):
            state.has_interpreter, state.device_models = True, self._on_device.names()
            self._host.redraw()

    def service(self) -> OnDevice | None:
        """Return what answers on the device, if the person wants that and it is possible."""
        state = self._host.state
        is_possible = state.has_interpreter and bool(state.device_models)
        return self._on_device if state.preferences.on_device and is_possible else None

    async def use(self, *, on_device: bool) -> None:
        """Answer on the device, or by the server again."""
        await self._host.change(replace(self._host.state.preferences, on_device=on_device))
        await self._host.connect()

    async def fetch(self) -> None:
        """Fetch the server's models onto the device."""
        if self._on_device is None or self._fetching is not None:
            return
        state = self._host.state
        state.fetched, state.problem = 0.0, None
        self._host.redraw()
        fetching = self._on_device.fetch(self._host.server(), self._show_progress)
        self._fetching = asyncio.create_task(fetching)
        try:
            await self._fetching
        except asyncio.CancelledError:
            pass
        except CanceRapyError as error:
            self._host.complain(error)
        state.fetched, self._fetching = None, None
        state.device_models = self._on_device.names()
        self._host.redraw()

    async def cancel_fetch(self) -> None:
        """Stop fetching; the models that are whole stay."""
        if self._fetching is not None:
            self._fetching.cancel()

    def _show_progress(self, share: float) -> None:
        self._host.state.fetched = share
        self._host.redraw()
