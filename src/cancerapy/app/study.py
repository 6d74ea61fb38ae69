"""What can be read: the models' measured figures and cards, and the licences of all parts."""

import asyncio
from typing import Protocol

from cancerapy.app.licences import Licence, list_licences
from cancerapy.app.service import Service
from cancerapy.app.state import AppState
from cancerapy.errors import CanceRapyError


class Host(Protocol):
    """What this part needs of the controller."""

    state: AppState

    def redraw(self) -> None:
        """Draw the state."""

    def complain(self, error: CanceRapyError) -> None:
        """Say what went wrong."""

    def client(self) -> Service:
        """Return what answers."""


class Study:
    """See ``scene.StudyActions`` for what each method means to the person.

    Args:
        host: Whose state it changes.
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    async def load(self) -> None:
        """Ask the server how its models were measured, unless it is known."""
        if self._host.state.models is None:
            try:
                self._host.state.models = await self._host.client().list_models()
            except CanceRapyError as error:
                self._host.complain(error)
            self._host.redraw()

    async def read_card(self, model: str) -> None:
        """Show a model's card."""
        try:
            self._host.state.card = await self._host.client().read_card(model)
        except CanceRapyError as error:
            self._host.complain(error)
        self._host.redraw()

    async def close_card(self) -> None:
        """Return from the card."""
        self._host.state.card = ""
        self._host.redraw()

    async def open_licences(self) -> None:
        """List the licences of all parts of the app."""
        self._host.state.licences = await asyncio.to_thread(list_licences)
        self._host.redraw()

    async def close_licences(self) -> None:
        """Return from the list."""
        self._host.state.licences = ()
        self._host.redraw()

    async def read_licence(self, licence: Licence) -> None:
        """Show the text of a licence."""
        self._host.state.licence = licence
        self._host.redraw()

    async def close_licence(self) -> None:
        """Return to the list."""
        self._host.state.licence = None
        self._host.redraw()
