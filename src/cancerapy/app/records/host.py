"""What the parts of the records need of the controller, and how they ask the server."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from cancerapy.app.client import Client
from cancerapy.app.records.client import RecordsClient
from cancerapy.app.state import AppState, Problem, Screen
from cancerapy.errors import CanceRapyError

SaveFile = Callable[[bytes, str], Awaitable[None]]


class Host(Protocol):
    """What the records need of the controller."""

    state: AppState

    async def go(self, screen: Screen) -> None:
        """Show a screen."""

    def server(self) -> Client:
        """Return what asks the server."""

    def complain(self, error: CanceRapyError) -> None:
        """Say what went wrong."""

    def redraw(self) -> None:
        """Draw the state."""


@asynccontextmanager
async def asking(host: Host) -> AsyncIterator[RecordsClient]:
    """Yield what asks for the records; otherwise as ``asking_server``."""
    async with asking_server(host) as server:
        yield RecordsClient(server)


@asynccontextmanager
async def asking_server(host: Host) -> AsyncIterator[Client]:
    """Yield what asks the server, while the screen says that something is under way.

    What goes wrong inside is said on the screen and ends the block.

    Args:
        host: Whose screen it is.
    """
    state = host.state
    state.records.is_busy, state.problem, state.records.note = True, None, ""
    host.redraw()
    try:
        yield host.server()
    except CanceRapyError as error:
        host.complain(error)
    finally:
        state.records.is_busy = False
        host.redraw()


def refuse(host: Host, code: str) -> None:
    """Say what is missing before the server can be asked."""
    host.state.problem = Problem(code)
    host.redraw()
