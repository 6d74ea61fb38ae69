"""Made-up findings, trained parts of the toy cancer, and learning curves that cost nothing."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from PIL import Image

from cancerapy.arrays import Floats, Logits
from cancerapy.cancers import Cancer
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row
from cancerapy.reproduce import Context
from cancerapy.reproduce.data_growth import LearningCurvePart
from cancerapy.reproduce.growing_field import Field
from cancerapy.reproduce.learners import Learner, Lesson
from cancerapy.reproduce.proxy_trial import ProxyTrial
from cancerapy.reproduce.trained import TrainedPart
from cancerapy.settings import Settings
from cancerapy.training.material import Material
from cancerapy.tuning.request import Fidelity

MakeRow = Callable[..., Row]

PLAN: dict[str, Any] = {
    "backbone": "SmallCNN",
    "weights": "none",
    "head_epochs": 2,
    "epochs": 1,
    "freeze_to": "block_2_pool",
    "views": 1,
    "augmentation": ["none"],
    "batch_size": 4,
    "inner_fraction": 0.0,
}


@pytest.fixture
def make_row() -> MakeRow:
    """Return a function that makes a row of a part."""

    def make(
        part: str,
        metric: str = "accuracy",
        value: float = 0.8,
        *,
        task: str = "toy",
        protocol: str = "grouped-2",
        leaking: str = "",
    ) -> Row:
        origin = Origin(
            task=task, protocol=protocol, leaking=leaking, model=part, plan="p", manifest="m",
            split="s", seed="0", groups=8, n=16, size="", command="cancerapy reproduce",
            machine="none", commit="c", date="2026-01-02",
        )  # fmt: skip
        return Row(origin, Figure(metric, value, value - 0.1, value + 0.1))

    return make


@pytest.fixture
def context(toy_data: Path, tmp_path: Path) -> Iterator[Context]:
    """Return folders of the toy data set for an experiment called ``toy-trial``."""
    keras.config.set_dtype_policy("float32")
    settings = Settings(
        data=toy_data,
        cache=tmp_path / "cache",
        runs=tmp_path / "runs",
        results=tmp_path / "results",
    )
    yield Context(settings, tmp_path / "plans", "toy-trial", command="cancerapy reproduce toy")
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def make_part(toy_cancer: Cancer, context: Context) -> Callable[..., TrainedPart]:
    """Return a function that writes a plan file and makes the part that trains by it."""

    def make(name: str, cancer: Cancer = toy_cancer, **changes: Any) -> TrainedPart:
        file = context.plans / "reproduce" / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({**PLAN, **changes}))
        return TrainedPart(name, partial(_same, cancer), file.name, "grouped-2")

    return make


def _same(cancer: Cancer) -> Cancer:
    return cancer


@pytest.fixture
def growing_data(tmp_path: Path) -> Path:
    """The data root of the toy cancer: 30 patients with two noisy squares each."""
    rng = np.random.default_rng(3)
    for patient in range(30):
        value, low = (("dark", 60), ("light", 100))[patient % 2]
        folder = tmp_path / "data" / "toyset" / value
        folder.mkdir(parents=True, exist_ok=True)
        for side in ("left", "right"):
            pixels = rng.integers(low, low + 90, (16, 16, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"patient{patient}__{side}.png")
    return tmp_path / "data"


@pytest.fixture
def growing_context(tmp_path: Path, growing_data: Path) -> Context:
    """What a part is run with; everything lies below the test's own folder."""
    keras.config.set_dtype_policy("float32")
    settings = Settings(
        data=growing_data,
        cache=tmp_path / "cache",
        runs=tmp_path / "runs",
        results=tmp_path / "results",
    )
    return Context(settings, tmp_path / "plans", "data-growth", command="cancerapy reproduce")


def _read_brightness(material: Material) -> Floats:
    return material.pixels.mean(axis=(1, 2, 3))[:, None].astype(np.float64)


def _answer_by_nearest_mean(lesson: Lesson) -> Logits:
    x, asked = lesson.features[lesson.train], lesson.features[lesson.test]
    means = np.array([x[lesson.labels == k].mean() for k in (0, 1)])
    return (-np.abs(asked - means)).astype(np.float32)


def _answer_at_random(lesson: Lesson) -> Logits:
    rng = np.random.default_rng(len(lesson.train))
    return rng.normal(size=(len(lesson.test), 2)).astype(np.float32)


GOOD = Learner("nearest mean", True, "", _read_brightness, _answer_by_nearest_mean)
POOR = Learner("chance", False, "", _read_brightness, _answer_at_random)


@pytest.fixture
def growing_field(toy_cancer: Cancer) -> Field:
    """What the toy curves learn: from 4 and 16 images, then from all 40."""
    return Field(toy_cancer, "toy", "balanced_accuracy", protocol="grouped-3", first=4)


@pytest.fixture
def good(growing_field: Field) -> LearningCurvePart:
    """The curve of a learner that is nearly always right."""
    return LearningCurvePart(growing_field, GOOD)


@pytest.fixture
def poor(growing_field: Field) -> LearningCurvePart:
    """The curve of a learner that guesses."""
    return LearningCurvePart(growing_field, POOR)


@pytest.fixture
def make_trial(
    toy_cancer: Cancer,
    context: Context,
    tmp_path: Path,
    write_cancer: Callable[[Cancer, Path], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., ProxyTrial]:
    """Return a function that writes a plan file and makes the trial that starts from it."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(toy_cancer, tmp_path / "cancers")))

    def make(**changes: Any) -> ProxyTrial:
        file = context.plans / "reproduce" / "trial.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({**PLAN, "head_epochs": 1, **changes}))
        return ProxyTrial("toy", file.name, Fidelity(protocol="grouped-4", fraction=1.0))

    return make


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Canvas]:
    """Return the figures that are saved from now on; they are saved all the same."""
    figures: list[Canvas] = []
    save = Canvas.savefig

    def keep(figure: Canvas, *parts: object, **named: object) -> None:
        figures.append(figure)
        save(figure, *parts, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Canvas, "savefig", keep)
    return figures
