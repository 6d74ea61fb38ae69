"""Who may ask, and what browsers are told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cancerapy.api import create_app
from cancerapy.api.access import is_loopback
from cancerapy.errors import UsageError
from cancerapy.settings import Settings

TOKEN = "a-long-random-text"


MakeClient = Callable[..., FlaskClient]


@pytest.fixture
def open_client(make_client: MakeClient) -> FlaskClient:
    return make_client(Settings(host="0.0.0.0", token=TOKEN))


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])
def test_own_addresses_are_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.2", "localhost.evil.example", "", "::"])
def test_other_addresses_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_own_host_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "192.168.0.2:8000", "["]
)
def test_rebound_host_names_are_refused(client: FlaskClient, host: str) -> None:
    response = client.get("/livez", headers={"Host": host})
    assert response.status_code == 403
    assert response.json["code"] == "host_refused"
    assert response.json["field"] == "Host"
    assert host not in response.json["message"] or host == "["


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:3000"])
def test_pages_of_other_sites_are_refused(client: FlaskClient, origin: str) -> None:
    headers = {"Host": "localhost:8000", "Origin": origin}
    response = client.post("/toy", headers=headers)
    assert response.status_code == 403
    assert response.json["code"] == "origin_refused"


def test_own_pages_are_answered(client: FlaskClient) -> None:
    headers = {"Host": "localhost:8000", "Origin": "http://localhost:8000"}
    assert client.get("/api/v1/tasks", headers=headers).status_code == 200


def test_no_other_site_may_read_answers(client: FlaskClient) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/livez").headers


def test_reachable_server_needs_a_token_to_be_built(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"needs a token or an account; the address is 0\.0\.0\.0"):
        create_app(Settings(host="0.0.0.0", home=tmp_path / "home"))
    assert not (tmp_path / "home").exists(), "looking for accounts makes no records"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer wrong",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        "Bearer",
        "Bearer é",
    ],
)
def test_wrong_token_is_refused(open_client: FlaskClient, value: str) -> None:
    response = open_client.get("/api/v1/tasks", headers={"Authorization": value})
    assert response.status_code == 401
    assert response.json["code"] == "token_required"
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert TOKEN not in response.text


def test_right_token_is_answered_under_any_host_name(open_client: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "clinic.example"}
    assert open_client.get("/api/v1/tasks", headers=headers).status_code == 200


def test_token_is_asked_for_on_the_own_machine_too_if_set(make_client: MakeClient) -> None:
    client = make_client(Settings(token=TOKEN))
    assert client.get("/api/v1/tasks").status_code == 401
    assert client.get("/docs").status_code == 401
    assert client.get("/livez").status_code == 200


def test_every_answer_has_the_security_headers(client: FlaskClient) -> None:
    for path in ("/livez", "/nothing-here", "/docs"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_whoever_comes_through_a_proxy_is_not_the_own_user(client: FlaskClient, name: str) -> None:
    assert client.get("/api/v1/tasks").status_code == 200
    response = client.get("/api/v1/tasks", headers={name: "192.168.1.7"})
    assert (response.status_code, response.json["code"]) == (401, "token_required")


def test_a_wrong_token_does_not_fall_back_to_the_own_user(client: FlaskClient) -> None:
    for value in ("Bearer old", "Bearer crapy_old", "Bearer", "Basic b2xk"):
        response = client.get("/api/v1/tasks", headers={"Authorization": value})
        assert response.status_code == 401, value


def test_the_own_user_can_be_asked_to_sign_in(make_client: MakeClient) -> None:
    client = make_client(Settings(sign_in=True))
    assert client.get("/api/v1/tasks").status_code == 401
    assert client.get("/api/v1/sign-in").json["needed"] is True
    assert make_client(Settings()).get("/api/v1/sign-in").json["needed"] is False


def test_the_own_user_has_every_role_and_no_account(client: FlaskClient) -> None:
    assert client.get("/api/v1/account").json == {
        "name": "local",
        "roles": ["administrator", "clinician", "reviewer"],
        "patient_id": None,
        "is_account": False,
    }
    assert client.post("/api/v1/sign-out").json == {"n_ended": 0}
    change = {"current": "x", "password": "seven green umbrellas"}
    assert client.post("/api/v1/account/password", json=change).json["code"] == "account_needed"


def test_the_server_s_token_is_a_device(open_client: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    response = open_client.get("/api/v1/account", headers=headers)
    assert (response.status_code, response.json["code"]) == (403, "role_refused")
    assert "administrator or clinician or patient or reviewer" in response.json["message"]
