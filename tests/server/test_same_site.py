"""Other sites cannot reach the app, and the app's page loads nothing from elsewhere."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from cancerapy.server.same_site import SameSite


async def _page(_: Request) -> PlainTextResponse:
    return PlainTextResponse("page", headers={"Access-Control-Allow-Origin": "*"})


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def _client(host: str, name: str = "http://127.0.0.1:8000") -> TestClient:
    app = Starlette(routes=[Route("/", _page), WebSocketRoute("/ws", _socket)])
    return TestClient(SameSite(app, host), base_url=name)


def test_own_pages_are_let_through() -> None:
    client = _client("127.0.0.1")
    assert client.get("/").text == "page"
    with client.websocket_connect("/ws", headers={"Origin": "http://127.0.0.1:8000"}) as socket:
        assert socket.receive_text() == "hello"


def test_another_site_cannot_open_the_socket() -> None:
    client = _client("127.0.0.1")
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/ws", headers={"Origin": "http://evil.example"}),
    ):
        pass


def test_another_name_for_this_machine_is_refused() -> None:
    assert _client("127.0.0.1", "http://evil.example").get("/").status_code == 403
    assert _client("0.0.0.0", "http://clinic.example").get("/").status_code == 200


def test_nothing_is_loaded_from_another_host_nor_read_by_one() -> None:
    headers = _client("127.0.0.1").get("/").headers
    assert "access-control-allow-origin" not in headers
    policy = headers["content-security-policy"]
    assert "http" not in policy
    assert "*" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
