"""What the import of Keras prints is left out, unless it fails."""

import importlib
import logging
import os
from collections.abc import Iterator

import pytest

from cancerapy.models.quiet_start import start_keras

NOISE = b"""\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1764073200.123456    4242 port.cc:153] oneDNN custom operations are on.
2026-01-02 03:04:05.678901: I tensorflow/core/platform/cpu_feature_guard.cc:210] This binary
To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow.
"""


@pytest.fixture(autouse=True)
def _level() -> Iterator[None]:
    logger = logging.getLogger("tensorflow")
    level = logger.level
    yield
    logger.setLevel(level)


def test_log_lines_are_left_out_and_tensorflow_keeps_its_errors(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(
        importlib, "import_module", lambda name: os.write(2, NOISE + name.encode() + b" is old\n")
    )
    start_keras()
    assert capfd.readouterr().err == "keras is old\n"
    logger = logging.getLogger("tensorflow")
    logger.warning("5 out of the last 5 calls to %s triggered retracing", "f")
    logger.error("out of memory")
    assert caplog.messages == ["out of memory"]


def test_a_failed_import_shows_everything(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(name: str) -> None:
        os.write(2, NOISE)
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(ImportError, match=r"^keras$"):
        start_keras()
    assert capfd.readouterr().err == NOISE.decode()
