"""The toy set as a problem to tune: eight patients, a small network, few epochs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import pytest

from cancerapy.cancers import Cancer, load_cancer
from cancerapy.settings import Settings
from cancerapy.training.plan import resolve_plan
from cancerapy.tuning.problem import Problem, prepare_problem
from cancerapy.tuning.request import Fidelity, Request

PLAN: dict[str, Any] = {
    "backbone": "SmallCNN",
    "weights": "none",
    "head_epochs": 1,
    "epochs": 2,
    "freeze_to": "block_1_pool",
    "views": 1,
    "batch_size": 8,
    "augmentation": ["flip_h"],
}
FIDELITY = Fidelity(protocol="grouped-4", fraction=1.0, epochs=2)

MakeRequest = Callable[..., Request]
MakeProblem = Callable[..., Problem]


@pytest.fixture
def make_request(
    toy_cancer: Cancer,
    toy_data: Path,
    tmp_path: Path,
    write_cancer: Callable[[Cancer, Path], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MakeRequest]:
    """Return a function that asks for a search of the toy set; ``values`` change the plan."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(toy_cancer, tmp_path / "cancers")))
    settings = Settings(data=toy_data, cache=tmp_path / "cache", runs=tmp_path / "runs")

    def make(values: dict[str, Any] | None = None, **changes: Any) -> Request:
        plan = resolve_plan(load_cancer("toy"), PLAN, values or {})
        return Request(**{"cancer": "toy", "plan": plan, "settings": settings,
                          "fidelity": FIDELITY, **changes})  # fmt: skip

    yield make
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def make_problem(make_request: MakeRequest) -> MakeProblem:
    """Return a function that makes such a search ready."""
    return lambda values=None, **changes: prepare_problem(make_request(values, **changes))
