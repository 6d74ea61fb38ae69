"""What happens when a person acts, with a server that is a function and a screen that counts."""

import asyncio
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image as PillowImage

from cancerapy.app.config import AppConfig
from cancerapy.app.controller import Controller
from cancerapy.app.routes import Place
from cancerapy.app.state import AppState, Outcome, Preferences, Screen
from cancerapy.app.storage import Notebook
from cancerapy.contract import Prediction
from cancerapy.contract.people import AccountResponse, SignInWays
from cancerapy.contract.responses import About, TaskResponse
from cancerapy.errors import ServerDownError


class CountingWindow:
    """Counts how often the screen was drawn and keeps the routes."""

    def __init__(self) -> None:
        self.n_drawn = 0
        self.routes: list[str] = []

    def redraw(self) -> None:
        """Count."""
        self.n_drawn += 1

    async def show_route(self, route: str) -> None:
        """Keep the route."""
        self.routes.append(route)

    def pick_action(self) -> Any:
        """Return nothing to open."""

    async def save_file(self, data: bytes, name: str) -> None:
        """Save nothing."""


class Server:
    """Answers like a server; ``fault`` is raised instead, ``delay_s`` waited before."""

    def __init__(self, task: TaskResponse, prediction: Prediction) -> None:
        self.task, self.prediction = task, prediction
        self.fault: Exception | None = None
        self.delay_s = 0.0
        self.asked_at: list[tuple[str, str]] = []

    def client(self, address: str, token: str, fingerprint: str) -> Any:
        """Return this server as the client of an address."""
        self.asked_at.append((address, token))
        return self

    async def get_about(self) -> About:
        """Say who answers."""
        if self.fault:
            raise self.fault
        return About("CanceRapy", "1.0", "v1", 1_000_000, 50, "JPEG")

    async def list_tasks(self) -> tuple[TaskResponse, ...]:
        """Return the one task."""
        return (self.task,)

    async def get_account(self) -> AccountResponse:
        """Say who is signed in."""
        return AccountResponse("jane", ("reviewer",), None, True)

    async def get_ways(self) -> SignInWays:
        """Say how to sign in."""
        return SignInWays(True, True, None)

    async def list_models(self) -> tuple[Any, ...]:
        """Return no model."""
        return ()

    async def predict(
        self,
        route: str,
        image: bytes,
        *,
        answers: Mapping[str, str | float],
        on_progress: Callable[[float], None],
    ) -> Prediction:
        """Answer after telling the progress."""
        self.answers = answers
        on_progress(0.5)
        await asyncio.sleep(self.delay_s)
        if self.fault:
            raise self.fault
        on_progress(1.0)
        return self.prediction


@pytest.fixture
def server(task: TaskResponse, prediction: Prediction) -> Server:
    """A server that answers."""
    return Server(task, prediction)


@pytest.fixture
def window() -> CountingWindow:
    """A screen that counts."""
    return CountingWindow()


@pytest.fixture
def controller(store: Any, server: Server, window: CountingWindow, state: AppState) -> Controller:
    """A controller on the way to a result."""
    config = AppConfig("http://home")
    made = Controller(config, Notebook(store), window, server.client)  # type: ignore[arg-type]
    made.state = state
    return made


def _jpeg() -> bytes:
    output = io.BytesIO()
    PillowImage.new("RGB", (60, 40), "red").save(output, format="JPEG")
    return output.getvalue()


def test_a_new_person_is_welcomed_and_the_server_asked(
    controller: Controller, window: CountingWindow
) -> None:
    controller.state = AppState()
    asyncio.run(controller.start(None))
    assert controller.state.screen is Screen.WELCOME
    assert controller.state.tasks is not None
    asyncio.run(controller.consent())
    assert window.routes == ["/welcome", "/home"]


def test_consent_and_language_are_remembered(controller: Controller) -> None:
    controller.state.preferences = Preferences()
    asyncio.run(controller.change(Preferences(language="ar")))
    asyncio.run(controller.consent())
    controller.state = AppState()
    asyncio.run(controller.start(Place(Screen.HISTORY)))
    assert controller.state.preferences == Preferences(language="ar", consented=True)
    assert controller.state.screen is Screen.HISTORY


def test_a_picture_is_read_and_a_bad_one_leaves_the_earlier(controller: Controller) -> None:
    asyncio.run(controller.take_picture(_jpeg(), "a.jpg"))
    picture = controller.state.picture
    assert picture is not None
    assert (picture.width_px, picture.height_px) == (60, 40)
    asyncio.run(controller.take_picture(b"%PDF-1.7", "a.pdf"))
    assert controller.state.picture is picture
    assert controller.state.problem is not None
    assert controller.state.problem.code == "image_unsupported"
    assert not controller.state.is_busy


def test_a_file_above_the_server_s_limit_is_not_sent(controller: Controller) -> None:
    assert controller.state.about is not None
    controller.state.about = replace(controller.state.about, max_upload_bytes=10)
    asyncio.run(controller.take_picture(_jpeg(), "a.jpg"))
    assert controller.state.problem is not None
    assert controller.state.problem.code == "image_too_large"


def test_a_result_is_shown_and_kept_as_a_thumbnail(controller: Controller, store: Any) -> None:
    asyncio.run(controller.take_picture(_jpeg(), "a.jpg"))
    asyncio.run(controller.answer("lens", "yes"))
    asyncio.run(controller.analyse())
    assert controller.state.screen is Screen.RESULT
    assert controller.state.outcome is not None
    assert controller.state.outcome.answers == {"lens": "yes"}
    assert controller.state.sent is None
    (kept,) = asyncio.run(Notebook(store).load_results())
    assert kept.id == controller.state.outcome.id
    asyncio.run(controller.delete_result(kept.id))
    assert controller.state.history == ()
    assert asyncio.run(Notebook(store).load_results()) == ()


def test_a_failed_analysis_keeps_the_picture_for_another_try(
    controller: Controller, server: Server
) -> None:
    asyncio.run(controller.take_picture(_jpeg(), "a.jpg"))
    server.fault = ServerDownError("down")
    controller.state.screen = Screen.CAPTURE
    asyncio.run(controller.analyse())
    assert controller.state.screen is Screen.CAPTURE
    assert controller.state.problem is not None
    assert controller.state.problem.code == "server_down"
    assert controller.state.picture is not None
    assert controller.state.sent is None


def test_a_cancelled_analysis_shows_nothing(
    controller: Controller, server: Server, until: Any
) -> None:
    server.delay_s = 60

    async def cancel() -> None:
        running = asyncio.create_task(controller.analyse())
        await until(lambda: controller.state.sent == 0.5)
        await controller.cancel()
        await running

    asyncio.run(cancel())
    assert controller.state.outcome is None
    assert controller.state.problem is None
    assert controller.state.sent is None


def test_an_answer_can_be_taken_back(controller: Controller) -> None:
    asyncio.run(controller.answer("lens", "yes"))
    assert controller.state.own_answers == {"lens": "yes"}
    asyncio.run(controller.answer("lens", None))
    assert controller.state.own_answers == {}


def test_only_the_packaged_app_asks_another_server(controller: Controller, server: Server) -> None:
    controller.state.preferences = Preferences(server="http://other", token="t", consented=True)
    asyncio.run(controller.connect())
    controller.state.is_web = False
    asyncio.run(controller.connect())
    assert list(dict.fromkeys(server.asked_at)) == [("http://home", "t"), ("http://other", "t")]


def test_everything_can_be_deleted(controller: Controller, store: Any) -> None:
    asyncio.run(controller.answer("lens", "yes"))
    asyncio.run(controller.delete_everything())
    assert store.values == {}
    assert controller.state.screen is Screen.WELCOME
    assert not controller.state.preferences.consented


def test_after_deleting_everything_the_app_is_a_new_one(
    controller: Controller, server: Server
) -> None:
    controller.state.is_web = False
    controller.state.preferences = Preferences(server="http://other", token="t", consented=True)
    asyncio.run(controller.delete_everything())
    assert server.asked_at[-1] == ("http://home", "")
    assert controller.state.tasks == (server.task,)
    assert controller.state.screen is Screen.WELCOME


def test_an_answer_on_its_way_is_not_kept_after_deleting_everything(
    controller: Controller, server: Server, store: Any, until: Any
) -> None:
    async def delete() -> None:
        await controller.take_picture(_jpeg(), "a.jpg")
        server.delay_s = 0.2
        running = asyncio.create_task(controller.analyse())
        await until(lambda: controller.state.sent == 0.5)
        await controller.delete_everything()
        await running
        await asyncio.sleep(0.3)

    asyncio.run(delete())
    assert controller.state.history == ()
    assert store.values == {}


def test_a_deleted_result_is_shown_no_more(controller: Controller) -> None:
    asyncio.run(controller.take_picture(_jpeg(), "a.jpg"))
    asyncio.run(controller.analyse())
    assert controller.state.outcome is not None
    asyncio.run(controller.delete_result(controller.state.outcome.id))
    assert controller.state.outcome is None
    asyncio.run(controller.go(Screen.RESULT))
    assert controller.state.screen is Screen.HOME


def test_an_earlier_result_of_another_task_leaves_no_picture_for_it(
    controller: Controller, outcome: Outcome
) -> None:
    asyncio.run(controller.take_picture(_jpeg(), "a.jpg"))
    controller.state.history = (outcome,)
    asyncio.run(controller.open_result(outcome.id))
    assert controller.state.picture is not None
    other = replace(outcome, task=replace(outcome.task, id="other"))
    controller.state.history = (other,)
    asyncio.run(controller.open_result(other.id))
    assert controller.state.picture is None


def test_full_storage_does_not_lose_the_result(controller: Controller, store: Any) -> None:
    asyncio.run(controller.take_picture(_jpeg(), "a.jpg"))
    store.is_full = True
    asyncio.run(controller.analyse())
    assert controller.state.outcome is not None
    assert controller.state.problem is not None
    assert controller.state.problem.code == "device_storage_full"
