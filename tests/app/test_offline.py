"""The packaged app with a real server that comes and goes: nothing is lost, not even by a kill."""

import asyncio
import runpy
import socket
from pathlib import Path
from typing import Any

import pytest

from cancerapy.app.config import AppConfig
from cancerapy.app.controller import Controller
from cancerapy.app.state import Preferences, Screen, main_tasks
from cancerapy.app.storage import Notebook
from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.server.example import write_example

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "walk_app.py"))


class Window:
    """A page that nobody sees."""

    def redraw(self) -> None:
        """Draw nothing."""

    async def show_route(self, route: str) -> None:
        """Have no address."""

    def pick_action(self) -> Any:
        """Have no gallery."""

    async def save_file(self, data: bytes, name: str) -> None:
        """Save nothing."""


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _start_app(port: int, folder: Path, store: Any) -> Controller:
    """Start the app anew: only what is on the device's storage is there."""
    config = AppConfig(f"http://127.0.0.1:{port}", storage=folder)
    app = Controller(config, Notebook(store), Window())
    app.state.is_web = False
    return app


async def _until_answered(app: Controller) -> None:
    for _ in range(600):
        if app.state.history and not app.state.waiting:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("waited in vain for the answer")


def test_a_request_outlives_the_app_and_reaches_the_server(
    port: int, tmp_path: Path, store: Any
) -> None:
    device, cancer_id = tmp_path / "device", list_cancers()[-1]
    image = write_example(load_cancer(cancer_id), tmp_path).read_bytes()

    async def learn_the_offer() -> None:
        app = _start_app(port, device, store)
        await app.change(Preferences(consented=True))
        await app.start(None)
        assert app.state.tasks
        assert not app.state.is_offline

    async def ask_while_it_is_away() -> str:
        app = _start_app(port, device, store)
        await app.start(None)
        assert app.state.is_offline
        assert app.state.problem is None
        (task,) = [one for one in main_tasks(app.state) if one.cancer == cancer_id]
        await app.choose_task(task)
        await app.answer("age", 50.0)
        await app.take_picture(image, "a.jpg")
        await app.analyse()
        assert app.state.screen is Screen.HISTORY
        assert app.state.history == ()
        (waiting,) = app.state.waiting
        return waiting.id

    async def come_back(request_id: str) -> None:
        app = _start_app(port, device, store)
        await app.start(None)
        await _until_answered(app)
        (outcome,) = app.state.history
        assert outcome.id == request_id
        assert outcome.answers == {"age": 50.0}
        assert outcome.prediction.cancer == cancer_id
        assert outcome.picture
        assert not app.state.is_offline

    options = ("--port", str(port))
    with TOOL["run_server"](tmp_path, *options):
        asyncio.run(learn_the_offer())
    request_id = asyncio.run(ask_while_it_is_away())
    with TOOL["run_server"](tmp_path, *options):
        asyncio.run(come_back(request_id))
    assert list((device / "waiting").iterdir()) == []


def test_a_paired_app_trusts_the_server_s_own_certificate(tmp_path: Path, store: Any) -> None:
    from cancerapy.server.certificate import fingerprint

    async def pair(address: str, pin: str) -> Controller:
        app = _start_app(0, tmp_path / "device", store)
        await app.change(Preferences(consented=True, server=address, fingerprint=pin))
        await app.start(None)
        for _ in range(30):  # a server that has just started may be slow to greet
            if app.state.problem is None or app.state.problem.code != "server_slow":
                break
            await app.connect()
        return app

    with TOOL["run_server"](tmp_path, "--tls") as address:
        assert address.startswith("https://")
        pin = fingerprint(tmp_path / "cache" / "tls" / "certificate.pem")
        assert asyncio.run(pair(address, pin)).state.tasks
        for wrong, code in (("", "certificate_refused"), ("00" * 32, "certificate_changed")):
            problem = asyncio.run(pair(address, wrong)).state.problem
            assert problem is not None
            assert problem.code == code


def test_the_device_takes_over_from_the_server(tmp_path: Path, store: Any) -> None:
    device, cancer_id = tmp_path / "device", list_cancers()[-1]
    image = write_example(load_cancer(cancer_id), tmp_path).read_bytes()

    async def go() -> None:
        app = _start_app(1, device, store)  # nothing answers there
        await app.change(Preferences(consented=True))
        await app.start(None)
        assert app.state.has_interpreter
        assert app.state.problem is not None
        assert app.state.problem.code == "server_down"
        await app.local.use(on_device=True)
        assert app.state.problem is None
        (task,) = [one for one in main_tasks(app.state) if one.cancer == cancer_id]
        await app.choose_task(task)
        await app.take_picture(image, "a.jpg")
        await app.analyse()
        assert app.state.screen is Screen.RESULT
        assert app.state.outcome is not None
        assert app.state.outcome.prediction.heatmap is not None
        assert app.state.waiting == ()

    asyncio.run(go())
