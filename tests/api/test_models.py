"""Which models answer."""

from flask.testing import FlaskClient


def test_models_are_listed(client: FlaskClient) -> None:
    models = client.get("/api/v1/models").json["models"]
    assert [model["name"] for model in models] == ["toy-3"]


def test_model_is_described(client: FlaskClient) -> None:
    model = client.get("/api/v1/models/toy-3").json
    assert model["cancer"] == "toy"
    assert model["version"] == "3"
    assert model["tasks"] == ["toy"]
    assert (model["input_height_px"], model["input_width_px"]) == (32, 48)
    assert model["results"] == [{"task": "toy", "metric": "accuracy", "value": 0.875}]
    assert model["licences"] == {"code": "Apache-2.0"}


def test_card_is_markdown(client: FlaskClient) -> None:
    response = client.get("/api/v1/models/toy-3/card")
    assert response.mimetype == "text/markdown"
    assert response.text == "# Card of toy\n"


def test_unknown_model_offers_the_nearest(client: FlaskClient) -> None:
    for path in ("/api/v1/models/toy-2", "/api/v1/models/toy-2/card"):
        response = client.get(path)
        assert response.status_code == 404
        assert response.json["message"] == (
            "No model named 'toy-2'. Known: toy-3. Did you mean 'toy-3'?"
        )


def test_a_file_of_a_bundle_is_sent_as_it_is(client: FlaskClient) -> None:
    response = client.get("/api/v1/models/toy-3/files/bundle.json")
    assert response.mimetype == "application/octet-stream"
    assert response.data == b'{"cancer": "toy", "digests": {"model.tflite": "0"}}'
    for path in ("/api/v1/models/toy-3/files/passwd", "/api/v1/models/toy-9/files/bundle.json"):
        response = client.get(path)
        assert response.status_code == 404
        assert response.json["code"] in {"unknown_file", "unknown_model"}
