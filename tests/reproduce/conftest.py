"""Made-up findings, and trained parts of the toy cancer."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import keras
import pytest

from cancerapy.cancers import Cancer
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row
from cancerapy.reproduce import Context
from cancerapy.reproduce.trained import TrainedPart
from cancerapy.settings import Settings

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
