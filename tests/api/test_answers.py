"""Answers to the questions of an examination over HTTP, after it was made."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from cancerapy.api import create_app
from cancerapy.api.state import EXTENSION
from cancerapy.settings import Settings


@pytest.fixture
def client(toy_models: Any, records_settings: Settings) -> Iterator[FlaskClient]:
    """Return a client of a server with empty records, once in SQLite and once in PostgreSQL."""
    app = create_app(records_settings, served=toy_models)
    yield app.test_client()
    app.extensions[EXTENSION].records.get().close()


@pytest.fixture
def path(client: FlaskClient) -> str:
    """Return the address of an examination without answers."""
    patient = client.post("/api/v1/patients", json={"name": "Layla"}).json["id"]
    form = {"images": [(io.BytesIO(b"one"), "a.jpg")], "task": "toy"}
    made = client.post(f"/api/v1/patients/{patient}/examinations", data=form)
    return f"/api/v1/examinations/{made.json['id']}"


def test_answers_are_given_later_and_what_was_said_before_stays(
    client: FlaskClient, path: str
) -> None:
    empty = client.get(f"{path}/answers")
    said = client.get(f"{path}/decision").json
    assert (empty.json["answers"], said["answers"]) == ({}, {})
    changed = client.put(f"{path}/answers", json={"answers": {"colour_seen": "blue"}})
    assert changed.status_code == 200
    assert changed.json == {
        "examination_id": path.rpartition("/")[2],
        "answers": {"colour_seen": "blue"},
    }
    again = client.get(f"{path}/answers")
    assert (again.json, again.headers["ETag"]) == (changed.json, changed.headers["ETag"])
    assert client.get(path).json["answers"] == {"colour_seen": "blue"}
    now = client.get(f"{path}/decision").json
    assert (now["origin"], now["answers"]) == ("kept", {"colour_seen": "blue"})
    assert now["decision"]["prevalence"] == said["decision"]["prevalence"]
    assert client.get(f"{path}/decisions").json == {"items": [said, now]}
    actions = [one["action"] for one in client.get("/api/v1/audit").json["items"]]
    assert actions[:2] == ["decision.keep", "examination.answer"]


def test_answers_that_somebody_else_came_before_are_refused(client: FlaskClient, path: str) -> None:
    read = client.get(f"{path}/answers").headers["ETag"]

    def put(colour: str) -> Any:
        body = {"answers": {"colour_seen": colour}}
        return client.put(f"{path}/answers", json=body, headers={"If-Match": read})

    assert put("red").status_code == 200
    stale = put("blue")
    assert (stale.status_code, stale.json["code"]) == (412, "record_changed")
    assert client.get(f"{path}/answers").json["answers"] == {"colour_seen": "red"}
    assert len(client.get(f"{path}/decisions").json["items"]) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "field_invalid"),
        ({"answers": ["red"]}, "field_invalid"),
        ({"answers": {"colour_seen": None}}, "field_invalid"),
        ({"answers": {"colour_seen": True}}, "field_invalid"),
        ({"answers": {"colour_seen": "green"}}, "answer_invalid"),
        ({"answers": {"color_seen": "red"}}, "answer_invalid"),
        ({"answers": {}, "answer": {}}, "field_unknown"),
        ({"answers": {"colour_seen": "red"}, "prevalence": 2}, "prevalence_invalid"),
        ({"answers": {"colour_seen": "red"}, "prevalence": "0.1"}, "field_invalid"),
    ],
)
def test_senseless_answers_are_refused(
    client: FlaskClient, path: str, body: dict[str, Any], code: str
) -> None:
    answer = client.put(f"{path}/answers", json=body)
    assert (answer.status_code, answer.json["code"]) == (400, code)
    assert len(client.get(f"{path}/decisions").json["items"]) == 1


def test_an_unknown_examination_has_no_answers(client: FlaskClient) -> None:
    path = "/api/v1/examinations/00000000-0000-4000-8000-000000000001"
    assert client.get(f"{path}/answers").status_code == 404
    assert client.get(f"{path}/decisions").status_code == 404
    assert client.put(f"{path}/answers", json={"answers": {}}).status_code == 404
