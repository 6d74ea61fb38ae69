"""Locked records and a full disk over HTTP: a clear 503 or 507, and nothing is lost."""

import errno
import io
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from cancerapy.api import create_app
from cancerapy.settings import Settings

PATIENTS = "/api/v1/patients"


@pytest.fixture
def impatient(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> APIFlask:
    """Return the application; its writers wait for a tenth of a second."""
    monkeypatch.setattr("cancerapy.records.database.BUSY_TIMEOUT_S", 0.1)
    return app


def test_locked_records_are_busy_and_nothing_is_lost(impatient: APIFlask, tmp_path: Path) -> None:
    client = impatient.test_client()
    kept = client.post(PATIENTS, json={"name": "first"}).json
    other = sqlite3.connect(tmp_path / "home" / "records" / "records.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    response = client.post(PATIENTS, json={"name": "second"})
    assert (response.status_code, response.json["code"]) == (503, "records_busy")
    assert "Try again in a moment" in response.json["message"]
    assert client.get(f"{PATIENTS}/{kept['id']}").json == kept
    other.execute("ROLLBACK")
    other.close()
    assert client.post(PATIENTS, json={"name": "second"}).status_code == 201
    assert client.get("/api/v1/audit/verify").json["n_entries"] == 2


def test_full_disk_is_said_and_nothing_is_half_written(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = client.post(PATIENTS, json={"name": "first"}).json["id"]

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def upload() -> Any:
        form = {"images": (io.BytesIO(b"a"), "a.png"), "task": "toy"}
        path = f"{PATIENTS}/{patient}/examinations"
        return client.post(path, data=form, content_type="multipart/form-data")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        response = upload()
    assert (response.status_code, response.json["code"]) == (507, "disk_full")
    assert "no room left; nothing was changed" in response.json["message"]
    assert client.get("/api/v1/examinations").json["items"] == []
    assert upload().status_code == 201
    assert len(client.get("/api/v1/examinations").json["items"]) == 1


def test_a_server_without_records_still_predicts(toy_models: Any, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file stands where the folder would be")
    client = create_app(Settings(home=tmp_path / "home"), served=toy_models).test_client()
    response = client.get(PATIENTS)
    assert (response.status_code, response.json["code"]) == (507, "storage_failed")
    assert str(tmp_path) not in response.text
    form = {"image": (io.BytesIO(b"a"), "a.png")}
    path = "/api/v1/predict/toy"
    answer = client.post(path, data=form, content_type="multipart/form-data")
    assert answer.status_code == 200
