"""A toy cancer with two factors and made-up predictions of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import (
    Aspect,
    Cancer,
    ClassLabel,
    Factor,
    InputSpec,
    Network,
    Source,
    Task,
)
from cancerapy.evaluation.predictions import OutOfFold, write_fold
from cancerapy.layouts.sample import Sample

_FACTORS = (Factor("malignancy", ("benign", "malignant")), Factor("density", ("1", "2", "3")))


def _read_toy(folder: Path) -> list[Sample]:
    lines = [line.split(",") for line in (folder / "facts.csv").read_text().splitlines()]
    return [Sample(path, {}, path, {"age": age, "sex": sex}) for path, age, sex in lines]


@pytest.fixture(scope="session")
def cancer(toy_cancer: Cancer) -> Cancer:
    """Return a toy cancer: malignancy by itself and jointly with density, like breast."""
    single = Task(
        "toy",
        "Toy malignancy",
        (
            ClassLabel("benign", "Benign", "No.", {"malignancy": "benign"}, malignant=False),
            ClassLabel("malignant", "Malignant", "Yes.", {"malignancy": "malignant"}, True),
        ),
    )
    joint = Task(
        "toy-density",
        "Toy malignancy and density",
        tuple(
            ClassLabel(f"{d}{m}", f"{d} {m}", ".", {"malignancy": m, "density": d}, m[0] == "m")
            for d in ("1", "2", "3")
            for m in ("benign", "malignant")
        ),
    )
    return replace(
        toy_cancer,
        network=Network(_FACTORS),
        tasks=(single, joint),
        input=InputSpec(8, 8, Aspect.CROP),
        sources=(Source("toyset", "Toy", "none", "CC0-1.0", "patient", _read_toy),),
    )


Draw = Callable[..., OutOfFold]


@pytest.fixture(scope="session")
def draw(cancer: Cancer) -> Draw:
    """Return a function that draws predictions of patients with two images each.

    ``skill`` is the distance between the classes in logits; logits are ``temperature`` times
    too large for what they are worth.
    """

    def make(
        n_groups: int = 120,
        *,
        n_folds: int = 3,
        skill: float = 2.0,
        temperature: float = 1.0,
        seed: int = 0,
    ) -> OutOfFold:
        generator = np.random.default_rng(seed)
        n = 2 * n_groups
        labels, columns = {}, []
        for factor in cancer.network.factors:
            k = len(factor.values)
            own = np.repeat(generator.integers(0, k, n_groups), 2)
            # log-likelihood ratios of unit normals around ``skill`` on the own axis
            seen = generator.normal(0, 1, (n, k)) + skill * np.eye(k)[own]
            columns.append(seen * skill * temperature)
            labels[factor.name] = own
        return OutOfFold(
            images=np.array([f"image-{i:04d}.png" for i in range(n)]),
            groups=np.repeat([f"patient-{i:03d}" for i in range(n_groups)], 2),
            folds=np.repeat([f"fold-{1 + i % n_folds}" for i in range(n_groups)], 2),
            network=cancer.network,
            labels=labels,
            logits=np.concatenate(columns, axis=1).astype(np.float32),
        )

    return make


@pytest.fixture(scope="session")
def write_folds() -> Callable[[OutOfFold, Path], None]:
    """Return a function that writes predictions into a folder, one CSV a fold."""

    def write(out_of_fold: OutOfFold, folder: Path) -> None:
        for fold in out_of_fold.fold_names:
            part = out_of_fold.part(out_of_fold.folds == fold)
            write_fold(
                folder / f"{fold}.csv",
                part.images.tolist(),
                part.groups,
                fold,
                part.network.factors,
                part.labels,
                part.logits,
            )

    return write


@pytest.fixture(scope="session")
def with_unknown() -> Callable[[OutOfFold, str, int], OutOfFold]:
    """Return a function that makes a factor unknown in the first images."""

    def change(out_of_fold: OutOfFold, factor: str, count: int) -> OutOfFold:
        labels = {name: values.copy() for name, values in out_of_fold.labels.items()}
        labels[factor][:count] = -1
        return replace(out_of_fold, labels=labels)

    return change
