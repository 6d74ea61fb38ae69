"""The toy set made ready for a small network."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import pytest

from cancerapy.cancers import Cancer
from cancerapy.data.manifest import build_manifest
from cancerapy.training.material import Material
from cancerapy.training.plan import resolve_plan
from cancerapy.training.progress import RichDisplay

PLAN: dict[str, Any] = {
    "backbone": "SmallCNN",
    "weights": "none",
    "head_epochs": 1,
    "epochs": 2,
    "freeze_to": "block_1_pool",
    "batch_size": 4,
    "inner_fraction": 0.5,
    "optimizer": "adamw",
    "weight_decay": 0.01,
    "ema": 0.9,
    "mixup": 0.4,
    "augmentation": ("flip_h", "photometric"),
}
"""Every part whose state must survive an interruption: averages, moments, dropout, mixing."""

MakeMaterial = Callable[..., Material]


@pytest.fixture
def plan_values() -> dict[str, Any]:
    """Return the values of ``PLAN``."""
    return PLAN


@pytest.fixture
def make_material(toy_cancer: Cancer, toy_data: Path, tmp_path: Path) -> Iterator[MakeMaterial]:
    """Return a function that makes the toy set ready for ``PLAN`` with changes.

    ``cancer`` reads the same images in another way.
    """
    keras.config.set_dtype_policy("float32")

    def make(*, cancer: Cancer = toy_cancer, **changes: object) -> Material:
        plan = resolve_plan(cancer, PLAN, changes)
        manifest = build_manifest(cancer, cancer.sources[0], toy_data)
        return Material(cancer, plan, manifest, tmp_path / "cache", None, RichDisplay("toy"))

    yield make
    keras.config.set_dtype_policy("float32")
