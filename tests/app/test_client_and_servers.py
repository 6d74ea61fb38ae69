"""The client against servers in a process of their own: none, a slow one, and others than ours."""

import asyncio
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from cancerapy.app.client import Client
from cancerapy.errors import (
    ClientError,
    NotOurServerError,
    ServerDownError,
    ServerSlowError,
    ServerVersionError,
)

STUB = """
import http.server, sys, time

class Stub(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/api/v1/about":
            self.send_error(404)
            return
        time.sleep(float(sys.argv[1]))
        body = sys.argv[2].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Stub)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
ABOUT = {
    "name": "CanceRapy",
    "version": "9.0",
    "api": "v1",
    "max_upload_bytes": 1,
    "max_megapixels": 1,
    "formats": "JPEG",
}
Start = Callable[..., str]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a server with one answer and returns its address."""
    processes: list[subprocess.Popen[str]] = []

    def begin(body: str, delay_s: float = 0.0) -> str:
        process = subprocess.Popen(
            [sys.executable, "-c", STUB, str(delay_s), body], stdout=subprocess.PIPE, text=True
        )
        processes.append(process)
        assert process.stdout is not None
        return f"http://127.0.0.1:{int(process.stdout.readline())}"

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def _ask(address: str, timeout_s: float = 60.0) -> None:
    asyncio.run(Client(address, timeout_s=timeout_s).get_about())


def test_a_server_of_ours_answers(start: Start) -> None:
    client = Client(start(json.dumps(ABOUT)))
    assert asyncio.run(client.get_about()).version == "9.0"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps({**ABOUT, "api": "v2"}), ServerVersionError),
        (json.dumps({**ABOUT, "name": "Router"}), NotOurServerError),
        ("<html>It works!</html>", NotOurServerError),
        ("", NotOurServerError),
    ],
)
def test_another_server_is_told_from_ours(start: Start, body: str, kind: type[ClientError]) -> None:
    address = start(body)
    with pytest.raises(kind, match=re.escape(address)):
        _ask(address)


def test_a_slow_server_is_not_waited_for(start: Start) -> None:
    address = start(json.dumps(ABOUT), delay_s=60)
    began = time.monotonic()
    with pytest.raises(ServerSlowError):
        _ask(address, timeout_s=0.5)
    assert time.monotonic() - began < 30


def test_no_server_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ServerDownError):
        _ask(address)


def test_a_server_that_speaks_no_http_is_not_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        program = (
            "import socket, sys; connection = socket.socket(fileno=int(sys.argv[1])).accept()[0]; "
            "connection.recv(9999); connection.sendall(b'SSH-2.0-x\\r\\n')"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(listener.fileno())], pass_fds=[listener.fileno()]
        )
        with pytest.raises(NotOurServerError):
            _ask(address)
        process.communicate(timeout=60)
