"""Requests on the device: found again after any end of the app, bounded, and never by halves."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from cancerapy.app.outbox import Outbox
from cancerapy.app.state import Waiting
from cancerapy.contract.responses import TaskResponse
from cancerapy.errors import StorageError

FIRST, SECOND = "2026-11-27T18:00:00.000+00:00", "2026-11-27T18:00:01.000+00:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "deep" / "waiting"


def test_a_request_is_found_again_with_its_image(folder: Path, task: TaskResponse) -> None:
    image = b"\n\x00image\n"
    Outbox(folder).add(SECOND, task, {"age": 50.0}, b"later")
    Outbox(folder).add(FIRST, task, {"lens": "yes"}, image)
    again = Outbox(folder)
    assert again.waiting() == (
        Waiting(FIRST, task, {"lens": "yes"}, len(image)),
        Waiting(SECOND, task, {"age": 50.0}, 5),
    )
    assert again.image(FIRST) == image
    assert not [path for path in folder.iterdir() if ":" in path.name or "+" in path.name]


def test_a_request_is_forgotten_for_good(folder: Path, task: TaskResponse) -> None:
    outbox = Outbox(folder)
    outbox.add(FIRST, task, {}, b"a")
    outbox.add(SECOND, task, {}, b"b")
    outbox.remove(FIRST)
    outbox.remove(FIRST)
    assert [one.id for one in outbox.waiting()] == [SECOND]
    with pytest.raises(StorageError, match="reading a request that waits"):
        outbox.image(FIRST)
    outbox.clear()
    assert list(folder.iterdir()) == []


def test_number_and_size_are_bounded(folder: Path, task: TaskResponse) -> None:
    few = Outbox(folder, max_requests=1)
    few.add(FIRST, task, {}, b"a")
    with pytest.raises(StorageError, match="At most 1 requests") as full:
        few.add(SECOND, task, {}, b"b")
    assert full.value.code == "outbox_full"
    small = Outbox(folder, max_bytes=20_000)
    with pytest.raises(StorageError, match="may wait for the server"):
        small.add(SECOND, task, {}, bytes(20_000))
    small.add(SECOND, task, {}, b"b")
    assert len(small.waiting()) == 2


def test_without_room_those_that_wait_stay(
    folder: Path, task: TaskResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = Outbox(folder)
    outbox.add(FIRST, task, {}, b"a")

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError, match="no room or no permission") as full:
        outbox.add(SECOND, task, {}, b"b")
    assert full.value.code == "outbox_unwritable"
    assert [one.id for one in outbox.waiting()] == [FIRST]
    assert len(list(folder.iterdir())) == 1


def test_what_cannot_be_read_does_not_stop_the_rest(folder: Path, task: TaskResponse) -> None:
    outbox = Outbox(folder)
    outbox.add(FIRST, task, {}, b"a")
    (folder / "other.waiting").write_bytes(b'{"id": "other", "task": {}}\n')
    (folder / "empty.waiting").write_bytes(b"")
    assert [one.id for one in outbox.waiting()] == [FIRST]


PROGRAM = """
import hashlib, itertools, json, random, sys
from pathlib import Path
from cancerapy.app.decode import from_json
from cancerapy.app.outbox import Outbox
from cancerapy.contract.responses import TaskResponse

task = from_json(TaskResponse, json.loads(sys.argv[2]))
outbox = Outbox(Path(sys.argv[1]), max_requests=10**6, max_bytes=10**12)
for n in itertools.count():
    image = random.Random(n).randbytes(2_000_000)
    outbox.add(f"request-{n}", task, {}, image)
    print(n, hashlib.sha256(image).hexdigest(), flush=True)
"""


def test_a_killed_app_loses_nothing_that_it_had_kept(folder: Path, task: TaskResponse) -> None:
    words = [sys.executable, "-c", PROGRAM, str(folder), json.dumps(asdict(task))]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        promised = dict(line.split() for line in [first, *process.stdout.read().splitlines()])
    again = Outbox(folder)
    kept: dict[str, Any] = {
        one.id.removeprefix("request-"): hashlib.sha256(again.image(one.id)).hexdigest()
        for one in again.waiting()
    }
    assert promised.items() <= kept.items()
    assert len(kept) <= len(promised) + 1
    assert not list(folder.glob(".*"))
