"""The toy set made ready for a small network."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cancerapy.cancers import Cancer, Factor, Network, Pooling
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.layouts.sample import Sample
from cancerapy.training.activations import Activations
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


_NETWORK = Network(
    (Factor("kind", ("a", "b", "c", "d")), Factor("find", ("x", "y"), Pooling.TOP, 2))
)


@pytest.fixture
def many(make_material: MakeMaterial, toy_cancer: Cancer) -> Callable[..., Material]:
    """Return a function that makes material of 60 images with made-up features.

    Of kind a there are 30 images, of b 15, of c 9, of d none; 6 are unknown.
    """
    keras.config.set_dtype_policy("float32")
    kinds = ["a"] * 30 + ["b"] * 15 + ["c"] * 9 + [""] * 6
    rng = np.random.default_rng(1)
    features = rng.normal(2, 1, (60, 96))
    for column, kind in enumerate("abc"):
        features[:, column] += 2 * np.array([own == kind for own in kinds])
    features[:, 5] = 0.5  # a channel that never varies
    features = features.astype(np.float16)

    def make(n_views: int = 1, **changes: object) -> Material:
        material = make_material(cancer=replace(toy_cancer, network=_NETWORK), **changes)
        samples = tuple(
            Sample(f"{number}.png", {"kind": kind}, f"g{number}")
            for number, kind in enumerate(kinds)
        )
        groups = np.array([sample.group for sample in samples])
        factors = {factor.name: factor.values for factor in _NETWORK.factors}
        manifest = Manifest("toy", "toyset", Path(), samples, ("0",) * 60, groups, factors)
        material = replace(material, manifest=manifest)
        material.__dict__["activations"] = Activations([], np.zeros(0), features)
        material.__dict__["pooled_views"] = [features] * n_views
        return material

    return make
