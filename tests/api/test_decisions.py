"""Images and answers in, a decision out."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cancerapy.settings import Settings

DECIDE = "/api/v1/decide/toy"


def _files(*contents: bytes) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(data), "Jane Doe.png") for data in contents]


def _post(client: FlaskClient, path: str = DECIDE, /, **fields: Any) -> Any:
    data = {"images": _files(b"abc"), **fields}
    return client.post(path, data=data, content_type="multipart/form-data")


def test_the_clinic_s_own_prevalence_holds_where_none_is_given(
    make_client: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    client = make_client(Settings(home=tmp_path, prevalence="toy=0.25"))
    assert _post(client).json["decision"]["prevalence"] == 0.25
    assert _post(client, prevalence="0.5").json["decision"]["prevalence"] == 0.5


def test_a_decision_with_its_reasons(client: FlaskClient) -> None:
    response = _post(client, images=_files(b"abc", b"def"), prevalence="0.5")
    assert response.status_code == 200
    body = response.json
    assert [image["predicted_class"] for image in body["predictions"]] == ["R", "R"]
    assert body["n_used"] == 1  # images of this cancer are not joined
    assert body["classes"][0]["id"] == "red"
    assert body["classes"][0]["probability"] == pytest.approx(0.75)
    decision = body["decision"]
    assert decision["action"] == "refer"  # red is malignant: 0.25 against 10 x 0.75
    assert decision["expected_cost"] == pytest.approx(0.25)
    assert decision["malignancy"] == pytest.approx(0.75)
    assert decision["prevalence"] == 0.5
    assert decision["rule"] is None
    assert decision["sentence"] == decision["sentences"]["en"]
    assert set(decision["weighing"]) == set(decision["sentences"]) == {"ar", "en"}
    assert [entry["action"] for entry in decision["weighed"]] == ["refer", "further_test"]


def test_a_rare_finding_needs_the_answer_that_a_plain_result_needs(client: FlaskClient) -> None:
    decision = _post(client, prevalence="0.0001").json["decision"]
    assert (decision["action"], decision["question"]) == ("question", "colour_seen")
    answers = json.dumps({"colour_seen": "red"})
    decision = _post(client, prevalence="0.0001", answers=answers).json["decision"]
    assert (decision["action"], decision["rule"]) == ("reassure", None)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"answers": "[1]"}, "answers_invalid", "answers"),
        ({"answers": "{"}, "answers_invalid", "answers"),
        ({"answers": '{"colour_seen": true}'}, "answers_invalid", "answers"),
        ({"answers": '{"colour": "red"}'}, "answer_invalid", "answers"),
        ({"answers": '{"colour_seen": "green"}'}, "answer_invalid", "colour_seen"),
        ({"prevalence": "much"}, "prevalence_invalid", "prevalence"),
        ({"prevalence": "1"}, "prevalence_invalid", "prevalence"),
        ({"prevalence": "nan"}, "prevalence_invalid", "prevalence"),
        ({"prevalence": ["0.1", "0.2"]}, "field_invalid", "prevalence"),
        ({"answers": (io.BytesIO(b"{}"), "answers.json")}, "field_invalid", "answers"),
        ({"image": "x"}, "field_unknown", "image"),
    ],
)
def test_wrong_fields_are_refused(
    client: FlaskClient, fields: dict[str, Any], code: str, field: str
) -> None:
    response = _post(client, **fields)
    assert response.status_code == 400
    assert (response.json["code"], response.json["field"]) == (code, field)


def test_an_image_is_needed(client: FlaskClient) -> None:
    response = client.post(DECIDE, data={"answers": "{}"}, content_type="multipart/form-data")
    assert (response.status_code, response.json["code"]) == (400, "image_missing")


def test_an_image_that_cannot_be_read_is_an_error_of_the_whole(client: FlaskClient) -> None:
    response = _post(client, images=_files(b"abc", b""))
    assert response.status_code in (400, 422)


def test_an_unknown_task_offers_the_nearest(client: FlaskClient) -> None:
    response = _post(client, "/api/v1/decide/toys")
    assert (response.status_code, response.json["code"]) == (404, "unknown_task")


def test_no_option_is_read(client: FlaskClient) -> None:
    assert _post(client, f"{DECIDE}?heatmap=png").json["code"] == "field_unknown"


PREDICT = "/api/v1/predict/toy"


def _predict(client: FlaskClient, **fields: Any) -> Any:
    data = {"image": (io.BytesIO(b"abc"), "a.png"), **fields}
    return client.post(PREDICT, data=data, content_type="multipart/form-data")


def test_a_prediction_decides_where_answers_are_sent(client: FlaskClient) -> None:
    assert _predict(client).json["decision"] is None
    body = _predict(client, answers='{"colour_seen": "red"}', prevalence="0.5").json
    assert body["predicted_class"] == "R"
    decided = _post(client, answers='{"colour_seen": "red"}', prevalence="0.5").json
    assert body["decision"] == decided["decision"]
    assert _predict(client, answers="{}").json["decision"]["action"] == "refer"


def test_a_wrong_answer_is_refused_beside_a_prediction_too(client: FlaskClient) -> None:
    assert _predict(client, answers='{"colour": "red"}').json["code"] == "answer_invalid"
