"""The only module that knows the API: what the app asks, and what it does with no answer.

Every failure is one of ``errors.ClientError``'s kinds, which the screens put into words.
"""

import io
import json
import ssl
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import httpx

from cancerapy.app.decode import from_json
from cancerapy.app.pinning import trust_only, trust_pinned
from cancerapy.app.service import Progress
from cancerapy.contract.people import (
    AccountResponse,
    CodeRequest,
    PasswordRequest,
    SignedIn,
    SignInRequest,
    SignInWays,
    TokensEnded,
)
from cancerapy.contract.responses import (
    About,
    ErrorBody,
    ModelList,
    ModelResponse,
    PredictionResponse,
    TaskList,
    TaskResponse,
)
from cancerapy.contract.service import API_VERSION
from cancerapy.errors import (
    CertificateError,
    ClientError,
    NotOurServerError,
    RefusedError,
    ServerDownError,
    ServerSlowError,
    ServerVersionError,
)

NAME = "CanceRapy"
CONNECT_TIMEOUT_S = 5.0
ANSWER_TIMEOUT_S = 60.0

Kind = TypeVar("Kind")


class Client:
    """Asks one server.

    Every method may raise any ``ClientError``; a task that is cancelled stops sending at once.

    Args:
        server: Address, for instance ``"http://127.0.0.1:8000"``.
        token: The server's token; empty where none is needed.
        fingerprint: SHA-256 of the only certificate that is accepted; empty for any that the
            device trusts.
        transport: How requests travel; over the network by default.
        timeout_s: Longest wait for an answer.
        certificate: The only certificate (PEM) that is accepted; any that is trusted by default.
        visitor: Address of the person's browser, where this runs on the server for them: the
            server counts wrong passwords by address.
    """

    def __init__(
        self,
        server: str,
        token: str = "",
        fingerprint: str = "",
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout_s: float = ANSWER_TIMEOUT_S,
        certificate: Path | None = None,
        visitor: str = "",
    ) -> None:
        self._server = server.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        if visitor:
            self._headers["X-Forwarded-For"] = visitor
        self._transport = transport
        self._fingerprint = fingerprint
        self._verify = True if certificate is None else trust_only(certificate.read_text())
        self._timeout = httpx.Timeout(timeout_s, connect=CONNECT_TIMEOUT_S)

    async def get_about(self) -> About:
        """Return who answers, after making sure that it is a server that this app can use."""
        about = await self._get(About, "about")
        if about.name != NAME:
            raise self._not_ours("it gives itself another name")
        if about.api != API_VERSION:
            raise self._other_version(about)
        return about

    async def list_tasks(self) -> tuple[TaskResponse, ...]:
        """Return everything that can be asked, main tasks first."""
        tasks = (await self._get(TaskList, "tasks")).tasks
        return tuple(sorted(tasks, key=lambda task: (not task.main, task.cancer, task.id)))

    async def get_ways(self) -> SignInWays:
        """Return how to sign in."""
        return await self._get(SignInWays, "sign-in")

    async def sign_in(self, name: str, password: str) -> SignedIn:
        """Return a token for a name and its password."""
        return await self._post(SignedIn, "sign-in", SignInRequest(name, password))

    async def redeem_code(self, code: str) -> SignedIn:
        """Return a token for the code of a sign-in with the provider."""
        return await self._post(SignedIn, "sign-in/code", CodeRequest(code))

    async def get_account(self) -> AccountResponse:
        """Return who is signed in."""
        return await self._get(AccountResponse, "account")

    async def change_password(self, current: str, password: str) -> TokensEnded:
        """Give the account that asks another password; its other tokens end."""
        return await self._post(TokensEnded, "account/password", PasswordRequest(current, password))

    async def sign_out(self) -> None:
        """End the token."""
        await self._send("POST", "sign-out")

    async def list_models(self) -> tuple[ModelResponse, ...]:
        """Return the models that answer."""
        return (await self._get(ModelList, "models")).models

    async def read_card(self, model: str) -> str:
        """Return the card of a model, Markdown."""
        return (await self._send("GET", f"models/{model}/card")).text

    async def read_file(self, model: str, name: str) -> bytes:
        """Return a file of a model's bundle."""
        return (await self._send("GET", f"models/{model}/files/{name}")).content

    async def predict(
        self,
        route: str,
        image: bytes,
        *,
        answers: Mapping[str, str | float] | None = None,
        on_progress: Progress = lambda _: None,
    ) -> PredictionResponse:
        """Send one image with the answers; return the result, its heat map, and what to do next.

        The file's name is not sent: it may name a patient.

        Args:
            route: The task's own route, ``TaskResponse.route``.
            image: The file's bytes.
            answers: By id of the question.
            on_progress: Gets the share that is sent, 0..1.
        """
        form = {"image": ("image", _Counted(image, on_progress), "application/octet-stream")}
        response = await self._send(
            "POST",
            route.removeprefix("/api/v1/"),
            params={"heatmap": "values"},
            files=form,
            data={"answers": json.dumps(dict(answers or {}))},
        )
        return self._parse(PredictionResponse, response)

    async def ask(self, kind: type[Kind], method: str, path: str, **options: Any) -> Kind:
        """Return the answer to any request.

        Args:
            kind: What the answer is.
            method: Of HTTP.
            path: Below the API's own address.
            **options: As ``httpx.AsyncClient.request`` takes them.
        """
        return self._parse(kind, await self._send(method, path, **options))

    async def ask_tagged(
        self, kind: type[Kind], method: str, path: str, **options: Any
    ) -> tuple[Kind, str]:
        """Return an answer and its ``ETag``, for ``If-Match``; arguments as ``ask``."""
        response = await self._send(method, path, **options)
        return self._parse(kind, response), response.headers.get("ETag", "")

    async def fetch(self, path: str, **options: Any) -> bytes:
        """Return the bytes at a path below the API's own address."""
        return (await self._send("GET", path, **options)).content

    async def _get(self, kind: type[Kind], path: str) -> Kind:
        return self._parse(kind, await self._send("GET", path))

    async def _post(self, kind: type[Kind], path: str, body: Any) -> Kind:
        return self._parse(kind, await self._send("POST", path, json=asdict(body)))

    def _parse(self, kind: type[Kind], response: httpx.Response) -> Kind:
        try:
            return from_json(kind, json.loads(response.content))
        except ValueError as error:
            raise self._not_ours(f"its answer has another form ({error})") from error

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = await self._request(method, f"{self._server}/api/v1/{path}", **options)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise self._unreachable(error) from error
        if response.status_code >= 400:
            raise self._refused(response)
        return response

    async def _request(self, method: str, url: str, **options: Any) -> httpx.Response:
        verify = self._verify
        if self._fingerprint and self._server.startswith("https:") and self._transport is None:
            verify = await trust_pinned(self._server, self._fingerprint, CONNECT_TIMEOUT_S)
        # One connection per request: the app asks seldom, and a kept one may have died unnoticed.
        async with httpx.AsyncClient(
            headers=self._headers, transport=self._transport, timeout=self._timeout, verify=verify
        ) as connection:
            return await connection.request(method, url, **options)

    def _other_version(self, about: About) -> ServerVersionError:
        """Return the error that says which of the two is older."""
        own, other = _number(API_VERSION), _number(about.api)
        both = (
            f"The app speaks version {API_VERSION} of the API; the server at {self._server} "
            f"speaks {about.api} (CanceRapy {about.version})."
        )
        if other > own:
            newer = f"{both} The server is newer: update the app."
            return ServerVersionError(newer, code="server_newer")
        if 0 < other < own:
            older = f"{both} The server is older: have it updated."
            return ServerVersionError(older, code="server_older")
        return ServerVersionError(f"{both} Update the older of the two.")

    def _unreachable(self, error: Exception) -> ClientError:
        if isinstance(error, httpx.TimeoutException | TimeoutError):
            return ServerSlowError(
                f"The server at {self._server} must answer in time; it did not. Try again, or "
                "check the network."
            )
        if isinstance(error, ssl.SSLError) or "CERTIFICATE" in str(error).upper():
            return CertificateError(
                f"The server at {self._server} must show a certificate that this device trusts; "
                "it does not. A server that signs its own certificate is trusted once the app is "
                "paired with the code that the server prints."
            )
        if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError):
            return self._not_ours("it does not speak HTTP")
        return ServerDownError(
            f"A server must answer at {self._server}; nothing does. Start it, or check the "
            "address and the network."
        )

    def _refused(self, response: httpx.Response) -> ClientError:
        try:
            body = from_json(ErrorBody, json.loads(response.content))
        except ValueError:
            return self._not_ours(f"it answers with status {response.status_code}")
        refused = RefusedError(body.message, code=body.code, field=body.field)
        wait = response.headers.get("Retry-After", "")
        refused.retry_after_s = int(wait) if wait.isascii() and wait.isdigit() else None
        return refused

    def _not_ours(self, why: str) -> NotOurServerError:
        return NotOurServerError(
            f"A CanceRapy server must answer at {self._server}; what answers is none: {why}. "
            "Correct the address in the settings."
        )


def _number(version: str) -> int:
    """Return the number of a version ``"v1"``; 0 where there is none."""
    number = version.removeprefix("v")
    return int(number) if number.isdecimal() else 0


class _Counted(io.BytesIO):
    """Bytes that tell how far they have been read."""

    def __init__(self, data: bytes, on_progress: Progress) -> None:
        super().__init__(data)
        self._n_bytes = max(len(data), 1)
        self._on_progress = on_progress

    def read(self, size: int | None = -1) -> bytes:
        """Return the next ``size`` bytes and report the share read so far."""
        piece = super().read(size)
        self._on_progress(min(self.tell() / self._n_bytes, 1.0))
        return piece
