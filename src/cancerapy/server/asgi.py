"""The whole server as one ASGI application: the API first, anything else may follow."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flask import Flask
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from cancerapy.server.bridge import WsgiBridge


def build_asgi(api: Flask, *, workers: int, max_body_bytes: int) -> Starlette:
    """Return the ASGI application that serves ``api``.

    Args:
        api: The HTTP API.
        workers: Threads that run it.
        max_body_bytes: Longest body that is read.
    """
    bridge = WsgiBridge(api, workers=workers, max_body_bytes=max_body_bytes)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        bridge.close()

    async def show_docs(_: Request) -> RedirectResponse:
        return RedirectResponse("/docs")

    routes = [Route("/", show_docs), Mount("/", app=bridge)]
    return Starlette(routes=routes, lifespan=lifespan)
