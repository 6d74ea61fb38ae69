"""The description for programs."""

from dataclasses import fields
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from cancerapy.contract import Prediction


@pytest.fixture
def spec(client: FlaskClient) -> dict[str, Any]:
    return client.get("/openapi.json").json


def test_every_route_of_the_api_is_described(app: APIFlask, spec: dict[str, Any]) -> None:
    pages = {"/openapi.json", "/docs", "/docs/<path:filename>"}
    pages |= {"/api/v1/sign-in/oidc", "/api/v1/sign-in/oidc/callback"}  # a browser passes them
    routes = {rule.rule for rule in app.url_map.iter_rules()} - pages
    assert {path.replace("{", "<").replace("}", ">") for path in spec["paths"]} == routes


def test_every_operation_says_what_it_answers_and_how_it_fails(spec: dict[str, Any]) -> None:
    for path, methods in spec["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert {"200", "201"} & set(operation["responses"]), path
            error = operation["responses"]["400"]["content"]["application/json"]["schema"]
            assert error == {"$ref": "#/components/schemas/ErrorBody"}, path


def test_every_operation_says_that_a_429_tells_how_long_to_wait(spec: dict[str, Any]) -> None:
    for path, methods in spec["paths"].items():
        for operation in methods.values():
            schema = operation["responses"]["429"]["headers"]["Retry-After"]["schema"]
            assert schema == {"type": "integer", "minimum": 1}, path


def test_prediction_is_described_from_its_dataclass(spec: dict[str, Any]) -> None:
    schema = spec["components"]["schemas"]["PredictionResponse"]
    own = [field.name for field in fields(Prediction)]
    assert list(schema["properties"]) == sorted([*own, "decision", "heatmap_png"])
    assert set(schema["required"]) == {*own, "decision", "heatmap_png"}
    assert schema["properties"]["coverage"]["description"] == (
        "The coverage of the conformal set, 0..1."
    )


def test_all_references_lead_somewhere(spec: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in spec["components"]["schemas"]}

    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*(references(value) for value in part.values()))
        if isinstance(part, list):
            return set().union(*(references(value) for value in part))
        return set()

    found = references(spec)
    assert "#/components/schemas/Verdict" in found
    assert found <= known


def test_tasks_are_offered_by_name(spec: dict[str, Any]) -> None:
    (task, heatmap) = spec["paths"]["/api/v1/predict/{task_id}"]["post"]["parameters"]
    assert {"toy", "toy-again"} <= set(task["schema"]["enum"])
    assert heatmap["schema"]["enum"] == ["png", "values"]


def test_description_does_not_repeat_the_callers_host(client: FlaskClient) -> None:
    spec = client.get("/openapi.json", headers={"Host": "localhost:31337"})
    assert "31337" not in spec.text
