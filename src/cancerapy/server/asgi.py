"""The whole server as one ASGI application: the API's addresses first, the app for all others."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from flask import Flask
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cancerapy.server.bridge import WsgiBridge
from cancerapy.server.same_site import SameSite


def build_asgi(
    api: Flask, *, workers: int, max_body_bytes: int, app: Starlette | None = None, host: str = ""
) -> Starlette:
    """Return the ASGI application that serves ``api`` and, where it is given, ``app``.

    Args:
        api: The HTTP API. Its addresses and all below ``/api/`` are its own: the app answers
            every other address with its page, and has some of the same names.
        workers: Threads that run the API.
        max_body_bytes: Longest body that is read.
        app: The app for people; without it the root leads to the API's pages.
        host: Address that the server listens on, for the app's check of who asks.
    """
    bridge = WsgiBridge(api, workers=workers, max_body_bytes=max_body_bytes)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if app is not None:
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield
        bridge.close()

    routes = _routes_alone(bridge)
    if app is not None:
        routes = [Mount("/", app=_Switch(api_prefixes(api), bridge, SameSite(app, host)))]
    return Starlette(routes=routes, lifespan=lifespan)


def _routes_alone(bridge: WsgiBridge) -> list[BaseRoute]:
    async def show_docs(_: Request) -> RedirectResponse:
        return RedirectResponse("/docs")

    return [Route("/", show_docs), Mount("/", app=bridge)]


def api_prefixes(api: Flask) -> frozenset[str]:
    """Return the first part of every address of the API: ``api``, ``livez`` and so on.

    Args:
        api: The HTTP API.
    """
    return frozenset(rule.rule.split("/")[1] for rule in api.url_map.iter_rules()) - {""}


class _Switch:
    """Sends a connection to the API if its address begins like one of the API's."""

    def __init__(self, prefixes: frozenset[str], api: ASGIApp, app: ASGIApp) -> None:
        self._prefixes, self._api, self._app = prefixes, api, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = scope["path"].split("/")[1]
        is_api = scope["type"] == "http" and first in self._prefixes
        await (self._api if is_api else self._app)(scope, receive, send)
