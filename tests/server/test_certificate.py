"""The server's certificate: what it is for, how long it is kept, and which ones are refused."""

import re
import ssl
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from cancerapy.errors import ServerError
from cancerapy.server.certificate import fingerprint, with_certificate
from cancerapy.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a server that speaks TLS."""
    return Settings(cache=tmp_path, tls=True)


def test_without_tls_there_is_no_certificate(settings: Settings) -> None:
    plain = replace(settings, tls=False)
    assert with_certificate(plain, ["10.0.0.7"]) == plain


def test_a_new_certificate_names_the_hosts_and_hides_its_key(settings: Settings) -> None:
    made = with_certificate(settings, ["10.0.0.7", "clinic.example"])
    assert made.certificate is not None
    assert made.private_key is not None
    own = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == [
        "10.0.0.7", "clinic.example", "localhost", "127.0.0.1", "::1",
    ]  # fmt: skip
    left = own.not_valid_after_utc - datetime.now(UTC)
    assert timedelta(days=396) < left <= timedelta(days=397)
    assert stat.S_IMODE(made.private_key.stat().st_mode) == 0o600
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
        made.certificate, made.private_key
    )


def test_a_certificate_is_kept_while_it_is_for_the_hosts(settings: Settings) -> None:
    def bytes_for(*hosts: str) -> bytes:
        made = with_certificate(settings, hosts)
        assert made.certificate is not None
        return made.certificate.read_bytes()

    first = bytes_for("10.0.0.7")
    assert bytes_for("10.0.0.7") == first
    other = bytes_for("10.0.0.8")
    assert other != first
    (settings.cache / "tls" / "key.pem").write_text("damaged")
    assert bytes_for("10.0.0.8") != other


def test_a_given_certificate_implies_tls(settings: Settings) -> None:
    made = with_certificate(settings, ["10.0.0.7"])
    given = Settings(certificate=made.certificate, private_key=made.private_key)
    assert with_certificate(given, ["elsewhere.example"]) == replace(given, tls=True)


@pytest.mark.parametrize("fault", ["no key", "no certificate", "absent", "damaged", "swapped"])
def test_files_that_are_no_certificate_and_key_are_refused(settings: Settings, fault: str) -> None:
    made = with_certificate(settings, ["10.0.0.7"])
    (settings.cache / "damaged.pem").write_text("-----BEGIN CERTIFICATE-----")
    given = {
        "no key": (made.certificate, None),
        "no certificate": (None, made.private_key),
        "absent": (settings.cache / "absent.pem", made.private_key),
        "damaged": (settings.cache / "damaged.pem", made.private_key),
        "swapped": (made.private_key, made.certificate),
    }[fault]
    wrong = replace(settings, certificate=given[0], private_key=given[1])
    with pytest.raises(ServerError, match="--certificate and --private-key") as caught:
        with_certificate(wrong, ["10.0.0.7"])
    assert caught.value.code == "certificate_invalid"


def test_the_fingerprint_is_that_of_the_standard_library(settings: Settings) -> None:
    import hashlib

    made = with_certificate(settings, [])
    assert made.certificate is not None
    der = ssl.PEM_cert_to_DER_cert(made.certificate.read_text())
    shown = fingerprint(made.certificate)
    assert re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", shown)
    assert shown.replace(":", "").lower() == hashlib.sha256(der).hexdigest()
