"""Choosing between the device and the server, and fetching models with a way to stop."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from cancerapy.app.local import Local
from cancerapy.app.state import AppState, Preferences
from cancerapy.errors import BundleError, CanceRapyError


class Device:
    """A device with the models ``lying``; fetching adds one, slowly, or fails."""

    def __init__(self) -> None:
        self.lying: tuple[str, ...] = ("toy-3",)
        self.fault: CanceRapyError | None = None
        self.delay_s = 0.0

    def names(self) -> tuple[str, ...]:
        """Return the models."""
        return self.lying

    async def fetch(self, server: object, on_progress: Callable[[float], None]) -> None:
        """Fetch one more from the right server."""
        assert server == "the server"
        on_progress(0.5)
        await asyncio.sleep(self.delay_s)
        if self.fault:
            raise self.fault
        self.lying = (*self.lying, "other-1")


class Host:
    """A controller without a screen."""

    def __init__(self) -> None:
        self.state = AppState(is_web=False)
        self.complaints: list[CanceRapyError] = []
        self.shares: list[float | None] = []
        self.n_connected = 0

    def redraw(self) -> None:
        """Keep the progress that is drawn."""
        self.shares.append(self.state.fetched)

    def complain(self, error: CanceRapyError) -> None:
        """Keep the complaint."""
        self.complaints.append(error)

    def server(self) -> Any:
        """Return the server."""
        return "the server"

    async def change(self, preferences: Preferences) -> None:
        """Change the preferences."""
        self.state.preferences = preferences

    async def connect(self) -> None:
        """Count."""
        self.n_connected += 1


@pytest.fixture
def host() -> Host:
    """A packaged app."""
    return Host()


@pytest.fixture
def device() -> Device:
    """A device with one model."""
    return Device()


@pytest.fixture
def local(host: Host, device: Device) -> Local:
    """The choice between the two."""
    return Local(host, device)  # type: ignore[arg-type]


def test_the_device_answers_only_if_it_is_wanted_and_can(
    local: Local, host: Host, device: Device
) -> None:
    asyncio.run(local.use(on_device=True))
    assert host.n_connected == 1
    assert local.service() is None
    asyncio.run(local.look())
    assert host.state.device_models == ("toy-3",)
    assert local.service() is device
    asyncio.run(local.use(on_device=False))
    assert local.service() is None


def test_without_a_model_the_server_answers(local: Local, host: Host, device: Device) -> None:
    device.lying = ()
    asyncio.run(local.use(on_device=True))
    asyncio.run(local.look())
    assert local.service() is None


def test_in_a_browser_there_is_no_device(host: Host) -> None:
    local = Local(host, None)  # type: ignore[arg-type]
    asyncio.run(local.look())
    asyncio.run(local.fetch())
    assert not host.state.has_interpreter
    assert host.shares == []


def test_models_are_fetched_with_progress(local: Local, host: Host) -> None:
    asyncio.run(local.fetch())
    assert host.shares == [0.0, 0.5, None]
    assert host.state.device_models == ("toy-3", "other-1")


def test_a_failure_is_said(local: Local, host: Host, device: Device) -> None:
    device.fault = BundleError("damaged")
    asyncio.run(local.fetch())
    assert host.complaints == [device.fault]
    assert (host.state.fetched, host.state.device_models) == (None, ("toy-3",))


def test_fetching_can_be_stopped(local: Local, host: Host, device: Device, until: Any) -> None:
    device.delay_s = 60

    async def stop() -> None:
        running = asyncio.create_task(local.fetch())
        await until(lambda: host.state.fetched == 0.5)
        await local.cancel_fetch()
        await running

    asyncio.run(stop())
    assert (host.state.fetched, host.complaints) == (None, [])
    assert host.state.device_models == ("toy-3",)
