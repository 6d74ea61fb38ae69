"""Signing in with the provider through a browser, and each way to be signed in as another."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("authlib")

from flask.testing import FlaskClient

from cancerapy.api import create_app
from cancerapy.people.accounts import NewAccount, add_account
from cancerapy.people.roles import Role
from cancerapy.records import open_records
from cancerapy.settings import Settings

BEGIN, END = "/api/v1/sign-in/oidc", "/api/v1/sign-in/oidc/callback"


@pytest.fixture
def simulated(simulated_provider: Any) -> Any:
    return simulated_provider


@pytest.fixture
def app(simulated: Any, toy_models: Any, tmp_path: Path) -> Any:
    settings = Settings(
        host="0.0.0.0",
        home=tmp_path / "home",
        public_url="https://clinic.example",
        oidc_issuer=simulated.issuer,
        oidc_client_id="cancerapy",
        oidc_client_secret="the client's secret",
    )
    records = open_records(settings)
    add_account(records, NewAccount("sam", Role.CLINICIAN, subject=simulated.subject), "cli")
    return create_app(settings, served=toy_models)


def _open(client: FlaskClient, path: str) -> Any:
    return client.get(path, base_url="https://clinic.example")


def _begin(client: FlaskClient, simulated: Any) -> str:
    """Set out and agree at the provider; return the address of the way back."""
    response = _open(client, BEGIN)
    assert response.status_code == 303
    state, code = simulated.agree(response.headers["Location"])
    return f"{END}?state={state}&code={code}"


def _exchange(client: FlaskClient, location: str) -> Any:
    code = parse_qs(urlsplit(location).query)["code"][0]
    return client.post("/api/v1/sign-in/code", json={"code": code})


def test_a_browser_comes_back_with_a_code_for_a_token(app: Any, simulated: Any) -> None:
    client = app.test_client()
    assert client.get("/api/v1/sign-in").json["provider"] == BEGIN
    back = _open(client, _begin(client, simulated))
    assert back.status_code == 303
    assert back.headers["Location"].startswith("/pair?code=")
    answer = _exchange(client, back.headers["Location"])
    assert answer.json["account"]["name"] == "sam"
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    assert client.get("/api/v1/account", headers=headers).status_code == 200
    again = _exchange(client, back.headers["Location"])
    assert (again.status_code, again.json["code"]) == (401, "sign_in_refused")


def test_the_cookie_is_out_of_reach_and_opens_nothing(app: Any, simulated: Any) -> None:
    client = app.test_client()
    cookie = _open(client, BEGIN).headers["Set-Cookie"]
    for part in ("HttpOnly", "Secure", "SameSite=Lax", f"Path={BEGIN}", "Max-Age=600"):
        assert part in cookie
    assert _open(client, "/api/v1/account").status_code == 401
    back = _open(client, _begin(client, simulated))
    assert "Max-Age=0" in back.headers["Set-Cookie"]


def test_another_browser_cannot_end_what_one_began(app: Any, simulated: Any) -> None:
    """Otherwise a prepared link would sign its reader in to the account of whoever made it."""
    mine, victim = app.test_client(), app.test_client()
    back = _begin(mine, simulated)
    _open(victim, BEGIN)  # the victim's browser has a cookie of its own
    response = _open(victim, back)
    assert (response.status_code, response.json["code"]) == (401, "sign_in_refused")
    assert _open(mine, back).status_code == 401, "the try is over for everybody"


def test_a_way_back_is_used_once(app: Any, simulated: Any) -> None:
    client = app.test_client()
    back = _begin(client, simulated)
    assert _open(client, back).status_code == 303
    assert _open(client, back).status_code == 401


@pytest.mark.parametrize("query", ["", "?state=a&code=b", "?error=access_denied&state=a"])
def test_a_way_back_without_a_beginning_is_refused(app: Any, query: str) -> None:
    response = _open(app.test_client(), END + query)
    assert (response.status_code, response.json["code"]) == (401, "sign_in_refused")


def test_nothing_in_the_request_chooses_where_the_browser_goes(app: Any, simulated: Any) -> None:
    client = app.test_client()
    back = _begin(client, simulated) + "&next=https://evil.example&redirect_uri=//evil.example"
    assert _open(client, back).headers["Location"].startswith("/pair?code=")


def test_a_subject_without_an_account_is_told(app: Any, simulated: Any) -> None:
    client = app.test_client()
    simulated.faults = {"sub": "999"}
    try:
        back = _open(client, _begin(client, simulated))
    finally:
        simulated.faults = {}
    answer = _exchange(client, back.headers["Location"])
    assert (answer.status_code, answer.json["code"]) == (403, "account_unknown")
    assert "'999'" in answer.json["message"]


def test_without_a_provider_there_is_none_to_go_to(make_client: Any) -> None:
    response = make_client(Settings()).get(BEGIN)
    assert (response.status_code, response.json["code"]) == (400, "provider_missing")
