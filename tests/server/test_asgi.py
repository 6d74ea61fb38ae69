"""The whole server as one ASGI application."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from flask import Flask
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from cancerapy.server.asgi import build_asgi


def _api(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}".encode()]


def _get(path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        asgi = build_asgi(_api, workers=1, max_body_bytes=100)
        transport = httpx.ASGITransport(asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.get(path)
        async with asgi.router.lifespan_context(asgi):
            pass
        return answer

    return asyncio.run(ask())


def test_every_address_reaches_the_api() -> None:
    assert _get("/api/v1/tasks").text == "GET /api/v1/tasks"
    assert _get("/nothing").text == "GET /nothing"


def test_root_leads_to_the_page() -> None:
    response = _get("/")
    assert response.status_code == 307
    assert response.headers["Location"] == "/docs"


def test_the_app_answers_what_is_not_the_api_s() -> None:
    api = Flask("api", static_folder=None)
    api.add_url_rule("/livez", "livez", lambda: "alive")
    api.add_url_rule("/api/v1/tasks", "tasks", lambda: "tasks")

    async def show(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"app {request.url.path}")

    app = Starlette(routes=[Route("/{path:path}", show)])
    asgi = build_asgi(api, workers=1, max_body_bytes=100, app=app, host="127.0.0.1")

    async def ask(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    assert asyncio.run(ask("/livez")).text == "alive"
    assert asyncio.run(ask("/api/v1/tasks")).text == "tasks"
    assert asyncio.run(ask("/api/v1/nothing")).status_code == 404
    assert asyncio.run(ask("/")).text == "app /"
    assert asyncio.run(ask("/history")).text == "app /history"
