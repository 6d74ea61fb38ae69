"""The one certificate that a device was paired with, against a server that speaks TLS."""

import asyncio
import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cancerapy.app import pinning
from cancerapy.app.client import Client
from cancerapy.errors import CertificateError, ServerDownError
from cancerapy.server.certificate import fingerprint, with_certificate
from cancerapy.settings import Settings

ABOUT = {
    "name": "CanceRapy", "version": "1.0", "api": "v1", "max_upload_bytes": 1,
    "max_megapixels": 1, "formats": "JPEG",
}  # fmt: skip


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(ABOUT).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a certificate that the server signed itself, for another name."""
    return with_certificate(Settings(tls=True, cache=tmp_path), ["clinic.example"])


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """A server that shows it."""
    assert settings.certificate is not None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.certificate, settings.private_key)
    server = http.server.HTTPServer(("127.0.0.1", 0), _Answers)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinning, "_contexts", {})


def test_nobody_vouches_for_it_without_pairing(address: str) -> None:
    with pytest.raises(CertificateError, match="paired with the code") as caught:
        asyncio.run(Client(address).get_about())
    assert caught.value.code == "certificate_refused"


def test_a_paired_device_trusts_it(address: str, settings: Settings) -> None:
    assert settings.certificate is not None
    pin = fingerprint(settings.certificate)
    client = Client(address, "", pin)
    assert asyncio.run(client.get_about()).name == "CanceRapy"
    assert asyncio.run(client.get_about()).name == "CanceRapy"


def test_another_certificate_is_refused(address: str) -> None:
    with pytest.raises(CertificateError, match="shows another") as caught:
        asyncio.run(Client(address, "", "00" * 32).get_about())
    assert caught.value.code == "certificate_changed"


def test_a_server_that_changes_it_after_the_comparison_is_refused(
    address: str, tmp_path: Path
) -> None:
    other = with_certificate(Settings(tls=True, cache=tmp_path / "other"), ["127.0.0.1"])
    assert other.certificate is not None
    pin = fingerprint(other.certificate).replace(":", "").lower()
    pinning._contexts[address, pin] = pinning.trust_only(other.certificate.read_text())
    with pytest.raises(CertificateError, match="trusts"):
        asyncio.run(Client(address, "", pin).get_about())


def test_nothing_at_the_address_is_no_fault_of_a_certificate(address: str) -> None:
    with pytest.raises(ServerDownError):
        asyncio.run(Client("https://127.0.0.1:1", "", "00" * 32).get_about())
