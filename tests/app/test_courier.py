"""No request is lost: sent at once, kept while the server is away, sent when it is back."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cancerapy.app.courier import Courier
from cancerapy.app.outbox import Outbox
from cancerapy.app.past import Past
from cancerapy.app.state import AppState, Outcome
from cancerapy.app.storage import Notebook
from cancerapy.contract import Prediction
from cancerapy.contract.people import AccountResponse
from cancerapy.contract.responses import TaskResponse
from cancerapy.errors import (
    CanceRapyError,
    CertificateError,
    ImageError,
    RefusedError,
    ServerDownError,
    ServerSlowError,
    StorageError,
)


class Host:
    """A controller without a screen; ``faults`` are raised in turn, then it answers."""

    def __init__(self, state: AppState, store: Any, prediction: Prediction) -> None:
        self.state, self.prediction = state, prediction
        self.past = Past(self, Notebook(store), self._save_file)
        self.faults: list[CanceRapyError] = []
        self.asked: list[bytes] = []
        self.complaints: list[str] = []

    async def _save_file(self, data: bytes, name: str) -> None:
        raise AssertionError("nothing is saved as a file here")

    def redraw(self) -> None:
        """Draw nothing."""

    def complain(self, error: CanceRapyError) -> None:
        """Keep what went wrong."""
        self.complaints.append(error.code)

    def client(self) -> Any:
        """Answer like a server."""
        return self

    async def predict(self, route: str, image: bytes, *, answers: Any) -> Prediction:
        """Answer, or fail as planned."""
        assert set(answers) <= {"lens"}
        assert route == "/api/v1/predict/toy"
        self.asked.append(image)
        if self.faults:
            raise self.faults.pop(0)
        return self.prediction


@pytest.fixture
def host(state: AppState, store: Any, prediction: Prediction) -> Host:
    """A controller whose server answers."""
    return Host(state, store, prediction)


Make = Callable[[], Courier]


@pytest.fixture
def make(host: Host, tmp_path: Path) -> Make:
    """Return a function that starts the app anew on the same device."""
    return lambda: Courier(host, Outbox(tmp_path), pause=lambda _: 0.01)  # type: ignore[arg-type]


async def _ask(courier: Courier, host: Host, task: TaskResponse, image: bytes = b"a") -> bool:
    """Ask as the controller does; return whether there is an answer."""
    async with courier.holding(task, {"lens": "yes"}, image) as request_id:
        prediction = await host.client().predict(task.route, image, answers={"lens": "yes"})
        await host.past.add(Outcome(request_id, task, prediction, {"lens": "yes"}, b""))
        return True
    return False


def test_an_answer_at_once_leaves_nothing_behind(
    make: Make, host: Host, task: TaskResponse, tmp_path: Path
) -> None:
    assert asyncio.run(_ask(make(), host, task))
    assert host.state.waiting == ()
    assert list(tmp_path.iterdir()) == []
    assert len(host.state.history) == 1


@pytest.mark.parametrize("fault", [ServerDownError("down"), ServerSlowError("slow")])
def test_what_waits_is_sent_when_the_server_is_back(
    make: Make, host: Host, task: TaskResponse, fault: CanceRapyError, store: Any, until: Any
) -> None:
    async def go() -> None:
        host.faults = [fault, fault, fault]
        assert not await _ask(make(), host, task, b"one")
        assert host.state.is_offline
        (waiting,) = host.state.waiting
        assert (waiting.n_bytes, waiting.answers) == (3, {"lens": "yes"})
        await until(lambda: host.state.waiting == ())
        assert host.asked == [b"one"] * 4
        (outcome,) = host.state.history
        assert (outcome.id, outcome.answers) == (waiting.id, {"lens": "yes"})
        assert not host.state.is_offline

    asyncio.run(go())
    (kept,) = asyncio.run(Notebook(store).load_results())
    assert kept.prediction == host.prediction


def test_the_app_may_end_while_it_asks(
    make: Make, host: Host, task: TaskResponse, until: Any
) -> None:
    async def cut_off() -> None:
        async with make().holding(task, {}, b"one"):
            raise asyncio.CancelledError

    async def start_again() -> None:
        make().send_now()
        await until(lambda: len(host.state.history) == 1)
        assert host.state.waiting == ()

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cut_off())
    asyncio.run(start_again())
    assert host.asked == [b"one"]


def test_what_the_person_cancels_is_forgotten(
    make: Make, host: Host, task: TaskResponse, tmp_path: Path
) -> None:
    async def cancel() -> None:
        courier = make()
        async with courier.holding(task, {}, b"one"):
            assert len(list(tmp_path.iterdir())) == 1
            courier.drop_held()
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel())
    assert list(tmp_path.iterdir()) == []
    assert host.state.waiting == ()


@pytest.mark.parametrize("kind", [RefusedError, ImageError])
def test_a_refused_request_is_shown_and_not_sent_again_by_itself(
    make: Make, host: Host, task: TaskResponse, kind: type[CanceRapyError], until: Any
) -> None:
    async def go() -> None:
        courier = make()
        host.faults = [ServerDownError("down"), kind("bad", code="image_corrupt")]
        await _ask(courier, host, task)
        await until(lambda: bool(host.state.waiting) and bool(host.state.waiting[0].refusal))
        refusal = host.state.waiting[0].refusal
        assert refusal is not None
        assert (refusal.code, refusal.detail) == ("image_corrupt", "bad")
        await asyncio.sleep(0.05)
        assert len(host.asked) == 2
        await courier.retry()
        await until(lambda: host.state.waiting == ())
        assert len(host.state.history) == 1

    asyncio.run(go())


@pytest.mark.parametrize(
    "fault",
    [
        RefusedError("no token", code="token_required"),
        RefusedError("too fast", code="too_many_requests"),
        CertificateError("not trusted"),
    ],
)
def test_trouble_with_the_server_holds_all_back_until_it_is_over(
    make: Make, host: Host, task: TaskResponse, fault: CanceRapyError, until: Any
) -> None:
    async def go() -> None:
        courier = make()
        host.faults = [ServerDownError("down"), fault]
        await _ask(courier, host, task)
        await until(lambda: len(host.asked) == 2)
        await until(lambda: host.state.waiting == ())
        assert len(host.state.history) == 1

    asyncio.run(go())


@pytest.mark.parametrize(("is_account", "complaints"), [(True, ["token_required"]), (False, [])])
def test_a_sign_in_that_ended_is_told_and_a_device_s_token_is_not(
    make: Make, host: Host, task: TaskResponse, until: Any, is_account: bool, complaints: list[str]
) -> None:
    async def go() -> None:
        courier = make()
        host.state.account = AccountResponse("mona", ("clinician",), None, is_account)
        host.faults = [ServerDownError("down"), RefusedError("who?", code="token_required")]
        await _ask(courier, host, task)
        await until(lambda: len(host.asked) == 3)
        await until(lambda: host.state.waiting == ())
        assert host.complaints == complaints

    asyncio.run(go())


def test_what_waits_is_not_sent_before_the_server_wants_it(
    make: Make, host: Host, task: TaskResponse, until: Any
) -> None:
    async def go() -> None:
        courier, too_fast = make(), RefusedError("too fast", code="too_many_requests")
        too_fast.retry_after_s = 1
        host.faults = [ServerDownError("down"), too_fast]
        await _ask(courier, host, task)
        await until(lambda: len(host.asked) == 2)
        loop = asyncio.get_running_loop()
        refused_s = loop.time()
        await until(lambda: host.state.waiting == ())
        assert 0.9 < loop.time() - refused_s < 5

    asyncio.run(go())


def test_a_request_can_be_deleted(
    make: Make, host: Host, task: TaskResponse, tmp_path: Path
) -> None:
    async def go() -> None:
        courier = make()
        host.faults = [ServerDownError("down")] * 2
        await _ask(courier, host, task)
        await courier.delete(host.state.waiting[0].id)
        assert host.state.waiting == ()
        assert list(tmp_path.iterdir()) == []

    asyncio.run(go())


def test_a_fault_of_the_request_is_told_at_once(
    make: Make, host: Host, task: TaskResponse, tmp_path: Path
) -> None:
    host.faults = [RefusedError("bad", code="image_corrupt")]
    with pytest.raises(RefusedError, match=r"^bad$"):
        asyncio.run(_ask(make(), host, task))
    assert list(tmp_path.iterdir()) == []


def test_without_room_it_is_asked_all_the_same(
    host: Host, task: TaskResponse, tmp_path: Path
) -> None:
    full = Courier(host, Outbox(tmp_path, max_requests=0))  # type: ignore[arg-type]
    assert asyncio.run(_ask(full, host, task))
    host.faults = [ServerDownError("down")]
    with pytest.raises(StorageError, match="At most 0 requests"):
        asyncio.run(_ask(full, host, task))


def test_an_answer_that_cannot_be_kept_leaves_the_request(
    make: Make, host: Host, task: TaskResponse, store: Any, until: Any
) -> None:
    async def go() -> None:
        store.is_full = True
        assert await _ask(make(), host, task)
        assert [one.id for one in host.state.waiting] == list(host.state.unsaved)
        store.is_full = False
        await until(lambda: host.state.waiting == ())
        assert host.state.unsaved == ()
        assert len(host.state.history) == 1

    asyncio.run(go())


def test_in_a_browser_nothing_waits(host: Host, task: TaskResponse) -> None:
    courier = Courier(host, None)  # type: ignore[arg-type]
    assert asyncio.run(_ask(courier, host, task))
    host.faults = [ServerDownError("down")]
    with pytest.raises(ServerDownError, match="down"):
        asyncio.run(_ask(courier, host, task))
    assert host.state.waiting == ()
