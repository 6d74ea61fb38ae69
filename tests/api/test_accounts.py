"""An administrator's way through the accounts over HTTP."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select

from cancerapy.api import create_app
from cancerapy.api.state import EXTENSION
from cancerapy.people import passwords
from cancerapy.people.accounts import NewAccount, add_account
from cancerapy.people.roles import Role
from cancerapy.records import Records, open_records
from cancerapy.records.tables import AuditEntry
from cancerapy.settings import Settings

ACCOUNTS = "/api/v1/accounts"
GOOD, OTHER = "seven green umbrellas", "nine yellow kettles"
OPEN_REVIEWER = {"role": "reviewer", "is_active": True}

Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)


@pytest.fixture
def settings(records_settings: Settings) -> Settings:
    """A server that other machines reach, with records in SQLite or PostgreSQL."""
    return replace(records_settings, host="0.0.0.0")


@pytest.fixture
def records(settings: Settings) -> Iterator[Records]:
    records = open_records(settings)
    add_account(records, NewAccount("jane", Role.ADMINISTRATOR, GOOD), "cli")
    yield records
    records.close()


@pytest.fixture
def client(settings: Settings, records: Records, toy_models: Any) -> Iterator[FlaskClient]:
    app = create_app(settings, served=toy_models)
    yield app.test_client()
    app.extensions[EXTENSION].records.get().close()


def _sign_in(client: FlaskClient, name: str, password: str) -> Any:
    return client.post("/api/v1/sign-in", json={"name": name, "password": password})


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """Return a function that asks as the administrator."""
    headers = {"Authorization": f"Bearer {_sign_in(client, 'jane', GOOD).json['token']}"}

    def send(method: str, path: str = "", **options: Any) -> Any:
        return client.open(f"{ACCOUNTS}{path}", method=method, headers=headers, **options)

    return send


@pytest.fixture
def sam(ask: Ask) -> Any:
    """A reviewer whom the administrator has added, with the password that was made."""
    response = ask("POST", json={"name": "Sam", "role": "reviewer"})
    assert response.status_code == 201
    return response.json


def test_the_made_password_signs_in_and_is_told_once(
    client: FlaskClient, ask: Ask, sam: Any
) -> None:
    assert sam["account"]["name"] == "sam"
    assert _sign_in(client, "sam", sam["password"]).json["account"]["roles"] == ["reviewer"]
    listed = ask("GET")
    assert [one["name"] for one in listed.json["items"]] == ["sam", "jane"]
    assert [one["n_tokens"] for one in listed.json["items"]] == [1, 1]
    assert sam["password"] not in listed.text


def test_accounts_come_in_pages(ask: Ask, sam: Any) -> None:
    first = ask("GET", query_string={"limit": 1}).json
    second = ask("GET", query_string={"limit": 1, "after": first["next"]}).json
    assert [page["items"][0]["name"] for page in (first, second)] == ["sam", "jane"]
    assert second["next"] is None
    assert ask("GET", query_string={"limit": 0}).json["code"] == "option_invalid"
    assert ask("GET", query_string={"page": 2}).status_code == 400


def test_a_role_is_changed_and_an_account_closed_and_opened(
    client: FlaskClient, ask: Ask, sam: Any
) -> None:
    path = f"/{sam['account']['id']}"
    token = _sign_in(client, "sam", sam["password"]).json["token"]
    changed = ask("PUT", path, json={"role": "clinician", "is_active": False})
    assert (changed.status_code, changed.json["role"], changed.json["is_active"]) == (
        200,
        "clinician",
        False,
    )
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/account", headers=headers).status_code == 401
    assert _sign_in(client, "sam", sam["password"]).status_code == 401
    ask("PUT", path, json={"role": "clinician", "is_active": True})
    assert _sign_in(client, "sam", sam["password"]).json["account"]["roles"] == ["clinician"]


def test_another_password_ends_sign_ins(client: FlaskClient, ask: Ask, sam: Any) -> None:
    path = f"/{sam['account']['id']}/password"
    _sign_in(client, "sam", sam["password"])
    given = ask("POST", path, json={"password": OTHER})
    assert given.json == {"password": None, "n_ended": 1}
    assert _sign_in(client, "sam", sam["password"]).status_code == 401
    made = ask("POST", path, json={}).json
    assert _sign_in(client, "sam", made["password"]).status_code == 200
    weak = ask("POST", path, json={"password": "short"})
    assert (weak.status_code, weak.json["code"]) == (400, "password_weak")


def test_tokens_are_listed_and_ended(client: FlaskClient, ask: Ask, sam: Any) -> None:
    path = f"/{sam['account']['id']}/tokens"
    token = _sign_in(client, "sam", sam["password"]).json["token"]
    listed = ask("GET", path)
    assert [one["label"] for one in listed.json["tokens"]] == ["sign-in"]
    assert token not in listed.text
    assert ask("DELETE", path).json == {"n_ended": 1}
    assert ask("GET", path).json == {"tokens": []}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "jane", "role": "reviewer"}, 409, "account_exists"),
        ({"name": "two words", "role": "reviewer"}, 400, "account_name_invalid"),
        ({"name": "ann", "role": "device"}, 400, "field_invalid"),
        ({"name": "ann", "role": "patient"}, 400, "account_record_invalid"),
        ({"name": "ann", "role": "reviewer", "is_active": True}, 400, "field_unknown"),
        ({"role": "reviewer"}, 400, "field_invalid"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    ask: Ask, body: dict[str, Any], status: int, code: str
) -> None:
    response = ask("POST", json=body)
    assert (response.status_code, response.json["code"]) == (status, code)
    assert len(ask("GET").json["items"]) == 1


def test_an_administrator_cannot_lock_everybody_out(ask: Ask) -> None:
    own = ask("GET").json["items"][0]["id"]
    answers = [
        ask("PUT", f"/{own}", json={"role": "administrator", "is_active": False}),
        ask("PUT", f"/{own}", json=OPEN_REVIEWER),
        ask("POST", f"/{own}/password", json={}),
    ]
    assert [(one.status_code, one.json["code"]) for one in answers] == [(409, "own_account")] * 3
    assert ask("DELETE", f"/{own}/tokens").json == {"n_ended": 0}
    assert ask("GET").status_code == 200


def test_an_unknown_account_is_unknown(ask: Ask) -> None:
    for unknown in ("00000000-0000-4000-8000-000000000000", "jane"):
        response = ask("PUT", f"/{unknown}", json=OPEN_REVIEWER)
        assert (response.status_code, response.json["code"]) == (404, "record_unknown")


def test_every_change_is_written_down_with_who_did_it(ask: Ask, sam: Any, records: Records) -> None:
    path = f"/{sam['account']['id']}"
    ask("GET")
    ask("PUT", path, json={"role": "clinician", "is_active": False})
    ask("POST", f"{path}/password", json={})
    ask("DELETE", f"{path}/tokens")
    with records.reading() as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))[2:]
    assert {entry.actor for entry in entries} == {"jane"}
    assert [(entry.action, entry.subject_id) for entry in entries] == [
        ("account.add", path[1:]),
        ("account.list", ""),
        ("account.role", path[1:]),
        ("account.disable", path[1:]),
        ("account.password", path[1:]),
        ("token.revoke", path[1:]),
    ]
    assert "sam" not in "".join(entry.details for entry in entries)


def test_neither_names_nor_passwords_are_logged(
    ask: Ask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        made = ask("POST", json={"name": "layla", "role": "reviewer"}).json
        path = f"/{made['account']['id']}"
        ask("POST", json={"name": "layla", "role": "reviewer", "password": OTHER})
        ask("POST", f"{path}/password", json={"password": OTHER})
        ask("POST", f"{path}/password", json={"password": 12345678987654321})
        ask("PUT", path, json={"role": "layla", "is_active": True})
    assert '"status": 409' in caplog.text
    for text in ("layla", OTHER, made["password"], "12345678987654321"):
        assert text not in caplog.text, text


def test_on_one_s_own_machine_accounts_are_kept_without_signing_in(
    toy_models: Any, records_settings: Settings
) -> None:
    """So the first administrator can be made before the server is opened to others."""
    app = create_app(records_settings, served=toy_models)
    client = app.test_client()
    body = {"name": "jane", "role": "administrator"}
    made = client.post(ACCOUNTS, json=body).json
    closed = {"role": "administrator", "is_active": False}
    refused = client.put(f"{ACCOUNTS}/{made['account']['id']}", json=closed)
    assert (refused.status_code, refused.json["code"]) == (409, "last_administrator")
    log = client.get("/api/v1/audit", query_string={"action": "account"}).json["items"]
    assert [(one["actor"], one["action"]) for one in log] == [("local", "account.add")]
    app.extensions[EXTENSION].records.get().close()
