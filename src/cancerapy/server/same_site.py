"""Keeps other web sites away from the app, as ``api.access`` does for the API.

The app's web socket would let a page of another site drive a session of the app, which asks the
API in the server's own name. Browsers always send ``Origin`` with a web socket, so it is compared.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from cancerapy.api.access import is_loopback

REFUSAL = (
    "This server answers only under its own name. Use the address that it printed when it started."
)


POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
    )
)
"""What a browser may load for the app: nothing from another host. Flutter starts from a script in
the page and runs WebAssembly; a plug-in of the stock client would fetch a part from a CDN."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SameSite:
    """An ASGI application that lets through only what comes from the server's own pages.

    Every answer carries ``HEADERS``, and none lets other sites read it.

    Args:
        app: The application behind it.
        host: Address that the server listens on; on the machine's own, ``Host`` has to name the
            machine itself.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._only_loopback = is_loopback(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on, or refuse it with 403."""
        if scope["type"] in ("http", "websocket") and not self._is_own(Headers(scope=scope)):
            answer = (
                PlainTextResponse(REFUSAL, status_code=403)
                if scope["type"] == "http"
                else WebSocketClose(1008)
            )
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, _guarded(send))

    def _is_own(self, headers: Headers) -> bool:
        host = headers.get("host", "")
        try:
            name = urlsplit(f"//{host}").hostname or ""
            origin = urlsplit(headers["origin"]).netloc if "origin" in headers else host
        except ValueError:
            return False
        return origin == host and (is_loopback(name) or not self._only_loopback)


def _guarded(send: Send) -> Send:
    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if "access-control-allow-origin" in headers:  # Flet lets every site in
                del headers["access-control-allow-origin"]
        await send(message)

    return send_guarded
