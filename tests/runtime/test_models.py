"""Another model is promoted while answers are asked for: none is lost, all say who gave them."""

import errno
import io
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.bundle.serving import decide_served
from cancerapy.runtime.models import Models

AddBundle = Callable[[int], Path]
pytestmark = pytest.mark.usefixtures("known_toy")


@pytest.fixture(scope="module")
def picture() -> bytes:
    pixels = np.random.default_rng(0).integers(0, 255, (40, 60, 3)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def promote(root: Path, number: int, before: int) -> None:
    decide_served(root, "toy", f"toy-{number}", before=f"toy-{before}", because="test")


def test_the_decision_is_served_not_the_newest(add_bundle: AddBundle) -> None:
    root = add_bundle(1).parent
    add_bundle(2)
    assert Models(root).fields()["toy"].name == "toy-2"
    promote(root, 1, 2)
    assert Models(root).fields()["toy"].name == "toy-1"
    assert Models(root).card("toy") == "# Toy 1\n"


def test_a_running_server_follows_and_goes_back(add_bundle: AddBundle, picture: bytes) -> None:
    root = add_bundle(1).parent
    models = Models(root, workers=1)
    kept = models.predictor("toy")
    add_bundle(2)
    assert models.predictor("toy") is kept
    promote(root, 2, 1)
    assert models.predictor("toy").predict(picture, "toy").model == "toy-2"
    assert models.card("toy") == "# Toy 2\n"
    assert kept.predict(picture, "toy").model == "toy-1"  # who asked before is answered
    promote(root, 1, 2)
    assert models.predictor("toy").predict(picture, "toy").model == "toy-1"


def test_a_damaged_model_is_said_and_the_one_before_answers(
    add_bundle: AddBundle, picture: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    root = add_bundle(1).parent
    models = Models(root, workers=1)
    models.warm()
    (add_bundle(2) / "card.md").write_text("changed")
    promote(root, 2, 1)
    assert models.predictor("toy").predict(picture, "toy").model == "toy-1"
    assert models.fields()["toy"].name == "toy-1"
    assert "toy" not in models.problems()  # it still answers, so a balancer must not leave it
    (told,) = caplog.messages
    assert "'toy-2' cannot be used: the content of 'card.md'" in told
    assert told.endswith("; toy-1 answers as before")
    promote(root, 1, 2)
    assert models.predictor("toy").predict(picture, "toy").model == "toy-1"


@pytest.mark.parametrize("name", ["decision_number", "load_bundle"])
def test_a_disk_that_is_away_for_a_moment_loses_no_answer(
    add_bundle: AddBundle, picture: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OSError(errno.ESTALE, "Stale file handle")

    root = add_bundle(1).parent
    models = Models(root, workers=1)
    models.warm()
    add_bundle(2)
    promote(root, 2, 1)
    with monkeypatch.context() as patch:
        patch.setattr(f"cancerapy.runtime.models.{name}", away)
        assert models.predictor("toy").predict(picture, "toy").model == "toy-1"
    assert models.predictor("toy").predict(picture, "toy").model == "toy-2"


def test_under_load_no_answer_is_lost_while_models_change(
    add_bundle: AddBundle, picture: bytes
) -> None:
    root = add_bundle(1).parent
    for number in (2, 3, 4):
        add_bundle(number)
    promote(root, 1, 4)
    models = Models(root, workers=2)
    stop, answers, faults = threading.Event(), [], []

    def ask() -> None:
        while not stop.is_set():
            try:
                answers.append(models.predictor("toy").predict(picture, "toy").model)
            except Exception as error:  # noqa: BLE001 - any fault is a lost answer
                faults.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for number in (1, 2, 3, 4):
        if number > 1:
            promote(root, number, number - 1)
        while f"toy-{number}" not in answers and not faults:
            stop.wait(0.01)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert set(answers) == {"toy-1", "toy-2", "toy-3", "toy-4"}
    assert models.predictor("toy").fields.name == "toy-4"
