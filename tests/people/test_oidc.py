"""The provider's word: taken when every check holds, and for each that does not, refused."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("authlib")
pytest.importorskip("joserfc")

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from cancerapy.errors import InvalidRequestError, MissingDependencyError, ServerError
from cancerapy.people.oidc import Challenge, OidcProvider, ProviderError
from cancerapy.settings import Settings

NOW = int(time.time())


@pytest.fixture
def simulated(simulated_provider: Any) -> Any:
    return simulated_provider


@pytest.fixture
def settings(simulated: Any) -> Settings:
    return Settings(
        public_url="https://clinic.example/",
        oidc_issuer=simulated.issuer,
        oidc_client_id="cancerapy",
        oidc_client_secret="the client's secret",
    )


@pytest.fixture
def provider(settings: Settings) -> OidcProvider:
    return OidcProvider(settings)


def test_the_whole_way_gives_the_subject(provider: OidcProvider, simulated: Any) -> None:
    challenge = Challenge.make()
    address = provider.address_for(challenge)
    assert address.startswith(f"{simulated.issuer}/authorize?")
    assert challenge.verifier not in address
    state, code = simulated.agree(address)
    assert state == challenge.state
    begun = simulated.codes[code]
    assert begun["redirect_uri"] == "https://clinic.example/api/v1/sign-in/oidc/callback"
    assert provider.redeem(code, challenge) == "248289761001"
    with pytest.raises(InvalidRequestError, match="does not take its code"):
        provider.redeem(code, challenge)


def test_a_code_of_another_sign_in_is_of_no_use(provider: OidcProvider, simulated: Any) -> None:
    _, code = simulated.agree(provider.address_for(Challenge.make()))
    with pytest.raises(InvalidRequestError, match="does not take its code") as caught:
        provider.redeem(code, Challenge.make())
    assert (caught.value.code, caught.value.status) == ("sign_in_refused", 401)


def test_no_two_sign_ins_share_a_secret() -> None:
    first, second = Challenge.make(), Challenge.make()
    values = {first.state, first.nonce, first.verifier}
    values |= {second.state, second.nonce, second.verifier}
    assert len(values) == 6
    assert all(len(value) >= 32 for value in values)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"aud": ["cancerapy", "another"], "azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": NOW - 120},
        {"exp": None},
        {"iat": None},
        {"iat": NOW + 3600},
        {"nbf": NOW + 3600},
        {"sub": None},
        {"sub": ""},
        {"aud": None},
        {"iss": None},
    ],
    ids=lambda changes: " ".join(f"{k}={str(v)[:12]}" for k, v in changes.items()),
)
def test_a_token_with_a_claim_that_does_not_hold_is_refused(
    provider: OidcProvider, simulated: Any, changes: dict[str, Any]
) -> None:
    assert provider.verify(simulated.id_token("nonce"), "nonce") == simulated.subject
    with pytest.raises(InvalidRequestError, match=r"its ID token (does not hold|names nobody)"):
        provider.verify(simulated.id_token("nonce", **changes), "nonce")


def test_a_token_of_another_key_is_refused(provider: OidcProvider, simulated: Any) -> None:
    for kid in ("first", "another"):
        stranger = RSAKey.generate_key(2048, {"kid": kid}, private=True)
        with pytest.raises(InvalidRequestError, match="does not hold"):
            provider.verify(simulated.id_token("nonce", key=stranger), "nonce")


def test_a_token_signed_by_nobody_or_by_the_client_is_refused(
    provider: OidcProvider, simulated: Any
) -> None:
    header, payload, signature = simulated.id_token("nonce").split(".")
    none = urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    claims = {"iss": simulated.issuer, "sub": "1", "aud": "cancerapy", "exp": NOW + 300, "iat": NOW}
    public = json.dumps(simulated.key.as_dict(private=False)).encode()
    by_client = [
        jwt.encode({"alg": "HS256"}, {**claims, "nonce": "nonce"}, OctKey.import_key(secret))
        for secret in (b"the client's secret", public)
    ]
    forged = [f"{none}.{payload}.", f"{header}.{payload}.", f"{header}.{payload}.{signature[:-4]}"]
    for token in (*forged, *by_client, "", "a.b.c", "garbage"):
        with pytest.raises(InvalidRequestError, match="does not hold"):
            provider.verify(token, "nonce")


def test_new_keys_of_the_provider_are_fetched(provider: OidcProvider, simulated: Any) -> None:
    provider.verify(simulated.id_token("nonce"), "nonce")
    old, simulated.key = simulated.key, RSAKey.generate_key(2048, {"kid": "second"}, private=True)
    try:
        assert provider.verify(simulated.id_token("nonce"), "nonce") == simulated.subject
        with pytest.raises(InvalidRequestError):
            provider.verify(simulated.id_token("nonce", key=old), "nonce")
    finally:
        simulated.key = old


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"oidc_client_id": ""}, "oidc_client_id is empty"),
        ({"public_url": " "}, "public_url is empty"),
        ({"oidc_issuer": "http://provider.example"}, "oidc_issuer must be an address"),
        ({"public_url": "http://clinic.example"}, "public_url must be an address"),
        ({"oidc_issuer": "https://[", "public_url": "https://a"}, "oidc_issuer must be"),
    ],
)
def test_settings_that_cannot_be_used_are_named(
    settings: Settings, changes: dict[str, str], match: str
) -> None:
    with pytest.raises(ServerError, match=match):
        OidcProvider(replace(settings, **changes))


def test_a_provider_that_does_not_answer_is_said_to(settings: Settings) -> None:
    silent = OidcProvider(replace(settings, oidc_issuer="http://127.0.0.1:9"))
    with pytest.raises(ProviderError, match="must answer as OpenID Connect asks") as caught:
        silent.address_for(Challenge.make())
    assert caught.value.status == 503


def test_a_provider_of_another_name_is_not_believed(settings: Settings, simulated: Any) -> None:
    renamed = replace(settings, oidc_issuer=simulated.issuer.replace("127.0.0.1", "localhost"))
    with pytest.raises(ProviderError):
        OidcProvider(renamed).address_for(Challenge.make())


def test_without_the_extra_it_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "authlib.integrations.requests_client", None)
    with pytest.raises(MissingDependencyError, match=r"\[hospital\]"):
        OidcProvider(settings)
