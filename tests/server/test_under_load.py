"""A server under load: killed at random moments it loses nothing, left alone it fails nobody."""

import http.client
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage
from sqlalchemy import func, select

from cancerapy.records import Records, open_records
from cancerapy.records.audit import verify
from cancerapy.records.examinations import to_examinations
from cancerapy.records.predictions import get_prediction
from cancerapy.records.tables import AuditEntry, Examination, Patient, PredictionRow, Review
from cancerapy.settings import Settings

BUNDLES = Path(__file__).parents[2] / "src" / "cancerapy" / "bundles"
N_CLIENTS = 3
WARM_S, LOADED_S = 30, 120
MAX_GROWTH = 1.1


class Load:
    """Clients that register, upload and review until the server is gone, and note each answer."""

    def __init__(self, port: int, n_clients: int = N_CLIENTS) -> None:
        self._port = port
        self._is_over = threading.Event()
        self.patients: list[str] = []
        self.examinations: list[dict[str, Any]] = []
        self.reviews: list[tuple[str, str]] = []
        self.refused: list[tuple[int, bytes]] = []
        self.n_ended = 0
        self._threads = [threading.Thread(target=self._work) for _ in range(n_clients)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, n_answers: int) -> None:
        """Wait until so many requests were acknowledged."""
        deadline = time.monotonic() + 120
        while self.count() < n_answers and not self.refused:
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.005)

    def count(self) -> int:
        """Return how many requests were acknowledged."""
        return len(self.patients) + len(self.examinations) + len(self.reviews)

    def join(self) -> None:
        """Wait until every client has finished, or noticed that the server is gone."""
        self._is_over.set()
        for thread in self._threads:
            thread.join(timeout=60)
            assert not thread.is_alive()

    def _work(self) -> None:
        try:
            while not self._is_over.is_set():
                self._visit()
        except (OSError, http.client.HTTPException):
            self.n_ended += 1  # killed, or refused

    def _visit(self) -> None:
        patient = self._post("/api/v1/patients", {"name": f"p{uuid.uuid4().hex}"})
        self.patients.append(patient["id"])
        made = self._upload(patient["id"])
        self.examinations.append(made)
        guess = made["predictions"][0]["id"]
        body = {"verdict": "agree", "reviewer": "dr-amal"}
        review = self._post(f"/api/v1/predictions/{guess}/reviews", body)
        self.reviews.append((guess, review["id"]))

    def _upload(self, patient: str) -> Any:
        mark = uuid.uuid4().hex
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="task"\r\n\r\nskin'.encode()]
        for name in ("a", "b"):
            head = f'--{mark}\r\nContent-Disposition: form-data; name="images"; filename="{name}"'
            parts.append(head.encode() + b"\r\n\r\n" + _picture())
        data = b"\r\n".join([*parts, f"--{mark}--\r\n".encode()])
        path = f"/api/v1/patients/{patient}/examinations"
        return self._send(path, data, f"multipart/form-data; boundary={mark}")

    def _post(self, path: str, body: dict[str, str]) -> Any:
        return self._send(path, json.dumps(body).encode(), "application/json")

    def _send(self, path: str, data: bytes, kind: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request("POST", path, body=data, headers={"Content-Type": kind})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status != 201:
            self.refused.append((response.status, answer))
            raise http.client.HTTPException
        return json.loads(answer)


def _picture() -> bytes:
    pixels = np.random.default_rng().integers(0, 255, (96, 128, 3), dtype=np.uint8)
    output = io.BytesIO()
    PillowImage.fromarray(pixels).save(output, format="PNG")
    return output.getvalue()


def _start(folder: Path, home: Path) -> tuple[subprocess.Popen[bytes], int]:
    log = folder / "log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "cancerapy", "serve", "--port", "0", "--workers", "1"],
            cwd=folder,
            env={
                **os.environ,
                "CANCERAPY_HOME": str(home),
                "CANCERAPY_CACHE": str(folder / "cache"),
                "CANCERAPY_BUNDLES": str(folder / "bundles"),
            },
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    deadline = time.monotonic() + 120
    while "records are in" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
    found = re.search(r"answers at http://127.0.0.1:(\d+) ", log.read_text())
    assert found is not None
    return process, int(found[1])


def _check(home: Path, loads: list[Load]) -> None:
    records = open_records(Settings(home=home))
    with records.reading() as session:
        assert verify(session).is_whole
        rows = list(session.scalars(select(Examination)))
        found = {one.id: one for one in to_examinations(session, rows)}
        known = set(session.scalars(select(Patient.id)))
        said = dict(session.execute(select(Review.id, Review.prediction_id)).all())
        n_written = Counter(session.scalars(select(AuditEntry.action)))
        n_guesses = session.scalar(select(func.count()).select_from(PredictionRow))
        for load in loads:
            assert set(load.patients) <= known
            for made in load.examinations:
                own = found[made["id"]]
                assert [one.id for one in own.images] == [one["id"] for one in made["images"]]
                assert [one.prediction for one in own.predictions] == [
                    one["prediction"] for one in made["predictions"]
                ]
            for guess, review in load.reviews:
                assert said[review] == guess
                assert get_prediction(session, guess).decision == "confirmed"
    assert n_written["patient.create"] == len(known)
    assert n_written["examination.create"] == len(found)
    assert n_written["prediction.create"] == n_guesses
    assert n_written["review.create"] == len(said)
    _check_nothing_is_half(records, list(found.values()))
    records.close()


def _check_nothing_is_half(records: Records, examinations: list[Any]) -> None:
    for one in examinations:
        assert len(one.images) == len(one.predictions) == 2
        for image in one.images:
            records.images.get(image.sha256)  # raises where it is missing or damaged


def _link_bundle(folder: Path) -> None:
    (folder / "bundles").mkdir()
    (bundle,) = BUNDLES.glob("skin-*")
    (folder / "bundles" / bundle.name).symlink_to(bundle)


def _kill_and_check(tmp_path: Path, n_kills: int) -> None:
    _link_bundle(tmp_path)
    moments = random.Random(7)
    loads: list[Load] = []
    for number in range(n_kills):
        process, port = _start(tmp_path, tmp_path / "home")
        try:
            loads.append(Load(port))
            loads[-1].wait_for(moments.randint(1, 20))
            time.sleep(moments.uniform(0, 0.1))
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=60)
        loads[-1].join()
        assert loads[-1].refused == []
        # The whole is checked at the end; in between, what the last server acknowledged.
        _check(tmp_path / "home", loads if number == n_kills - 1 else loads[-1:])
    assert sum(len(load.examinations) for load in loads) > n_kills
    assert sum(len(load.reviews) for load in loads) > n_kills


def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(tmp_path: Path) -> None:
    _kill_and_check(tmp_path, 5)


@pytest.mark.slow
def test_nor_in_two_hundred_kills(tmp_path: Path) -> None:
    _kill_and_check(tmp_path, 200)


def _resident_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process from /proc")
def test_fifty_clients_for_two_minutes_meet_no_error_and_no_growing_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    _link_bundle(tmp_path)
    process, port = _start(tmp_path, tmp_path / "home")
    try:
        load = Load(port, n_clients=50)
        time.sleep(WARM_S)
        warm_mb, n_warm = _resident_mb(process.pid), load.count()
        time.sleep(LOADED_S)
        loaded_mb, n_loaded = _resident_mb(process.pid), load.count()
        load.join()
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
    record_property("warm_mb", warm_mb)
    record_property("loaded_mb", loaded_mb)
    record_property("requests", n_loaded - n_warm)
    assert load.refused == []
    assert load.n_ended == 0
    assert n_loaded > n_warm
    assert loaded_mb < warm_mb * MAX_GROWTH
    _check(tmp_path / "home", [load])
