"""What can be asked, also while the server is away."""

import asyncio
from typing import Any

import pytest

from cancerapy.app.offer import Offer
from cancerapy.app.state import AppState
from cancerapy.app.storage import Notebook
from cancerapy.contract.responses import About, TaskResponse
from cancerapy.errors import CanceRapyError, NotOurServerError, ServerDownError

ABOUT = About("CanceRapy", "1.0", "v1", 1_000_000, 50, "JPEG")


class Host:
    """A controller without a screen, with a server that may be away."""

    def __init__(self, task: TaskResponse) -> None:
        self.state, self.task = AppState(is_web=False), task
        self.fault: CanceRapyError | None = None
        self.complaints: list[CanceRapyError] = []

    def redraw(self) -> None:
        """Draw nothing."""

    def complain(self, error: CanceRapyError) -> None:
        """Keep the complaint."""
        self.complaints.append(error)

    def client(self) -> Any:
        """Answer like a server."""
        return self

    async def get_about(self) -> About:
        """Say who answers."""
        if self.fault:
            raise self.fault
        return ABOUT

    async def list_tasks(self) -> tuple[TaskResponse, ...]:
        """Return the one task."""
        return (self.task,)


@pytest.fixture
def host(task: TaskResponse) -> Host:
    """A packaged app whose server answers."""
    return Host(task)


def _ask(host: Host, store: Any) -> None:
    asyncio.run(Offer(host, Notebook(store)).ask())


def test_the_last_offer_is_shown_while_the_server_is_away(host: Host, store: Any) -> None:
    _ask(host, store)
    assert not host.state.is_offline
    host.state = AppState(is_web=False)
    host.fault = ServerDownError("down")
    _ask(host, store)
    assert (host.state.about, host.state.tasks) == (ABOUT, (host.task,))
    assert host.state.is_offline
    assert host.complaints == []
    host.fault = None
    _ask(host, store)
    assert not host.state.is_offline


def test_without_an_earlier_offer_it_is_said(host: Host, store: Any) -> None:
    host.fault = ServerDownError("down")
    _ask(host, store)
    assert host.complaints == [host.fault]
    assert host.state.tasks is None
    assert not host.state.is_offline


def test_what_does_not_pass_by_itself_is_said(host: Host, store: Any) -> None:
    _ask(host, store)
    host.fault = NotOurServerError("a printer")
    _ask(host, store)
    assert host.complaints == [host.fault]
    assert host.state.tasks is None


def test_in_a_browser_nothing_is_kept(host: Host, store: Any) -> None:
    host.state.is_web = True
    _ask(host, store)
    assert store.values == {}
    host.fault = ServerDownError("down")
    _ask(host, store)
    assert host.complaints == [host.fault]


def test_without_room_it_is_said_and_goes_on(host: Host, store: Any) -> None:
    store.is_full = True
    _ask(host, store)
    assert [error.code for error in host.complaints] == ["device_storage_full"]
    assert host.state.tasks == (host.task,)
