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
from sqlalchemy import event

from cancerapy.api import create_app
from cancerapy.records.sweep import sweep
from cancerapy.records.training_caches import noted_cache
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


def _upload(client: FlaskClient, patient: str, data: bytes = b"a") -> Any:
    form = {"images": (io.BytesIO(data), "a.png"), "task": "toy"}
    path = f"{PATIENTS}/{patient}/examinations"
    return client.post(path, data=form, content_type="multipart/form-data")


def _check_upload_works(client: FlaskClient, patient: str) -> None:
    assert client.get("/api/v1/examinations").json["items"] == []
    made = _upload(client, patient)
    assert made.status_code == 201
    decided = client.get(f"/api/v1/examinations/{made.json['id']}/decision").json
    assert decided["origin"] == "kept"
    check = client.get("/api/v1/audit/verify").json
    # The patient, the examination, its guess, and what was decided: the refused one left nothing.
    assert (check["is_whole"], check["n_entries"]) == (True, 4)


def test_an_examination_that_meets_locked_records_leaves_nothing(
    impatient: APIFlask, tmp_path: Path
) -> None:
    client = impatient.test_client()
    patient = client.post(PATIENTS, json={"name": "first"}).json["id"]
    other = sqlite3.connect(tmp_path / "home" / "records" / "records.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    response = _upload(client, patient)
    assert (response.status_code, response.json["code"]) == (503, "records_busy")
    other.execute("ROLLBACK")
    other.close()
    _check_upload_works(client, patient)


@pytest.mark.parametrize("table", ["predictions", "decisions", "audit_log"])
def test_a_disk_that_is_full_in_the_middle_of_an_examination_leaves_nothing(
    client: FlaskClient, table: str
) -> None:
    patient = client.post(PATIENTS, json={"name": "first"}).json["id"]
    engine = client.application.extensions["cancerapy"].records.get().engine

    def fill(connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith(f"INSERT INTO {table}"):
            raise sqlite3.OperationalError("database or disk is full")

    event.listen(engine, "before_cursor_execute", fill)
    response = _upload(client, patient)
    event.remove(engine, "before_cursor_execute", fill)
    assert (response.status_code, response.json["code"]) == (507, "disk_full")
    _check_upload_works(client, patient)


def test_an_erasure_that_cannot_reach_a_trainings_pixels_says_so(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = client.post(PATIENTS, json={"name": "first"}).json["id"]
    digest = _upload(client, patient).json["images"][0]["sha256"]
    cache = tmp_path / "runs" / "cache"
    records = client.application.extensions["cancerapy"].records.get()
    with noted_cache(records.images, cache, [digest]):
        cache.mkdir(parents=True)

    def refuse(folder: Path, **_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", refuse)
        response = client.delete(f"{PATIENTS}/{patient}")
    assert (response.status_code, response.json["code"]) == (507, "erasure_incomplete")
    assert "The record was erased" in response.json["message"]
    assert str(tmp_path) not in response.text
    assert client.get(f"{PATIENTS}/{patient}").status_code == 404
    assert cache.is_dir()
    sweep(records)
    assert not cache.exists()


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


def test_values_that_cannot_be_read_are_named_and_hide_no_other(
    client: FlaskClient, tmp_path: Path
) -> None:
    first, second = (client.post(PATIENTS, json={"name": name}).json["id"] for name in "ab")
    consent = client.post(
        f"{PATIENTS}/{first}/consents", json={"purpose": "care", "given": True}
    ).json["id"]
    database = sqlite3.connect(tmp_path / "home" / "records" / "records.sqlite")
    for (trigger,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute("UPDATE consents SET created_at = 'zz'")
    database.execute("UPDATE patients SET name = CAST(x'ff' AS TEXT) WHERE name = 'b'")
    database.execute("UPDATE audit_log SET details = x'ff', at = x'ff' WHERE number = 1")
    database.commit()
    database.close()
    answer = client.get("/api/v1/audit/verify")
    assert answer.status_code == 200
    assert (answer.json["broken_at"], answer.json["is_whole"]) == (1, False)
    assert answer.json["altered_judgements"] == [consent]
    assert second in answer.json["altered_patients"]
