"""A WSGI application behind an ASGI server."""

import asyncio
import io
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from cancerapy.api.uploads import TIMED_OUT
from cancerapy.server.bridge import WsgiBridge, build_environ

Message = dict[str, Any]


def _scope(**changes: Any) -> dict[str, Any]:
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/a/ü",
        "root_path": "",
        "query_string": b"x=1",
        "headers": [(b"host", b"localhost:8000"), (b"content-type", b"text/plain")],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.9", 4),
    }
    return {**scope, **changes}


def _echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("201 CREATED", [("X-Length", str(environ["CONTENT_LENGTH"])), ("X-A", "é")])
    timed_out = b"timed out" if environ.get(TIMED_OUT) else b""
    return [b"got ", environ["wsgi.input"].read(), timed_out]


class _Wire:
    """The server's side of a request: hands out messages, then waits, and keeps what is sent."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self.sent: list[Message] = []
        self.n_received = 0
        self._waiting = iter(messages)

    async def receive(self) -> Message:
        self.n_received += 1
        message = next(self._waiting, None)
        if message is None:
            await asyncio.sleep(60)
        assert message is not None
        return message

    async def send(self, message: Message) -> None:
        self.sent.append(message)


def _run(
    messages: list[Message], *, app: Any = _echo, limit: int = 100, **scope: Any
) -> tuple[list[Message], int]:
    """Return what the bridge sends, and how many of ``messages`` it asked for."""
    wire = _Wire(messages)
    bridge = WsgiBridge(app, workers=1, max_body_bytes=limit, body_timeout_s=0.05)
    answer: Awaitable[None] = bridge(_scope(**scope), wire.receive, wire.send)
    asyncio.run(answer)  # type: ignore[arg-type]
    bridge.close()
    return wire.sent, wire.n_received


def _body(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


def test_body_arrives_in_pieces_and_answer_leaves_whole() -> None:
    sent, _ = _run([_body(b"ab", more=True), _body(b"cd")])
    start, body = sent
    assert start["status"] == 201
    assert start["headers"] == [(b"x-length", b"4"), (b"x-a", "é".encode("latin1"))]
    assert body == {"type": "http.response.body", "body": b"got abcd"}


def test_announced_body_above_the_limit_is_not_read() -> None:
    sent, n_received = _run([_body(b"x" * 101)], headers=[(b"content-length", b"101")])
    assert n_received == 0
    assert sent[0]["headers"][0] == (b"x-length", b"101")
    assert sent[1]["body"] == b"got "


def test_unannounced_body_is_cut_off_at_the_limit() -> None:
    pieces = [_body(b"x" * 60, more=True) for _ in range(5)]
    sent, n_received = _run(pieces)
    assert n_received == 2
    assert sent[0]["headers"][0] == (b"x-length", b"120")
    assert sent[1]["body"] == b"got "


def test_body_in_chunks_has_a_length_for_the_application() -> None:
    seen: list[str | None] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        seen.append(environ.get("HTTP_TRANSFER_ENCODING"))
        return list(_echo(environ, start))

    sent, _ = _run([_body(b"abc")], app=app, headers=[(b"transfer-encoding", b"chunked")])
    assert sent[0]["headers"][0] == (b"x-length", b"3")
    assert seen == [None]


def test_body_of_exactly_the_limit_is_read() -> None:
    sent, _ = _run([_body(b"x" * 100)], headers=[(b"content-length", b"100")])
    assert sent[1]["body"] == b"got " + b"x" * 100


def test_body_that_stalls_is_reported_to_the_application() -> None:
    sent, _ = _run([_body(b"ab", more=True)])
    assert sent[1]["body"] == b"got timed out"
    assert sent[0]["headers"][0] == (b"x-length", b"0")


def test_nothing_is_sent_to_a_client_that_left() -> None:
    sent, _ = _run([_body(b"ab", more=True), {"type": "http.disconnect"}])
    assert sent == []


def test_answer_is_closed_even_if_reading_it_fails() -> None:
    class Failing:
        closed = False

        def __iter__(self) -> Iterable[bytes]:
            raise ValueError("reading failed")

        def close(self) -> None:
            Failing.closed = True

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Failing:
        start("200 OK", [])
        return Failing()

    with pytest.raises(ValueError, match="reading failed"):
        _run([_body(b"")], app=app)
    assert Failing.closed


def test_environment_follows_pep_3333() -> None:
    headers = [(b"host", b"h:1"), (b"x-a-b", b"1"), (b"x-a-b", b"2"), (b"content-length", b"7")]
    environ = build_environ(_scope(headers=headers))
    assert environ["REQUEST_METHOD"] == "POST"
    assert environ["PATH_INFO"] == "/a/ü".encode().decode("latin1")
    assert environ["SCRIPT_NAME"] == ""
    assert environ["QUERY_STRING"] == "x=1"
    assert environ["SERVER_NAME"] == "127.0.0.1"
    assert environ["SERVER_PORT"] == "8000"
    assert environ["REMOTE_ADDR"] == "127.0.0.9"
    assert environ["HTTP_HOST"] == "h:1"
    assert environ["HTTP_X_A_B"] == "1,2"
    assert environ["CONTENT_LENGTH"] == "7"
    assert "HTTP_CONTENT_LENGTH" not in environ


def test_header_with_an_underscore_cannot_pose_as_another() -> None:
    headers = [(b"x-request-id", b"good"), (b"x_request_id", b"evil")]
    environ = build_environ(_scope(headers=headers))
    assert environ["HTTP_X_REQUEST_ID"] == "good"


def test_mounted_application_sees_its_own_path() -> None:
    environ = build_environ(_scope(path="/api/tasks", root_path="/api"))
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("/api", "/tasks")


def test_body_is_seekable_memory() -> None:
    def app(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [])
        assert isinstance(environ["wsgi.input"], io.BytesIO)
        return [b"yes"]

    sent, _ = _run([_body(b"ab")], app=app)
    assert sent[1]["body"] == b"yes"


async def _stop_while_waiting(app: Any, *messages: Message) -> list[Message]:
    """Return what a client gets whose request is cancelled after ``messages``."""
    wire = _Wire(messages)
    bridge = WsgiBridge(app, workers=1, max_body_bytes=100)
    answering = asyncio.ensure_future(bridge(_scope(), wire.receive, wire.send))  # type: ignore[arg-type]
    await asyncio.sleep(0.02)
    answering.cancel()
    await answering
    bridge.close()
    return wire.sent


def test_a_body_that_is_on_its_way_when_the_server_stops_gets_an_answer() -> None:
    piece = {"type": "http.request", "body": b"abc", "more_body": True}
    sent = asyncio.run(_stop_while_waiting(_echo, piece))
    assert sent[0]["status"] == 201
    assert sent[1]["body"] == b"got timed out"


def test_a_request_that_is_worked_on_when_the_server_stops_gets_an_answer() -> None:
    may_end = threading.Event()

    def slow(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get(TIMED_OUT):
            may_end.set()
        else:
            assert may_end.wait(20)
        return _echo(environ, start)

    sent = asyncio.run(_stop_while_waiting(slow, {"type": "http.request", "body": b"abc"}))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[1]["body"] == b"got timed out"
