"""Other sites cannot reach the app, and the app's page loads nothing from elsewhere."""

import asyncio
from typing import Any

import pytest

from cancerapy.server.same_site import SameSite


async def _app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"page"})


def _ask(kind: str, listens_on: str, **headers: str) -> list[dict[str, Any]]:
    """Return the messages that answer a connection with ``headers``."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": "/", "headers": raw}
    asyncio.run(SameSite(_app, listens_on)(scope, receive, send))
    return sent


def test_own_pages_are_let_through() -> None:
    own = {"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"}
    assert _ask("http", "127.0.0.1", **own)[1]["body"] == b"page"
    assert _ask("websocket", "127.0.0.1", **own) == [{"type": "websocket.accept"}]


def test_another_site_cannot_open_the_socket() -> None:
    sent = _ask("websocket", "127.0.0.1", host="127.0.0.1:8000", origin="http://evil.example")
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize(
    ("listens_on", "host", "status"),
    [
        ("127.0.0.1", "evil.example", 403),  # another name for this machine
        ("127.0.0.1", "[", 403),
        ("127.0.0.1", "localhost:9000", 200),
        ("0.0.0.0", "clinic.example", 200),
    ],
)
def test_the_name_must_be_the_machine_s_own_where_it_is_alone(
    listens_on: str, host: str, status: int
) -> None:
    assert _ask("http", listens_on, host=host)[0]["status"] == status


def test_nothing_is_loaded_from_another_host_nor_read_by_one() -> None:
    headers = dict(_ask("http", "127.0.0.1", host="127.0.0.1")[0]["headers"])
    assert b"access-control-allow-origin" not in headers
    policy = headers[b"content-security-policy"].decode()
    assert "http" not in policy
    assert "*" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
