"""The form of a request, and what is said about a wrong one."""

import hashlib
import io
from typing import Any

import pytest
from flask.testing import FlaskClient


def _post(client: FlaskClient, fields: dict[str, Any]) -> Any:
    return client.post("/toy", data=fields, content_type="multipart/form-data")


def _file(name: str = "a.png", data: bytes = b"abc") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def _raw(*parts: bytes) -> bytes:
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"picture": _file()}, "field_unknown", "picture"),
        ({"image": _file(), "mask": _file()}, "field_unknown", "mask"),
        ({"image": _file(), "age": "40"}, "field_unknown", "age"),
        ({"image": "text"}, "image_missing", "image"),
        ({}, "image_missing", "image"),
        ({"image": [_file(), _file()]}, "too_many_files", "image"),
    ],
)
def test_wrong_forms_are_refused(
    client: FlaskClient, fields: dict[str, Any], code: str, field: str
) -> None:
    response = _post(client, fields)
    assert response.status_code == 400
    assert response.json["code"] == code
    assert response.json["field"] == field


def test_wrong_field_name_is_corrected(client: FlaskClient) -> None:
    assert _post(client, {"img": _file()}).json["message"] == (
        "This route reads only the form field 'answers' and 'image' and 'prevalence'; the request "
        "has 'img'. Did you mean 'image'?"
    )


def test_missing_file_is_explained(client: FlaskClient) -> None:
    assert _post(client, {}).json["message"] == (
        "The form must have a file in the field 'image'; the request has no file in it. "
        "With curl: -F image=@picture.jpg"
    )


def test_body_of_another_type_is_explained(client: FlaskClient) -> None:
    response = client.post("/toy", json={"image": "abc"})
    assert response.status_code == 415
    assert response.json["message"] == (
        "The body must be a form (multipart/form-data) with a file in the field 'image'; it is "
        "'application/json'. With curl: -F image=@picture.jpg"
    )


def test_untyped_body_is_explained(client: FlaskClient) -> None:
    response = client.post("/toy", data=b"abc")
    assert response.status_code == 415
    assert "it is of no stated type." in response.json["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no boundary at all",
        b"--x\r\n",
        _raw(b"Content-Disposition: form-data\r\n\r\nabc"),
        _raw(b'Content-Disposition: form-data; name="image"; filename=""\r\n\r\n'),
        b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc',
    ],
)
def test_broken_forms_are_the_callers_fault(client: FlaskClient, body: bytes) -> None:
    response = client.post("/toy", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400
    assert set(response.json) == {"code", "message", "field", "request_id"}


def test_form_without_boundary_is_the_callers_fault(client: FlaskClient) -> None:
    response = client.post("/toy", data=_raw(b"abc"), content_type="multipart/form-data")
    assert response.status_code == 400


def test_upload_of_more_than_half_a_megabyte_arrives_whole(client: FlaskClient) -> None:
    data = bytes(range(256)) * 4000
    head = b'Content-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    response = client.post(
        "/toy", data=_raw(head + data), content_type="multipart/form-data; boundary=x"
    )
    assert response.json["image_sha256"] == hashlib.sha256(data).hexdigest()


def test_long_field_names_are_cut(client: FlaskClient) -> None:
    response = _post(client, {"x" * 500: _file()})
    assert response.json["field"] == "x" * 40


@pytest.mark.parametrize(
    ("content_type", "body", "said"),
    [
        (
            "multipart/form-data; boundary=x",
            _raw(b'Content-Disposition: form-data; name="image"; filename="\xff.png"\r\n\r\nabc'),
            "The names in a form must be in UTF-8; one of this form is not.",
        ),
        (
            "multipart/form-data; boundary=x",
            _raw(b'Content-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc')[:-9],
            "The form must be whole",
        ),
        ("multipart/form-data", b"abc", "The form must be whole"),
        ("multipart/form-data; boundary=x", b"", "The form must have a file"),
    ],
    ids=["name-not-utf-8", "cut-off", "no-boundary", "empty"],
)
def test_a_form_that_cannot_be_read_is_not_called_empty(
    client: FlaskClient, content_type: str, body: bytes, said: str
) -> None:
    response = client.post("/toy", data=body, content_type=content_type)
    assert response.status_code == 400
    assert response.json["message"].startswith(said)
    assert response.json["field"] == "image"
