"""What the app asks, and what it makes of every kind of no answer."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from cancerapy.api.rendering import to_json
from cancerapy.app.client import Client
from cancerapy.contract import Prediction
from cancerapy.contract.responses import About, PredictionResponse, TaskList, TaskResponse
from cancerapy.errors import (
    CertificateError,
    ClientError,
    NotOurServerError,
    RefusedError,
    ServerDownError,
    ServerSlowError,
    ServerVersionError,
)

ABOUT = About("CanceRapy", "1.0", "v1", 100, 50, "JPEG")
Answer = Callable[[httpx.Request], httpx.Response]


def _client(answer: Answer, token: str = "") -> Client:
    return Client("http://server", token, transport=httpx.MockTransport(answer))


def _saying(content: bytes, status: int = 200) -> Answer:
    return lambda _: httpx.Response(status, content=content)


def _raising(error: Exception) -> Answer:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def test_a_server_of_ours_is_recognised() -> None:
    assert asyncio.run(_client(_saying(to_json(ABOUT))).get_about()) == ABOUT


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (_raising(httpx.ConnectError("refused")), ServerDownError),
        (_raising(httpx.ConnectTimeout("slow")), ServerSlowError),
        (_raising(httpx.ReadTimeout("slow")), ServerSlowError),
        (_raising(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]")), CertificateError),
        (_raising(httpx.RemoteProtocolError("no HTTP")), NotOurServerError),
        (_saying(b"<html>", 200), NotOurServerError),
        (_saying(b"<html>", 404), NotOurServerError),
        (_saying(b'{"name": "Other"}'), NotOurServerError),
        (_saying(to_json(About("Other", "1", "v1", 1, 1, "")), 200), NotOurServerError),
        (_saying(to_json(About("CanceRapy", "9", "v2", 1, 1, ""))), ServerVersionError),
    ],
)
def test_every_kind_of_no_answer_has_its_name(answer: Answer, kind: type[ClientError]) -> None:
    with pytest.raises(kind) as caught:
        asyncio.run(_client(answer).get_about())
    assert "http://server" in caught.value.message


@pytest.mark.parametrize(
    ("version", "code", "what"),
    [
        ("v2", "server_newer", "The server is newer: update the app."),
        ("v0", "server_version", "Update the older of the two."),
        ("beta", "server_version", "Update the older of the two."),
    ],
)
def test_a_server_of_another_version_says_which_is_newer(
    version: str, code: str, what: str
) -> None:
    answer = _saying(to_json(About("CanceRapy", "9", version, 1, 1, "")))
    with pytest.raises(ServerVersionError, match=re.escape(what)) as caught:
        asyncio.run(_client(answer).get_about())
    assert caught.value.code == code


def test_an_older_server_is_said_to_be_older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cancerapy.app.client.API_VERSION", "v2")
    with pytest.raises(ServerVersionError, match=r"older: have it updated\.") as caught:
        asyncio.run(_client(_saying(to_json(ABOUT))).get_about())
    assert caught.value.code == "server_older"


def test_a_file_of_a_bundle_comes_as_it_is() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/v1/models/toy-3/files/model.tflite"
        return httpx.Response(200, content=b"\x00\xff")

    assert asyncio.run(_client(answer).read_file("toy-3", "model.tflite")) == b"\x00\xff"


def test_a_refusal_keeps_the_server_s_own_words() -> None:
    body = {"code": "image_corrupt", "message": "Damaged.", "field": "image", "request_id": "1"}
    client = _client(_saying(json.dumps(body).encode(), 422))
    with pytest.raises(RefusedError, match=r"^Damaged\.$") as caught:
        asyncio.run(client.predict("/api/v1/predict/toy", b"x"))
    assert (caught.value.code, caught.value.field) == ("image_corrupt", "image")


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("7", 7),
        (None, None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-1", None),
        ("\u00b2", None),
    ],
)
def test_a_refusal_says_when_to_come_back(said: str | None, wait_s: int | None) -> None:
    body = {"code": "too_many_requests", "message": "Wait.", "field": None, "request_id": "1"}
    headers = {} if said is None else {"Retry-After": said.encode("latin-1")}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, json=body, headers=headers)

    with pytest.raises(RefusedError) as caught:
        asyncio.run(_client(answer).list_tasks())
    assert caught.value.retry_after_s == wait_s


def test_tasks_come_main_ones_first(task: TaskResponse) -> None:
    from dataclasses import replace

    other = replace(task, id="a", cancer="a", main=False)
    answer = _saying(to_json(TaskList((other, task))))
    assert [t.id for t in asyncio.run(_client(answer).list_tasks())] == ["toy", "a"]


def test_an_image_is_sent_without_its_name_and_its_progress_told(prediction: Prediction) -> None:
    seen: dict[str, Any] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        seen.update(url=str(request.url), body=request.read(), token=request.headers)
        return httpx.Response(200, content=to_json(PredictionResponse.of(prediction)))

    shares: list[float] = []
    image = bytes(300_000)
    client = _client(answer, token="secret")
    result = asyncio.run(client.predict("/api/v1/predict/toy", image, on_progress=shares.append))
    assert result == PredictionResponse.of(prediction)
    assert seen["url"] == "http://server/api/v1/predict/toy?heatmap=values"
    assert image in seen["body"]
    assert seen["token"]["Authorization"] == "Bearer secret"
    assert shares == sorted(shares)
    assert len(shares) > 2
    assert shares[-1] == 1


def test_answers_travel_with_the_image(prediction: Prediction) -> None:
    seen: dict[str, bytes] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        seen["body"] = request.read()
        return httpx.Response(200, content=to_json(PredictionResponse.of(prediction)))

    answers: dict[str, str | float] = {"age": 61.0, "sex": "female"}
    asyncio.run(_client(answer).predict("/api/v1/predict/toy", b"x", answers=answers))
    assert b'name="answers"' in seen["body"]
    assert b'{"age": 61.0, "sex": "female"}' in seen["body"]


def test_a_cancelled_upload_stops() -> None:
    async def cancel() -> None:
        async def answer(_: httpx.Request) -> httpx.Response:
            await asyncio.sleep(60)
            raise AssertionError

        client = Client("http://server", transport=httpx.MockTransport(answer))
        sending = asyncio.create_task(client.predict("/api/v1/predict/toy", b"x"))
        await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    asyncio.run(cancel())


@pytest.mark.parametrize(("visitor", "told"), [("192.168.1.7", "192.168.1.7"), ("", None)])
def test_the_server_is_told_for_whom_it_is_asked(visitor: str, told: str | None) -> None:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, json={"needed": True, "password": True, "provider": None})

    transport = httpx.MockTransport(answer)
    ways = asyncio.run(Client("http://server", transport=transport, visitor=visitor).get_ways())
    assert ways.needed
    assert seen[0].get("X-Forwarded-For") == told


def test_name_and_password_travel_in_the_body_alone() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        account = {"name": "jane", "roles": ["reviewer"], "patient_id": None, "is_account": True}
        return httpx.Response(200, json={"token": "t", "expires_at": "2026", "account": account})

    signed_in = asyncio.run(_client(answer).sign_in("jane", "secret"))
    assert (signed_in.token, signed_in.account.name) == ("t", "jane")
    (request,) = seen
    assert str(request.url) == "http://server/api/v1/sign-in"
    assert json.loads(request.read()) == {"name": "jane", "password": "secret"}


def test_a_password_is_changed_with_the_present_one() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"n_ended": 2})

    ended = asyncio.run(_client(answer).change_password("old", "new"))
    assert ended.n_ended == 2
    (request,) = seen
    assert (request.method, str(request.url)) == ("POST", "http://server/api/v1/account/password")
    assert json.loads(request.read()) == {"current": "old", "password": "new"}
