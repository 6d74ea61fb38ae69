"""Signing in and out over HTTP: one flow, and each way around it."""

import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import event, select

from cancerapy.api import create_app
from cancerapy.people import passwords
from cancerapy.people.accounts import NewAccount, add_account, set_active
from cancerapy.people.roles import Role
from cancerapy.records import Records, open_records
from cancerapy.records.tables import AuditEntry
from cancerapy.settings import Settings

GOOD, OTHER = "seven green umbrellas", "nine yellow kettles"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    return Settings(host="0.0.0.0", home=tmp_path / "home")


@pytest.fixture
def records(settings: Settings) -> Records:
    records = open_records(settings)
    add_account(records, NewAccount("jane", Role.REVIEWER, GOOD), "cli")
    return records


@pytest.fixture
def client(settings: Settings, records: Records, toy_models: Any) -> FlaskClient:
    return create_app(settings, served=toy_models).test_client()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _sign_in(client: FlaskClient, name: str = "jane", password: str = GOOD, **options: Any) -> Any:
    body = {"name": name, "password": password}
    return client.post("/api/v1/sign-in", json=body, **options)


def _token(client: FlaskClient) -> str:
    return str(_sign_in(client).json["token"])


def test_a_server_with_accounts_needs_no_token_of_its_own(client: FlaskClient) -> None:
    ways = client.get("/api/v1/sign-in").json
    assert ways == {"needed": True, "password": True, "provider": None}
    assert client.get("/api/v1/tasks").status_code == 401


def test_signing_in_opens_and_signing_out_closes(client: FlaskClient) -> None:
    answer = _sign_in(client).json
    assert answer["account"] == {
        "name": "jane",
        "roles": ["reviewer"],
        "patient_id": None,
        "is_account": True,
    }
    headers = _bearer(answer["token"])
    assert client.get("/api/v1/account", headers=headers).json == answer["account"]
    assert client.get("/api/v1/tasks", headers=headers).status_code == 200
    assert client.post("/api/v1/sign-out", headers=headers).json == {"n_ended": 1}
    assert client.get("/api/v1/tasks", headers=headers).status_code == 401
    assert client.post("/api/v1/sign-out", headers=headers).status_code == 401


def test_the_token_given_before_is_never_the_one_after(client: FlaskClient) -> None:
    """A token that somebody else put into the browser does not become that of the person."""
    planted = _token(client)
    answer = _sign_in(client, headers=_bearer(planted)).json
    assert answer["token"] != planted
    made_up = "crapy_" + "a" * 43
    assert _sign_in(client, headers=_bearer(made_up)).json["token"] != made_up
    assert client.get("/api/v1/account", headers=_bearer(made_up)).status_code == 401


def test_no_answer_sets_a_cookie_and_none_counts(client: FlaskClient) -> None:
    response = _sign_in(client)
    assert "Set-Cookie" not in response.headers
    for name in ("token", "session", "Authorization", "cancerapy_sign_in"):
        client.set_cookie(name, response.json["token"])
    assert client.get("/api/v1/account").status_code == 401


def test_a_token_in_the_address_or_the_body_does_not_count(client: FlaskClient) -> None:
    token = _token(client)
    assert client.get(f"/api/v1/account?token={token}").status_code == 401
    assert client.post("/api/v1/sign-out", json={"token": token}).status_code == 401
    assert client.get("/api/v1/account", headers=_bearer(token)).status_code == 200


def test_a_form_of_another_site_cannot_sign_in(client: FlaskClient) -> None:
    """What a page can send without asking first (a form, plain text) is not read."""
    fields = {"name": "jane", "password": GOOD}
    assert client.post("/api/v1/sign-in", data=fields).status_code == 415
    sent = client.post("/api/v1/sign-in", data=json.dumps(fields), content_type="text/plain")
    assert sent.status_code == 415
    assert _sign_in(client, headers={"Origin": "http://evil.example"}).status_code == 403


def test_wrong_passwords_are_answered_alike_and_then_paused(client: FlaskClient) -> None:
    known = [_sign_in(client, password=OTHER) for _ in range(6)]
    unknown = [_sign_in(client, name="nobody", password=OTHER) for _ in range(6)]
    assert [response.status_code for response in known] == [401] * 5 + [429]
    for ours, theirs in zip(known, unknown, strict=True):
        assert ours.status_code == theirs.status_code
        assert {**ours.json, "request_id": ""} == {**theirs.json, "request_id": ""}
    assert all("Retry-After" not in response.headers for response in known[:5])
    assert known[5].headers["Retry-After"] in ("1", "2")
    assert f"{known[5].headers['Retry-After']} s are left" in known[5].json["message"]
    assert _sign_in(client).json["code"] == "sign_in_paused"
    elsewhere = {"REMOTE_ADDR": "5.6.7.8"}
    assert _sign_in(client, environ_overrides=elsewhere).status_code == 200


def test_two_servers_count_wrong_passwords_together(
    client: FlaskClient, settings: Settings, toy_models: Any
) -> None:
    """The second may be another behind the balancer, or the first one started again."""
    other = create_app(settings, served=toy_models).test_client()
    answers = [_sign_in(one, password=OTHER) for one in (client, other) * 3]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]


def test_locked_records_let_nobody_in(client: FlaskClient, settings: Settings) -> None:
    _sign_in(client)
    records = client.application.extensions["cancerapy.people"].records()
    with records.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    file = settings.home / "records" / "records.sqlite"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for password in (GOOD, OTHER):
        answer = _sign_in(client, password=password)
        assert (answer.status_code, answer.json["code"]) == (503, "records_busy")
    other.execute("ROLLBACK")
    other.close()
    assert _sign_in(client).status_code == 200


def test_a_made_up_address_does_not_get_around_the_pause(client: FlaskClient) -> None:
    for i in range(6):
        answer = _sign_in(client, password=OTHER, headers={"X-Forwarded-For": f"1.1.1.{i}"})
    assert answer.status_code == 429


def test_changing_the_password_needs_the_old_one_and_ends_other_tokens(
    client: FlaskClient,
) -> None:
    mine, other = _token(client), _token(client)

    def change(current: str, password: str) -> Any:
        body = {"current": current, "password": password}
        return client.post("/api/v1/account/password", json=body, headers=_bearer(mine))

    assert change(OTHER, OTHER).json["code"] == "sign_in_refused"
    assert change(GOOD, "short").json["code"] == "password_weak"
    assert change(GOOD, OTHER).json == {"n_ended": 1}
    assert client.get("/api/v1/account", headers=_bearer(mine)).status_code == 200
    assert client.get("/api/v1/account", headers=_bearer(other)).status_code == 401
    assert _sign_in(client).status_code == 401
    assert _sign_in(client, password=OTHER).status_code == 200


def test_guessing_the_old_password_with_a_stolen_token_is_paused(client: FlaskClient) -> None:
    headers = _bearer(_token(client))
    body = {"current": OTHER, "password": "three quiet elephants"}
    answers = [
        client.post("/api/v1/account/password", json=body, headers=headers) for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]


def test_closing_an_account_ends_its_sign_ins(client: FlaskClient, records: Records) -> None:
    headers = _bearer(_token(client))
    set_active(records, "jane", active=False, actor="cli")
    assert client.get("/api/v1/account", headers=headers).status_code == 401
    assert _sign_in(client).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{}", "name"),
        ('{"name": "jane"}', "password"),
        ('{"name": 3, "password": "x"}', "name"),
        ('{"name": null, "password": "x"}', "name"),
        ('{"name": {"$ne": ""}, "password": "x"}', "name"),
        ('{"name": "jane", "password": "x", "role": "administrator"}', "role"),
        ('["jane", "x"]', "body"),
        ("{", "body"),
        ("\\xff", "body"),
        ("[" * 100_000, "body"),
    ],
)
def test_a_body_of_another_form_is_refused(client: FlaskClient, body: str, field: str) -> None:
    data = b"\xff" if body == "\\xff" else body.encode()
    response = client.post("/api/v1/sign-in", data=data, content_type="application/json")
    assert (response.status_code, response.json["field"]) == (400, field)


def test_names_made_to_break_a_query_are_names_of_nobody(client: FlaskClient) -> None:
    for i, name in enumerate(("jane' OR '1'='1", "jane\0", "%", "j_ne", "../jane", "jane--")):
        answer = _sign_in(client, name=name, environ_overrides={"REMOTE_ADDR": f"9.9.9.{i}"})
        assert answer.status_code == 401, name


def test_refusals_and_sign_ins_are_in_the_audit_log(client: FlaskClient, records: Records) -> None:
    headers = _bearer(_token(client))
    _sign_in(client, password=OTHER)
    client.get("/metrics", headers=headers)
    client.post("/api/v1/sign-out", headers=headers)
    with records.reading() as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))[1:]
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("jane", "sign_in"),
        ("anybody", "sign_in.refused"),
        ("jane", "access.refused"),
        ("jane", "sign_out"),
    ]
    assert json.loads(entries[2].details) == {"route": "GET /metrics"}


def test_neither_names_nor_secrets_are_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = _token(client)
        _sign_in(client, name="jane.doe", password="my secret password")
        _sign_in(client, name="jane.doe", password=3)  # type: ignore[arg-type]
        client.get("/api/v1/account?name=jane.doe", headers=_bearer(token))
        client.get("/api/v1/patients/jane-doe", headers=_bearer(token))
        client.get("/api/v1/tasks", headers={**_bearer(token), "X-Request-ID": "Jane Doe"})
    assert '"status": 401' in caplog.text
    for text in ("jane", "Jane", "secret", GOOD, token, token[6:20], "127.0.0.1"):
        assert text not in caplog.text, text


def test_more_requests_than_the_limit_are_refused(
    settings: Settings, records: Records, toy_models: Any
) -> None:
    app = create_app(replace(settings, max_requests_per_minute=5), served=toy_models)
    client = app.test_client()
    headers = _bearer(_token(client))
    statuses = [client.get("/api/v1/account", headers=headers).status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    refused = client.get("/api/v1/account", headers=headers)
    # A place is free every 12 s, the first after half of that.
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "6")
    assert client.get("/livez", environ_overrides={"REMOTE_ADDR": "5.6.7.8"}).status_code == 200


def test_without_a_token_guesses_are_limited_by_address(
    settings: Settings, records: Records, toy_models: Any
) -> None:
    app = create_app(replace(settings, max_requests_per_minute=5), served=toy_models)
    client = app.test_client()
    statuses = [
        client.get("/api/v1/account", headers=_bearer(f"crapy_{i}")).status_code for i in range(7)
    ]
    assert statuses == [401] * 5 + [429] * 2


@pytest.fixture
def limited(settings: Settings, records: Records, toy_models: Any) -> FlaskClient:
    """A client of a server that takes five requests a minute."""
    app = create_app(replace(settings, max_requests_per_minute=5), served=toy_models)
    return app.test_client()


@pytest.fixture
def statements(limited: FlaskClient) -> list[str]:
    """What the server asks of its database from now on."""
    engine = limited.application.extensions["cancerapy.people"].records().engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    return asked


def test_guessed_tokens_cost_no_more_looks_than_the_limit(
    limited: FlaskClient, statements: list[str]
) -> None:
    def guess(i: int) -> int:
        headers = _bearer(f"crapy_{i}")
        return limited.get("/api/v1/patients", headers=headers).status_code

    assert [guess(i) for i in range(5)] == [401] * 5
    looks = [text for text in statements if "access_tokens" in text]
    assert len(looks) == 5
    n_before = len(statements)
    assert [guess(i) for i in range(5, 25)] == [429] * 20
    assert len(statements) == n_before


def test_many_guesses_at_the_same_moment_cost_no_more(
    limited: FlaskClient, statements: list[str]
) -> None:
    def guess(i: int) -> int:
        own = limited.application.test_client()
        return own.get("/api/v1/account", headers=_bearer(f"crapy_{i}")).status_code

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(guess, range(30)))
    assert (found.count(401), found.count(429)) == (5, 25)
    assert len([text for text in statements if "access_tokens" in text]) == 5


def test_guesses_do_not_use_up_the_requests_of_who_is_signed_in_at_the_same_address(
    limited: FlaskClient,
) -> None:
    mine = _bearer(_token(limited))  # the sign-in itself is the address's first request
    assert limited.get("/api/v1/account", headers=mine).status_code == 200
    guesses = [
        limited.get("/api/v1/account", headers=_bearer(f"crapy_{i}")).status_code for i in range(6)
    ]
    assert guesses == [401] * 4 + [429] * 2
    assert limited.get("/api/v1/account", headers=mine).status_code == 200


def test_a_token_that_has_ended_is_a_guess(limited: FlaskClient, records: Records) -> None:
    mine = _bearer(_token(limited))
    assert limited.get("/api/v1/account", headers=mine).status_code == 200
    set_active(records, "jane", active=False, actor="cli")
    found = [limited.get("/api/v1/account", headers=mine).status_code for _ in range(6)]
    assert found == [401] * 4 + [429] * 2
