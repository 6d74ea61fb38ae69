"""Signing in with a hospital's own provider (OpenID Connect): the questions asked of it.

The provider says only who somebody is. What they may do here is their account's role: an
administrator makes the account and names the provider's subject for it.

References:
    OpenID Connect Core 1.0, 3.1 (authorization code flow), 3.1.3.7 (checks of an ID token);
    RFC 7636 (PKCE); RFC 9700 (security of OAuth 2.0).
"""

import secrets
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from cancerapy.errors import CanceRapyError, InvalidRequestError, ServerError, require
from cancerapy.settings import Settings

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "ES384", "RS512")
"""Signatures that are accepted: with a key that only the provider has. Never ``none``, and never
``HS256``, for which the client's own secret would do."""

LEEWAY_S = 60
TIMEOUT_S = 10.0
CALLBACK_PATH = "/api/v1/sign-in/oidc/callback"


class ProviderError(CanceRapyError):
    """The provider does not answer as one; a password still signs in."""

    default_code = "provider_unavailable"
    http_status = 503


@dataclass(frozen=True, slots=True)
class Challenge:
    """What one sign-in is bound to; all three are random and used once.

    Args:
        state: Comes back with the browser.
        nonce: Comes back inside the ID token.
        verifier: Proves to the provider that the one who redeems the code began the sign-in.
    """

    state: str
    nonce: str
    verifier: str

    @classmethod
    def make(cls) -> "Challenge":
        """Return a new one."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


class OidcProvider:
    """One provider; it is asked for its addresses and keys when they are first needed.

    Args:
        settings: With the issuer, this client's id and secret, and the server's public address.

    Raises:
        MissingDependencyError: The extra ``hospital`` is not installed.
        ServerError: A setting is missing, or an address is not HTTPS.
    """

    def __init__(self, settings: Settings) -> None:
        _check(settings)
        client = require(
            "authlib.integrations.requests_client",
            extra="hospital",
            feature="Signing in with a provider",
        )
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client_id = settings.oidc_client_id
        self._redirect = settings.public_url.rstrip("/") + CALLBACK_PATH
        self._secret = settings.oidc_client_secret
        self._session_class: Any = client.OAuth2Session
        self._facts: dict[str, Any] = {}

    def address_for(self, challenge: Challenge) -> str:
        """Return the provider's page at which a person signs in.

        Args:
            challenge: What the sign-in is bound to.

        Raises:
            ProviderError: The provider does not answer as one.
        """
        address, _ = self._session().create_authorization_url(
            self._read_facts()["authorization_endpoint"],
            state=challenge.state,
            nonce=challenge.nonce,
            code_verifier=challenge.verifier,
        )
        return str(address)

    def redeem(self, code: str, challenge: Challenge) -> str:
        """Return the subject of the person who signed in.

        Args:
            code: What the provider gave to the browser.
            challenge: What the sign-in was bound to.

        Raises:
            InvalidRequestError: The provider does not take the code, or its ID token is not one
                for this sign-in.
            ProviderError: The provider does not answer as one.
        """
        from authlib.common.errors import AuthlibBaseError
        from requests import RequestException

        try:
            answer = self._session().fetch_token(
                self._read_facts()["token_endpoint"], code=code, code_verifier=challenge.verifier
            )
        except AuthlibBaseError as error:
            raise _refused("the provider does not take its code") from error
        except (RequestException, ValueError) as error:
            raise _no_provider(self._issuer) from error
        return self.verify(str(answer.get("id_token", "")), challenge.nonce)

    def verify(self, id_token: str, nonce: str) -> str:
        """Return the subject of an ID token after every check of the standard.

        Args:
            id_token: Signed by one of the provider's keys.
            nonce: What it must hold to be for this sign-in.

        Raises:
            InvalidRequestError: A check fails.
            ProviderError: The provider does not tell its keys.
        """
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        wanted = {
            "iss": {"essential": True, "value": self._issuer_as_told()},
            "aud": {"essential": True, "value": self._client_id},
            "nonce": {"essential": True, "value": nonce},
        }
        context = {"nonce": nonce, "client_id": self._client_id}
        try:
            token = self._decode(id_token)
            claims = CodeIDToken(token.claims, token.header, wanted, context)
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, ValueError) as error:
            raise _refused(f"its ID token does not hold ({type(error).__name__})") from error
        if not claims["sub"]:
            raise _refused("its ID token names nobody")
        return str(claims["sub"])

    def _decode(self, id_token: str) -> Any:
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            return jwt.decode(id_token, self._read_keys(), algorithms=list(ALGORITHMS))
        except JoseError:
            # The provider may have changed its keys since they were read.
            self._facts.pop("keys", None)
            return jwt.decode(id_token, self._read_keys(), algorithms=list(ALGORITHMS))

    def _read_keys(self) -> Any:
        from joserfc.jwk import KeySet

        if "keys" not in self._facts:
            found = self._read(self._read_facts()["jwks_uri"])
            self._facts["keys"] = KeySet.import_key_set(cast("Any", found))
        return self._facts["keys"]

    def _issuer_as_told(self) -> str:
        return str(self._read_facts()["issuer"])

    def _read_facts(self) -> dict[str, Any]:
        if "issuer" not in self._facts:
            found = self._read(f"{self._issuer}/.well-known/openid-configuration")
            needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
            if str(found.get("issuer", "")).rstrip("/") != self._issuer or not all(
                _is_safe(str(found.get(name, ""))) for name in needed
            ):
                raise _no_provider(self._issuer)
            self._facts.update(found)
        return self._facts

    def _read(self, address: str) -> dict[str, Any]:
        from requests import RequestException

        try:
            response = self._session().get(address, withhold_token=True)
            response.raise_for_status()
            found = response.json()
        except (RequestException, ValueError) as error:
            raise _no_provider(self._issuer) from error
        if not isinstance(found, dict):
            raise _no_provider(self._issuer)
        return found

    def _session(self) -> Any:
        # A new one each time: one keeps the token of the last person.
        return self._session_class(
            self._client_id,
            self._secret or None,
            scope="openid",
            redirect_uri=self._redirect,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_S,
        )


def _check(settings: Settings) -> None:
    missing = [
        name for name in ("oidc_client_id", "public_url") if not getattr(settings, name).strip()
    ]
    if missing:
        raise ServerError(
            "Signing in with a provider needs the settings oidc_issuer, oidc_client_id and "
            f"public_url; {' and '.join(missing)} is empty. Set "
            f"{' and '.join('CANCERAPY_' + name.upper() for name in missing)}.",
            code="setting_invalid",
            field=missing[0],
        )
    for name in ("oidc_issuer", "public_url"):
        if not _is_safe(getattr(settings, name)):
            raise ServerError(
                f"The setting {name} must be an address that begins with https://; it does not. "
                "Only this machine itself may be named with http://.",
                code="setting_invalid",
                field=name,
            )


def _is_safe(address: str) -> bool:
    """Tell whether nobody on the way can read or change what is exchanged with an address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    on_own_machine = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    return bool(parts.hostname) and (parts.scheme == "https" or on_own_machine)


def _refused(why: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"The provider must confirm who signs in; this sign-in cannot be used: {why}. Begin anew.",
        code="sign_in_refused",
        field="code",
    )


def _no_provider(issuer: str) -> ProviderError:
    return ProviderError(
        f"The sign-in provider {issuer} must answer as OpenID Connect asks; it does not. Check the "
        "setting oidc_issuer and the network of the server."
    )
