"""The certificate of the server: one that was given, or one that it signs itself.

A phone's browser opens its camera only over TLS, and a token must not cross a network in the
clear. A self-signed certificate protects both, after the person has accepted it once; a hospital
gives one of its own authority.
"""

import ipaddress
import os
import ssl
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cancerapy.errors import ServerError, StorageError
from cancerapy.settings import Settings

if TYPE_CHECKING:
    from cryptography import x509

VALID_DAYS = 397
"""Longest life that browsers accept of a certificate."""

RENEW_BEFORE_DAYS = 30


def with_certificate(settings: Settings, hosts: Sequence[str]) -> Settings:
    """Return ``settings`` with the certificate and key that the server shows, if it speaks TLS.

    A given certificate is used as it is, and implies TLS. Otherwise the one in the cache is, while
    it is valid and for all of ``hosts``; else a new one is written there.

    Args:
        settings: Resolved settings.
        hosts: Names and addresses under which the server is reached.

    Raises:
        ServerError: The given files are no certificate and its key.
        StorageError: The new one cannot be written.
    """
    if settings.certificate is not None or settings.private_key is not None:
        _check(settings.certificate, settings.private_key)
        return replace(settings, tls=True)
    if not settings.tls:
        return settings
    folder = settings.cache / "tls"
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not _is_usable(certificate, key, hosts):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _sign(certificate, key, hosts)
        except OSError as error:
            raise StorageError.from_os_error(error, "writing the server's certificate") from error
    return replace(settings, certificate=certificate, private_key=key)


def is_own_certificate(settings: Settings) -> bool:
    """Tell whether the server signs its certificate itself, so that nobody else vouches for it.

    Args:
        settings: As ``with_certificate`` returned them.
    """
    return settings.certificate == settings.cache / "tls" / "certificate.pem"


def fingerprint(certificate: Path) -> str:
    """Return the SHA-256 fingerprint that browsers show, ``"AB:CD: ..."``.

    Args:
        certificate: PEM file; the first certificate in it counts.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    own = x509.load_pem_x509_certificate(certificate.read_bytes())
    return own.fingerprint(hashes.SHA256()).hex(":").upper()


def _check(certificate: Path | None, key: Path | None) -> None:
    try:
        if certificate is None or key is None:
            raise OSError("one of the two is missing")
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        reason = getattr(error, "reason", None) or error.strerror or str(error)
        raise ServerError(
            "TLS needs a certificate and its private key as PEM files; these cannot be used "
            f"({reason}). Give both with --certificate and --private-key, or --tls alone for a "
            "self-signed one.",
            code="certificate_invalid",
            field="certificate",
        ) from error


def _is_usable(certificate: Path, key: Path, hosts: Sequence[str]) -> bool:
    from cryptography import x509

    try:
        own = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        _check(certificate, key)
    except (OSError, ValueError, x509.ExtensionNotFound, ServerError):
        return False
    left = own.not_valid_after_utc - datetime.now(UTC)
    return left > timedelta(days=RENEW_BEFORE_DAYS) and set(_names(hosts)) <= set(names)


def _names(hosts: Sequence[str]) -> "list[x509.GeneralName]":
    from cryptography import x509

    names: list[x509.GeneralName] = []
    for host in dict.fromkeys((*hosts, "localhost", "127.0.0.1", "::1")):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    return names


def _sign(certificate: Path, key_file: Path, hosts: Sequence[str]) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "CanceRapy")])
    now = datetime.now(UTC)
    own = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a phone's clock may be behind
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(hosts)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key_file.unlink(missing_ok=True)
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(text)
    certificate.write_bytes(own.public_bytes(serialization.Encoding.PEM))
