"""Every bad upload has an answer with a code, a status below 500 and no trace."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from cancerapy.api import create_app
from cancerapy.settings import load_settings

PREDICT = "/api/v1/predict/toy"
BODY = {"code", "message", "field", "request_id"}


@pytest.fixture(scope="module")
def client(toy_bundles: Path) -> FlaskClient:
    """Return a client of the real application with the toy bundle."""
    app = create_app(load_settings(bundles=toy_bundles, workers=1))
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as in the server, a surprise would be a 500
    return app.test_client()


def _post(client: FlaskClient, data: bytes, path: str = PREDICT) -> Any:
    # Written by hand: Flask's client puts long forms into a file that it leaves open.
    head = b'--x\r\nContent-Disposition: form-data; name="image"; filename="Jane Doe.jpg"\r\n\r\n'
    body = head + data + b"\r\n--x--\r\n"
    return client.post(path, data=body, content_type="multipart/form-data; boundary=x")


def _probabilities(response: Any) -> np.ndarray:
    assert response.status_code == 200, response.text
    return np.array([entry["probability"] for entry in response.json["classes"]])


def test_a_bad_file_is_refused_with_its_code(client: FlaskClient, refused: Any) -> None:
    response = _post(client, refused.make())
    assert (response.status_code, response.json["code"]) == (refused.status, refused.code)
    assert set(response.json) == BODY
    assert response.json["field"] == "image"
    message = response.json["message"]
    assert message.startswith("The image must ")
    assert len(message) > 60
    for leaked in ("Traceback", "Error", "/", "Jane"):
        assert leaked not in message


def test_an_unusual_file_is_answered_like_the_plain_picture(
    client: FlaskClient, accepted: Any, as_png: Callable[..., bytes]
) -> None:
    plain = _probabilities(_post(client, as_png(accepted.plain())))
    given = _probabilities(_post(client, accepted.make()))
    assert np.abs(given - plain).max() <= accepted.tolerance


def test_the_toy_model_tells_pictures_apart(
    client: FlaskClient, as_png: Callable[..., bytes]
) -> None:
    from PIL import Image

    data = as_png()
    pixels = np.asarray(Image.open(io.BytesIO(data)))
    upright = _probabilities(_post(client, data))
    for other in (pixels[::-1], pixels[:, ::-1], pixels[..., ::-1], 255 - pixels):
        assert np.abs(_probabilities(_post(client, as_png(other))) - upright).max() > 0.1


def test_a_batch_answers_the_good_and_refuses_the_bad(
    client: FlaskClient, all_refused: Any, as_png: Callable[..., bytes]
) -> None:
    bad = [case for case in all_refused if case.name != "too-many-bytes"]
    contents = [as_png(), *(case.make() for case in bad), as_png()]
    files = [(io.BytesIO(data), "a") for data in contents]
    response = client.post(
        f"{PREDICT}/batch", data={"images": files}, content_type="multipart/form-data"
    )
    assert response.status_code == 200
    found = [item["error"] and item["error"]["code"] for item in response.json["items"]]
    assert found == [None, *(case.code for case in bad), None]


@pytest.mark.parametrize(
    ("names", "path", "code", "status"),
    [
        (["picture"], PREDICT, "field_unknown", 400),
        (["image", "image"], PREDICT, "too_many_files", 400),
        ([], PREDICT, "image_missing", 400),
        (["image"], "/api/v1/predict/toi", "unknown_task", 404),
        (["image"], "/api/v1/predict/../../etc/passwd", "route_unknown", 404),
        (["image"], "/tooy", "route_unknown", 404),
        (["image"], f"{PREDICT}?heatmap=gif", "option_invalid", 400),
        (["image"], "/api/v1/predict/skin", "bundle_missing", 503),
    ],
)
def test_a_wrong_request_is_refused_with_its_code(
    client: FlaskClient,
    as_png: Callable[..., bytes],
    names: list[str],
    path: str,
    code: str,
    status: int,
) -> None:
    form: dict[str, Any] = {}
    for name in names:
        form.setdefault(name, []).append((io.BytesIO(as_png()), "a.png"))
    response = client.post(path, data=form, content_type="multipart/form-data")
    assert (response.status_code, response.json["code"]) == (status, code)
    assert set(response.json) == BODY


@pytest.mark.parametrize(("path", "nearest"), [("/api/v1/predict/toi", "toy"), ("/tooy", "/toy")])
def test_the_nearest_name_is_offered(client: FlaskClient, path: str, nearest: str) -> None:
    assert f"Did you mean '{nearest}'?" in _post(client, b"x", path).json["message"]
