"""A toy cancer with a data set of small phantoms, and material for a small network."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import (
    Aspect,
    Cancer,
    ClassLabel,
    ErrorCosts,
    Factor,
    InputSpec,
    Modality,
    Network,
    Source,
    Task,
)
from cancerapy.data.manifest import build_manifest
from cancerapy.layouts import folder_per_class
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


@pytest.fixture
def cancer() -> Cancer:
    """A cancer with one factor of two values, on 16 x 16 px."""
    classes = tuple(
        ClassLabel(value, value.title(), ".", {"finding": value}, malignant=value == "dark")
        for value in ("dark", "light")
    )
    return Cancer(
        id="toy",
        title="Toy cancer",
        modality=Modality.OTHER,
        description="For tests.",
        network=Network((Factor("finding", ("dark", "light")),)),
        tasks=(Task("toy", "Toy", classes),),
        input=InputSpec(16, 16, Aspect.CROP, min_side_px=8),
        sources=(
            Source(
                folder="toyset",
                title="Toy set",
                reference="none",
                licence="CC0-1.0",
                group="patient",
                read_samples=partial(folder_per_class.read_samples, factor="finding"),
            ),
        ),
        plan={},
        augmentation=(),
        questions=(),
        costs=ErrorCosts(10, 1, "made up"),
        references=(),
        phantom="generic",
        limits=(),
        model_licence="MIT",
        advice={},
    )


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    """Eight patients with two noisy squares each; the class is the brightness."""
    rng = np.random.default_rng(3)
    for patient in range(8):
        value = ("dark", "light")[patient % 2]
        folder = tmp_path / "data" / "toyset" / value
        folder.mkdir(parents=True, exist_ok=True)
        for side in ("left", "right"):
            low = 20 if value == "dark" else 140
            pixels = rng.integers(low, low + 90, (16, 16, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"patient{patient}__{side}.png")
    return tmp_path / "data"


MakeMaterial = Callable[..., Material]


@pytest.fixture
def make_material(cancer: Cancer, data_root: Path, tmp_path: Path) -> Iterator[MakeMaterial]:
    """Return a function that makes the toy set ready for ``PLAN`` with changes."""
    keras.config.set_dtype_policy("float32")

    def make(**changes: object) -> Material:
        plan = resolve_plan(cancer, PLAN, changes)
        manifest = build_manifest(cancer, cancer.sources[0], data_root)
        return Material(cancer, plan, manifest, tmp_path / "cache", None, RichDisplay("toy"))

    yield make
    keras.config.set_dtype_policy("float32")
