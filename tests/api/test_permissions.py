"""The table of permissions against the routes that there are, called by every role."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.routing import Map, Rule

from cancerapy.api import create_app
from cancerapy.api.permissions import PERMISSIONS, Permission, Reach, name_route
from cancerapy.cancers import list_cancers
from cancerapy.people.caller import DEVICE, OWN_USER, Caller
from cancerapy.people.roles import ACCOUNT_ROLES, Role
from cancerapy.settings import Settings

SERVER_TOKEN = "the token of the server"
SOMEBODY = "00000000-0000-4000-8000-000000000001"
IDS = {"task_id": "toy", "name": "toy-3", "filename": "docs.css", "cancer": "toy"}
"""What to write for a parameter of a route; any other is the id of nothing."""

CALLERS = {role.value: f"token of {role.value}" for role in ACCOUNT_ROLES}


def _account(role: str) -> Caller:
    patient_id = SOMEBODY if role == "patient" else None
    return Caller(role, frozenset({Role(role)}), f"account-{role}", patient_id, "digest")


@pytest.fixture
def app(toy_models: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> APIFlask:
    """Return an application that other machines reach, with an account of every role."""
    settings = Settings(
        host="0.0.0.0", token=SERVER_TOKEN, max_requests_per_minute=0, home=tmp_path / "home"
    )
    app = create_app(settings, served=toy_models)
    accounts = {token: _account(role) for role, token in CALLERS.items()}
    people = app.extensions["cancerapy.people"]
    monkeypatch.setattr(people, "find_caller", accounts.get)
    monkeypatch.setattr(people, "note_refusal", lambda *_: None)
    return app


def _described(client: FlaskClient) -> Iterator[str]:
    """Yield every operation of the OpenAPI description, and the pages that it leaves out."""
    headers = {"Authorization": f"Bearer {SERVER_TOKEN}"}
    spec = client.get("/openapi.json", headers=headers).json
    for path, methods in spec["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path}"
    for rule in client.application.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield str(name_route(rule, method))


def _operations(client: FlaskClient) -> list[str]:
    short = {f"POST /{name}": "POST /{cancer}" for name in list_cancers()}
    return sorted({short.get(route, route) for route in _described(client)})


def _call(client: FlaskClient, route: str, token: str | None) -> tuple[int, str]:
    """Call a route and return the status with the code of the error, if it is one."""
    method, _, path = route.partition(" ")
    for part in path.split("/"):
        if part.startswith("{"):
            path = path.replace(part, IDS.get(part[1:-1], SOMEBODY))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = client.open(path, method=method, headers=headers, buffered=True)
    return response.status_code, (response.json or {}).get("code", "") if response.is_json else ""


def test_the_table_has_every_route_and_no_other(client: FlaskClient) -> None:
    assert _operations(client) == sorted(PERMISSIONS)


def test_every_route_answers_to_the_roles_of_the_table_and_to_no_other(client: FlaskClient) -> None:
    for route in _operations(client):
        permission = PERMISSIONS[route]
        for role in (*ACCOUNT_ROLES, Role.DEVICE):
            status, code = _call(client, route, CALLERS.get(role.value, SERVER_TOKEN))
            is_let_in = permission.is_open or role in permission.roles
            refused = status == 403 and code == "role_refused"
            assert refused is not is_let_in, (route, role, status, code)
            assert status != 401 or code == "sign_in_refused", (route, role)


def test_only_open_routes_answer_without_a_token(client: FlaskClient) -> None:
    for route in _operations(client):
        for token in (None, "a wrong token"):
            status, code = _call(client, route, token)
            asked = status == 401 and code == "token_required"
            assert asked is not PERMISSIONS[route].is_open, (route, token, status, code)


def test_open_routes_are_few() -> None:
    """Listed by hand: opening another one is a decision, not a slip."""
    assert {route for route, permission in PERMISSIONS.items() if permission.is_open} == {
        "GET /livez",
        "GET /readyz",
        "GET /api/v1/sign-in",
        "POST /api/v1/sign-in",
        "POST /api/v1/sign-in/code",
        "GET /api/v1/sign-in/oidc",
        "GET /api/v1/sign-in/oidc/callback",
    }


def test_a_device_reaches_no_record_and_no_account() -> None:
    reached = {route for route, p in PERMISSIONS.items() if DEVICE.roles & p.roles}
    words = ("patient", "examination", "image", "review", "consent", "account", "people", "audit")
    assert [route for route in reached if any(word in route for word in words)] == []
    assert "POST /api/v1/predict/{task_id}" in reached


def test_the_own_user_may_do_everything() -> None:
    for route, permission in PERMISSIONS.items():
        assert permission.is_open or OWN_USER.roles & permission.roles, route


def test_a_route_that_the_table_does_not_know_is_refused(app: APIFlask) -> None:
    app.add_url_rule("/api/v1/forgotten", "forgotten", lambda: "secret")
    client = app.test_client()
    assert "GET /api/v1/forgotten" in _operations(client)
    for token in (*CALLERS.values(), SERVER_TOKEN):
        assert _call(client, "GET /api/v1/forgotten", token) == (403, "permission_missing")
    assert _call(client, "GET /api/v1/forgotten", None) == (401, "token_required")


def test_a_method_that_the_table_does_not_know_is_refused(app: APIFlask) -> None:
    app.add_url_rule("/livez", "forgotten", lambda: "secret", methods=["DELETE"])
    status, code = _call(app.test_client(), "DELETE /livez", CALLERS["administrator"])
    assert (status, code) == (403, "permission_missing")


def test_routes_are_named_as_in_the_description() -> None:
    rules = Map([Rule("/a/<uuid:x>/b/<y>", endpoint="views.a"), Rule("/z", endpoint="aliases.z")])
    first, second = rules.iter_rules()
    assert name_route(first, "GET") == name_route(first, "HEAD") == "GET /a/{x}/b/{y}"
    assert name_route(second, "POST") == "POST /{cancer}"
    assert name_route(None, "GET") is None


def test_an_unknown_address_says_nothing_to_strangers(client: FlaskClient) -> None:
    assert _call(client, "GET /nothing-here", None) == (401, "token_required")
    assert _call(client, "GET /nothing-here", SERVER_TOKEN) == (404, "route_unknown")


def test_a_patient_s_reach_is_said_for_every_route_that_names_a_record() -> None:
    for route, permission in PERMISSIONS.items():
        names_record = any(f"{{{name}_id}}" in route for name in ("patient", "examination"))
        if names_record and Role.PATIENT in permission.roles:
            assert permission.patient is Reach.OWN, route


def test_the_table_is_not_open_by_accident() -> None:
    assert Permission(frozenset()).is_open
    assert not Permission(frozenset({Role.PATIENT})).is_open
