"""The server as a process: start, answer, stop."""

import asyncio
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cancerapy.app.client import Client
from cancerapy.contract.requests import ExaminationDetails, PatientDetails
from cancerapy.errors import CertificateError, ServerError
from cancerapy.records import open_records
from cancerapy.records.audit import list_entries
from cancerapy.records.examinations import JudgedImage, add_examination
from cancerapy.records.integrity import check_records
from cancerapy.records.patients import create_patient
from cancerapy.server import serve
from cancerapy.settings import Settings

Start = Callable[..., "Server"]


class Server:
    """A server in a process of its own, on a free port, with no bundles."""

    def __init__(self, folder: Path, *options: str) -> None:
        (folder / "bundles").mkdir(exist_ok=True)
        command = [sys.executable, "-m", "cancerapy", "serve", "--port", "0", *options]
        self.process = subprocess.Popen(
            [*command, "--bundles", str(folder / "bundles")],
            cwd=folder,
            env={**os.environ, "CANCERAPY_CACHE": str(folder / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self.first_line = self.process.stderr.readline()
        found = re.search(r":(\d+) ", self.first_line)
        assert found is not None, self.first_line + self.process.stderr.read()
        self.port = int(found.group(1))

    def ask(self, method: str, path: str, content: str = "", **headers: str) -> tuple[int, Any]:
        """Return status and parsed body of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body=content, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, json.loads(body)

    def stop(self, number: int) -> tuple[int, str, str]:
        """Send a signal; return exit status, standard output and standard error."""
        assert self.process.stderr is not None
        self.process.send_signal(number)
        # ``communicate`` would lose what came together with the first line.
        err = self.process.stderr.read()
        out, _ = self.process.communicate(timeout=60)
        return self.process.returncode, out, self.first_line + err

    def end(self) -> None:
        """End the process if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts a server; all are ended after the test."""
    servers: list[Server] = []

    def begin(*options: str) -> Server:
        servers.append(Server(tmp_path, *options))
        return servers[-1]

    yield begin
    for server in servers:
        server.end()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return one server for all tests that leave it running."""
    own = Server(tmp_path_factory.mktemp("server"), "--max-upload-mb", "1")
    yield own
    own.end()


def test_server_starts_answers_and_stops(start: Start) -> None:
    server = start()
    assert server.ask("GET", "/livez") == (200, {"status": "alive"})
    status, body = server.ask("GET", "/readyz")
    assert (status, body["status"], body["ready"]) == (503, "not_ready", [])
    assert "must be installed" in body["missing"]["skin"]
    code, out, err = server.stop(signal.SIGTERM)
    assert code == 0
    assert out == ""
    assert f"CanceRapy answers at http://127.0.0.1:{server.port} (stop with Ctrl+C)." in err
    assert '"route": "/livez"' in err
    assert "Traceback" not in err


def test_a_server_erases_what_is_older_than_its_period(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANCERAPY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CANCERAPY_RETENTION_DAYS", "30")
    records = open_records(Settings(home=tmp_path / "home"))
    with records.writing() as session:
        patient = create_patient(session, PatientDetails("Layla"), "me").id
    for number in range(2):
        image = JudgedImage(bytes([number]), "image/png")
        made = add_examination(records, patient, ExaminationDetails("skin"), [image], "me")
    with records.writing() as session:
        old = text("UPDATE examinations SET created_at = '2020-01-02 03:04:05' WHERE id != :id")
        session.execute(old, {"id": made.id.replace("-", "")})
    server = start()
    for _ in range(300):
        items = server.ask("GET", "/api/v1/examinations")[1]["items"]
        if len(items) == 1:
            break
        time.sleep(0.2)
    assert [one["id"] for one in items] == [made.id]
    code, _, err = server.stop(signal.SIGTERM)
    assert code == 0
    assert "Examinations older than 30 days are erased daily." in err
    assert "retention: 1 examinations erased" in err
    assert "Traceback" not in err
    with records.reading() as session:
        (entry,) = [e for e in list_entries(session).items if e.action == "examination.erase"]
        assert entry.actor == "server (retention)"
        assert check_records(session).is_whole
    records.close()


def test_reachable_server_makes_up_a_token_and_stops_on_interrupt(start: Start) -> None:
    server = start("--host", "0.0.0.0")
    status, body = server.ask("GET", "/api/v1/tasks")
    assert (status, body["code"]) == (401, "token_required")
    code, _, err = server.stop(signal.SIGINT)
    assert code == 0
    assert "Traceback" not in err
    assert re.search(r"Authorization: Bearer \S{32,}", err)


def test_tls_protects_api_and_app_and_pairs_a_phone(start: Start, tmp_path: Path) -> None:
    server = start("--host", "0.0.0.0", "--tls", "--token", "secret")
    certificate = tmp_path / "cache" / "tls" / "certificate.pem"
    context = ssl.create_default_context(cafile=certificate)
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=60, context=context)
    for path, status in (("/livez", 200), ("/api/v1/tasks", 401), ("/home", 200)):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
    connection.close()
    own = Client(f"https://127.0.0.1:{server.port}", "secret", certificate=certificate)
    assert asyncio.run(own.get_about()).name == "CanceRapy"
    with pytest.raises(CertificateError):
        asyncio.run(Client(f"https://127.0.0.1:{server.port}", "secret").get_about())
    code, _, err = server.stop(signal.SIGTERM)
    assert code == 0
    link = re.search(rf"https://\S+:{server.port}/pair\?token=secret&sha256=(\w+)\n", err)
    assert link is not None
    told = ":".join(link[1][place : place + 2] for place in range(0, 64, 2)).upper()
    assert f"\n  {told}\n" in err
    assert err.count("█") > 100
    assert re.search(r"\n  ([0-9A-F]{2}:){31}[0-9A-F]{2}\n", err)
    assert "Traceback" not in err


def test_form_is_read_before_the_model_is_missed(server: Server) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    status, body = server.ask("POST", "/skin", "--x--\r\n", **form)
    assert (status, body["code"]) == (400, "image_missing")
    status, body = server.ask("POST", "/skin", **form)  # a form is more than nothing
    assert (status, body["code"]) == (400, "bad_request")


def _receive(connection: socket.socket) -> str:
    """Read one answer; head and body need not come in one packet."""
    answer = b""
    while chunk := connection.recv(65_536):
        answer += chunk
        head, blank, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if blank and length and len(body) >= int(length[1]):
            break
    return answer.decode()


def test_huge_upload_is_refused_before_it_is_sent(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(
            b"POST /skin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n\r\n"
        )
        answer = _receive(connection)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "100 Continue" not in answer
    assert '"code":"upload_too_large"' in answer


def test_unannounced_upload_is_cut_off(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(
            b"POST /skin HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        )
        for _ in range(12):
            connection.sendall(b"186a0\r\n" + b"x" * 100_000 + b"\r\n")
        answer = _receive(connection)
    assert answer.startswith("HTTP/1.1 413 ")


def test_taken_port_is_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServerError, match=r"cannot be used \(Address already in use") as caught:
            serve(Settings(port=port))
    assert caught.value.code == "port_unavailable"
    assert caught.value.exit_code == 1
    assert f"127.0.0.1 port {port} " in caught.value.message


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("256.0.0.1", 0)])
def test_impossible_address_is_explained(host: str, port: int) -> None:
    with pytest.raises(ServerError, match=f"{host} port {port} cannot be used"):
        serve(Settings(host=host, port=port))
