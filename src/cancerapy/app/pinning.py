"""Trusts one certificate and no other: that of a server which signed its own.

Nobody vouches for such a certificate. Its fingerprint comes with the pairing address, which is
read from the server's own screen, so the person vouches for it, once.
"""

import asyncio
import hashlib
import hmac
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

from cancerapy.errors import CertificateError

_contexts: dict[tuple[str, str], ssl.SSLContext] = {}


def trust_only(certificate: str) -> ssl.SSLContext:
    """Return a context that accepts one certificate, whatever names it bears.

    Args:
        certificate: PEM text.
    """
    context = ssl.create_default_context(cadata=certificate)
    # The server is asked at an address of the machine, which a certificate need not name.
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


async def trust_pinned(server: str, fingerprint: str, timeout_s: float) -> ssl.SSLContext:
    """Return a context that accepts only the certificate with a fingerprint.

    The certificate is fetched without trust and compared; what is sent afterwards goes over a
    connection of its own that is verified against it.

    Args:
        server: Address, ``https://...``.
        fingerprint: SHA-256 of the certificate, hexadecimal; colons and case do not matter.
        timeout_s: Longest wait for the certificate.

    Raises:
        CertificateError: The server shows another certificate.
        OSError: The server cannot be reached, or not in time.
    """
    wanted = fingerprint.replace(":", "").lower()
    if (server, wanted) not in _contexts:
        shown = await asyncio.wait_for(_fetch_certificate(server), timeout_s)
        if not hmac.compare_digest(hashlib.sha256(shown).hexdigest(), wanted):
            raise CertificateError(
                f"The server at {server} must show the certificate that it was paired with; it "
                "shows another. Pair again with the code that the server prints when it starts; "
                "if nobody has renewed it, do not go on.",
                code="certificate_changed",
            )
        _contexts[server, wanted] = trust_only(ssl.DER_cert_to_PEM_cert(shown))
    return _contexts[server, wanted]


async def _fetch_certificate(server: str) -> bytes:
    parts = urlsplit(server)
    anyone = ssl.create_default_context()
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection(parts.hostname, parts.port or 443, ssl=anyone)
    try:
        shown: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return shown
    finally:
        # Nothing was said: no farewell has to be waited for, and the server need not give one.
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()
