"""What can be asked: the server's offer, and in the packaged app the last one when it is away."""

from typing import Protocol

from cancerapy.app.service import Service
from cancerapy.app.state import AppState
from cancerapy.app.storage import Notebook
from cancerapy.errors import CanceRapyError, ServerDownError, ServerSlowError, StorageError

UNREACHABLE = (ServerDownError, ServerSlowError)
"""The errors that pass by themselves when the network or the server is back."""


class Host(Protocol):
    """What this part needs of the controller."""

    state: AppState

    def redraw(self) -> None:
        """Draw the state."""

    def complain(self, error: CanceRapyError) -> None:
        """Say what went wrong."""

    def client(self) -> Service:
        """Return what answers."""


class Offer:
    """Asks for the tasks and keeps them for when nothing answers.

    Args:
        host: Whose state it changes.
        notebook: What is kept on the device.
    """

    def __init__(self, host: Host, notebook: Notebook) -> None:
        self._host = host
        self._notebook = notebook

    async def ask(self) -> None:
        """Ask who answers and what can be asked."""
        state = self._host.state
        state.problem, state.tasks, state.about, state.models = None, None, None, None
        self._host.redraw()
        service = self._host.client()
        try:
            about = await service.get_about()
            state.about, state.tasks, state.is_offline = about, await service.list_tasks(), False
        except UNREACHABLE as error:
            await self._recall(error)
        except CanceRapyError as error:
            self._host.complain(error)
        else:
            await self._keep()
        self._host.redraw()

    async def _recall(self, error: CanceRapyError) -> None:
        """Show the last offer: what is asked waits until the server is back."""
        state = self._host.state
        kept = None if state.is_web else await self._notebook.load_offer()
        if kept is None:
            self._host.complain(error)
            return
        state.about, state.tasks, state.is_offline = *kept, True

    async def _keep(self) -> None:
        state = self._host.state
        if state.is_web or state.about is None or state.tasks is None:
            return
        try:
            await self._notebook.save_offer(state.about, state.tasks)
        except StorageError as error:
            self._host.complain(error)
