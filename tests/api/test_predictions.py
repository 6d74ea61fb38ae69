"""Images in, predictions out."""

import base64
import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from cancerapy.contract import STATEMENT
from cancerapy.settings import Settings

PREDICT = "/api/v1/predict/toy"
BATCH = "/api/v1/predict/toy/batch"


def _file(data: bytes = b"abc") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), "Jane Doe 1970-01-01.png"


def _post(client: FlaskClient, path: str, fields: dict[str, Any]) -> Any:
    return client.post(path, data=fields, content_type="multipart/form-data")


def test_prediction_is_answered(client: FlaskClient) -> None:
    response = _post(client, PREDICT, {"image": _file()})
    assert response.status_code == 200
    body = response.json
    assert body["task"] == "toy"
    assert body["predicted_class"] == "R"
    assert body["predicted_label"] == "Red (R)"
    assert body["confidence"] == 75.0
    assert body["image_sha256"] == hashlib.sha256(b"abc").hexdigest()
    assert body["classes"] == [
        {"id": "R", "label": "Red (R)", "probability": 0.75},
        {"id": "B", "label": "Blue", "probability": 0.25},
    ]
    assert body["verdict"] == "answer"
    assert body["statement"] == STATEMENT
    assert body["heatmap"] is None
    assert body["heatmap_png"] is None


def test_report_route_gives_the_same_answer(client: FlaskClient) -> None:
    own = _post(client, "/toy", {"image": _file()}).json
    assert own == _post(client, PREDICT, {"image": _file()}).json


def test_second_task_is_asked_by_its_own_route(client: FlaskClient) -> None:
    response = _post(client, "/api/v1/predict/toy-again", {"image": _file()})
    assert response.json["task"] == "toy-again"


def test_heatmap_as_values(client: FlaskClient) -> None:
    body = _post(client, f"{PREDICT}?heatmap=values", {"image": _file()}).json
    assert body["heatmap"] == {"class_id": "R", "values": [[0.0, 1.0], [0.5, 0.25]]}
    assert body["heatmap_png"] is None


def test_heatmap_as_picture(client: FlaskClient) -> None:
    body = _post(client, f"{PREDICT}?heatmap=png", {"image": _file()}).json
    assert base64.b64decode(body["heatmap_png"]) == b"\x89PNG\r\n\x1a\n\x00R"


@pytest.mark.parametrize("query", ["heatmap=jpg", "heatmap=", "heatmap=png&heatmap=values"])
def test_bad_heatmap_option_is_refused(client: FlaskClient, query: str) -> None:
    response = _post(client, f"{PREDICT}?{query}", {"image": _file()})
    assert response.status_code == 400
    assert response.json["code"] == "option_invalid"
    assert response.json["field"] == "heatmap"


def test_misspelt_option_offers_the_right_one(client: FlaskClient) -> None:
    response = _post(client, f"{PREDICT}?heatmp=png", {"image": _file()})
    assert response.status_code == 400
    assert response.json["message"] == (
        "This route reads only the option 'heatmap'; the request has 'heatmp'. "
        "Did you mean 'heatmap'?"
    )


def test_unknown_task_offers_the_nearest(client: FlaskClient) -> None:
    response = _post(client, "/api/v1/predict/tooy", {"image": _file()})
    assert response.status_code == 404
    assert "Did you mean 'toy'?" in response.json["message"]


def test_batch_answers_each_image_on_its_own(client: FlaskClient) -> None:
    response = _post(client, BATCH, {"images": [_file(b"a"), _file(b""), _file(b"damaged")]})
    assert response.status_code == 200
    body = response.json
    assert (body["n_answered"], body["n_failed"]) == (1, 2)
    assert [item["index"] for item in body["items"]] == [0, 1, 2]
    assert body["items"][0]["prediction"]["image_sha256"] == hashlib.sha256(b"a").hexdigest()
    assert body["items"][0]["error"] is None
    assert body["items"][1]["prediction"] is None
    assert body["items"][1]["error"]["code"] == "image_empty"
    assert body["items"][2]["error"]["code"] == "bundle_damaged"
    assert "secret" not in response.text


def test_batch_answers_equal_single_answers(client: FlaskClient) -> None:
    single = _post(client, PREDICT, {"image": _file()}).json
    assert _post(client, BATCH, {"images": [_file()]}).json["items"][0]["prediction"] == single


def test_batch_is_bounded(make_client: Callable[..., FlaskClient]) -> None:
    client = make_client(Settings(max_batch=2))
    assert _post(client, BATCH, {"images": [_file()] * 2}).status_code == 200
    response = _post(client, BATCH, {"images": [_file()] * 3})
    assert response.status_code == 400
    assert response.json["code"] == "too_many_files"
    assert "at most 2 files" in response.json["message"]


def test_an_unknown_failure_in_a_batch_is_a_fault_of_the_server(client: FlaskClient) -> None:
    assert _post(client, BATCH, {"images": [_file(), _file(b"crash")]}).status_code == 500


def test_picture_is_only_drawn_on_request(
    client: FlaskClient, toy_models: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bytes] = []
    kind = type(toy_models.predictor("toy"))
    monkeypatch.setattr(kind, "overlay", lambda _, data, __: drawn.append(data) or b"")
    _post(client, f"{PREDICT}?heatmap=values", {"image": _file()})
    assert drawn == []
    _post(client, f"{PREDICT}?heatmap=png", {"image": _file()})
    assert drawn == [b"abc"]
