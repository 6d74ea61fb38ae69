"""Lines on file descriptor 2 that are left out, passed on, and the screen put back."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cancerapy.native_stderr import without_lines


def test_only_the_noise_is_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    with without_lines("INFO: |W0000 "):
        os.write(2, b"INFO: made\nreal trouble\n")
        os.write(2, b"not first: INFO: yes\n")
        os.write(2, b"W0000 x")
    os.write(2, b"INFO: after\n")
    assert capfd.readouterr().err == "real trouble\nnot first: INFO: yes\nINFO: after\n"


def test_what_python_wrote_is_passed_on(tmp_path: Path) -> None:
    program = (
        "import sys; from cancerapy.native_stderr import without_lines\n"
        "sys.stderr.write('before\\n')\n"
        "with without_lines('INFO: '): sys.stderr.write('INFO: a\\nkept\\n')\n"
        "sys.stderr.write('INFO: after\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stderr == "before\nkept\nINFO: after\n"


def test_a_block_that_fails_keeps_everything(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with without_lines("INFO: "):
            os.write(2, b"INFO: the library is too old\n")
            raise ImportError

    with pytest.raises(ImportError):
        fail()
    assert capfd.readouterr().err == "INFO: the library is too old\n"


def test_blocks_of_two_threads_put_the_screen_back(capfd: pytest.CaptureFixture[str]) -> None:
    inside, leave = threading.Event(), threading.Event()

    def stay_longer() -> None:
        with without_lines("INFO: "):
            inside.set()
            leave.wait(0.2)

    thread = threading.Thread(target=stay_longer)
    thread.start()
    assert inside.wait(5)
    with without_lines("INFO: "):
        leave.set()
    thread.join()
    os.write(2, b"INFO: seen\n")
    assert capfd.readouterr().err == "INFO: seen\n"


def test_without_a_screen_the_block_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", refuse)
    done = []
    with without_lines("INFO: "):
        done.append(1)
    assert done == [1]


def test_without_room_for_a_file_nothing_is_held_back(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with without_lines("INFO: "):
        os.write(2, b"INFO: made\n")
    with pytest.raises(OSError, match="from the block"), without_lines("INFO: "):
        raise OSError("from the block")
    assert capfd.readouterr().err == "INFO: made\n"
