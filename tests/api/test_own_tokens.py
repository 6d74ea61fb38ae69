"""One's own tokens over HTTP, and those of others by an administrator."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from cancerapy.api import create_app
from cancerapy.people import passwords
from cancerapy.people.accounts import NewAccount, add_account
from cancerapy.people.roles import Role
from cancerapy.records import open_records
from cancerapy.settings import Settings

GOOD = "seven green umbrellas"
OWN = "/api/v1/account/tokens"
WANTED = {"label": "nightly import", "password": GOOD, "days": 30}


@pytest.fixture
def client(tmp_path: Any, toy_models: Any, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Return a client of a server with an administrator and a clinician."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    settings = Settings(host="0.0.0.0", home=tmp_path / "home")
    records = open_records(settings)
    for name, role in (("jane", Role.ADMINISTRATOR), ("sam", Role.CLINICIAN)):
        add_account(records, NewAccount(name, role, GOOD), "cli")
    records.close()
    return create_app(settings, served=toy_models).test_client()


def _sign_in(client: FlaskClient, name: str) -> dict[str, str]:
    body = {"name": name, "password": GOOD}
    return _bearer(client.post("/api/v1/sign-in", json=body).json["token"])


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_is_told_once_works_and_is_ended(client: FlaskClient) -> None:
    sam = _sign_in(client, "sam")
    made = client.post(OWN, json=WANTED, headers=sam)
    assert made.status_code == 201
    token, record = made.json["token"], made.json["record"]
    assert (record["label"], record["is_current"]) == ("nightly import", False)
    assert client.get("/api/v1/patients", headers=_bearer(token)).status_code == 200
    assert client.get("/api/v1/accounts", headers=_bearer(token)).status_code == 403
    listed = client.get(OWN, headers=_bearer(token))
    assert token not in listed.text
    marks = {one["label"]: one["is_current"] for one in listed.json["tokens"]}
    assert marks == {"nightly import": True, "sign-in": False}
    ended = client.delete(f"{OWN}/{record['id']}", headers=sam)
    assert (ended.status_code, ended.json) == (200, {"n_ended": 1})
    assert client.get(OWN, headers=_bearer(token)).status_code == 401
    again = client.delete(f"{OWN}/{record['id']}", headers=sam)
    assert (again.status_code, again.json["field"]) == (404, "token_id")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "nine yellow kettles"}, 401, "sign_in_refused"),
        ({"days": 367}, 400, "token_lifetime_invalid"),
        ({"days": 0}, 400, "token_lifetime_invalid"),
        ({"label": " "}, 400, "field_invalid"),
        ({"role": "administrator"}, 400, "field_unknown"),
    ],
)
def test_no_token_is_made_against_the_rules(
    client: FlaskClient, change: dict[str, Any], status: int, code: str
) -> None:
    sam = _sign_in(client, "sam")
    answer = client.post(OWN, json={**WANTED, **change}, headers=sam)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert len(client.get(OWN, headers=sam).json["tokens"]) == 1


def test_nobody_ends_another_s_token_but_an_administrator(client: FlaskClient) -> None:
    jane, sam = _sign_in(client, "jane"), _sign_in(client, "sam")
    record = client.post(OWN, json=WANTED, headers=sam).json["record"]
    assert client.delete(f"{OWN}/{record['id']}", headers=jane).status_code == 404
    accounts = client.get("/api/v1/accounts", headers=jane).json["items"]
    (own,) = [one["id"] for one in accounts if one["name"] == "sam"]
    path = f"/api/v1/accounts/{own}/tokens"
    assert client.delete(f"{path}/{record['id']}", headers=sam).status_code == 403
    listed = client.get(path, headers=jane).json["tokens"]
    assert record in listed
    assert client.delete(f"{path}/{record['id']}", headers=jane).json == {"n_ended": 1}
    assert client.get(path, headers=jane).json["tokens"] == [one for one in listed if one != record]
    assert client.get(OWN, headers=sam).status_code == 200, "the sign-in holds"
    nobody = "00000000-0000-4000-8000-000000000001"
    missing = client.delete(f"/api/v1/accounts/{nobody}/tokens/{record['id']}", headers=jane)
    assert (missing.status_code, missing.json["field"]) == (404, "account_id")


def test_a_server_without_accounts_has_no_tokens(toy_models: Any, tmp_path: Any) -> None:
    client = create_app(Settings(home=tmp_path / "home"), served=toy_models).test_client()
    for answer in (client.get(OWN), client.post(OWN, json=WANTED), client.delete(f"{OWN}/0")):
        assert (answer.status_code, answer.json["code"]) == (400, "account_needed")
