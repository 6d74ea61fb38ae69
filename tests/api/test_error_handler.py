"""Every failure has one body and shows nothing of the server."""

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from cancerapy.settings import Settings

KEYS = ["code", "message", "field", "request_id"]


def _post(client: FlaskClient, data: bytes) -> Any:
    return client.post("/toy", data={"image": (io.BytesIO(data), "a.png")})


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "route_unknown"),
        ("GET", "/toy", 405, "method_not_allowed"),
        ("DELETE", "/livez", 405, "method_not_allowed"),
        ("GET", "/api/v1/tasks/toi", 404, "unknown_task"),
        ("GET", "/api/v1/models/toy-4", 404, "unknown_model"),
        ("POST", "/toy", 415, "media_type_unsupported"),
        ("GET", "/livez?verbose=1", 400, "field_unknown"),
    ],
)
def test_errors_share_one_body(
    client: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    response = client.open(path, method=method, headers={"X-Request-ID": "abc-1"})
    assert response.status_code == status
    assert response.mimetype == "application/json"
    assert list(response.json) == KEYS
    assert response.json["code"] == code
    assert response.json["request_id"] == "abc-1"
    assert response.headers["X-Request-ID"] == "abc-1"


def test_half_a_pair_of_utf_16_in_a_name_is_told_as_its_escape(client: FlaskClient) -> None:
    body = '{"\\ud83d": "x"}'
    response = client.post("/api/v1/sign-in", data=body, content_type="application/json")
    assert response.status_code == 400
    assert response.json["code"] == "field_unknown"
    assert response.json["field"] == "\\ud83d"
    assert response.json["message"].endswith("the request has '\\ud83d'.")


def test_unknown_address_offers_the_nearest(client: FlaskClient) -> None:
    message = client.get("/tooy").json["message"]
    assert message == (
        "There is nothing at this address. Did you mean '/toy'? All addresses are listed at "
        "'/docs'."
    )


def test_wrong_method_names_the_right_one(client: FlaskClient) -> None:
    response = client.get("/toy")
    assert response.json["message"] == "This address takes POST; the request was GET."
    assert "POST" in response.headers["Allow"]


def test_unexpected_failure_shows_nothing_but_is_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "cancerapy.api"):
        response = _post(client, b"crash")
    assert response.status_code == 500
    assert list(response.json) == KEYS
    assert response.json["code"] == "internal_error"
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.json["request_id"] in caplog.text
    assert "/secret/place" in caplog.text


def test_damaged_model_hides_where_it_is(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "cancerapy.api"):
        response = _post(client, b"damaged")
    assert response.status_code == 503
    assert response.json["code"] == "bundle_damaged"
    assert "secret" not in response.text
    assert "/secret/place" in caplog.text


def test_bad_image_keeps_its_own_message(client: FlaskClient) -> None:
    response = _post(client, b"")
    assert response.status_code == 422
    assert response.json["code"] == "image_empty"
    assert response.json["message"] == "An image must have bytes; this file has none."


def test_too_large_request_is_refused_before_it_is_read(
    make_client: Callable[..., FlaskClient],
) -> None:
    client = make_client(Settings(max_upload_mb=1))

    class Unreadable(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("the body was read")

    response = client.post(
        "/toy",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "1065537", "wsgi.input": Unreadable()},
    )
    assert response.status_code == 413
    assert response.json["code"] == "upload_too_large"
    assert response.json["message"].startswith(
        "A request may have at most 1 MB; this one has 1.1 MB."
    )
