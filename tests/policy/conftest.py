"""A toy cancer and made-up predictions of examinations with several images and answers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cancerapy.cancers import Cancer, Question
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.record import ProtocolRecord
from cancerapy.policy.material import Material, build_material

N = 240


@pytest.fixture(scope="session")
def cancer(toy_cancer: Cancer) -> Cancer:
    """Return the toy cancer with a question that its data set answers."""
    return replace(
        toy_cancer,
        questions=(
            Question("age", "How old are you?", "number", unit="years"),
            Question("sex", "What is your sex?", "choice", ("female", "male")),
        ),
    )


@pytest.fixture(scope="session")
def record() -> ProtocolRecord:
    """Return what is noted of the predictions."""
    return ProtocolRecord(
        "grouped-3", False, ("fold-1", "fold-2", "fold-3"), "toy", "p", "m", "s", "0", {}
    )


@pytest.fixture(scope="session")
def make_material(cancer: Cancer, record: ProtocolRecord) -> Callable[..., Material]:
    """Return a function that draws two images of each patient, with age and sex.

    Malignant (dark) findings have higher logits, and older patients; sex says nothing.
    """

    def make(
        *, correlation: float = 0.5, skill: float = 1.5, bias: float = 0.0, n: int = N
    ) -> Material:
        generator = np.random.default_rng(3)
        dark = np.repeat(np.arange(n) % 4 == 0, 2)
        shared = np.repeat(generator.normal(0, np.sqrt(correlation), n), 2)
        own = generator.normal(0, np.sqrt(1 - correlation), 2 * n)
        ratio = skill * (np.where(dark, 0.5, -0.5) * skill + shared + own)
        logits = np.stack([ratio / 2 + bias, -ratio / 2], axis=1).astype(np.float32)
        images = np.array([f"image-{row:04d}" for row in range(2 * n)])
        ages = np.repeat(generator.normal(45, 10, n), 2) + 20 * dark
        sexes = np.repeat(generator.choice(["female", "male"], n), 2)
        facts = {
            "age": {image: f"{max(age, 0):.0f}" for image, age in zip(images, ages, strict=True)},
            "sex": dict(zip(images.tolist(), sexes.tolist(), strict=True)),
        }
        predictions = OutOfFold(
            images,
            np.repeat([f"patient-{row:03d}" for row in range(n)], 2),
            np.repeat([f"fold-{1 + row % 3}" for row in range(n)], 2),
            cancer.network,
            {"finding": np.where(dark, 0, 1)},
            logits,
        )
        return build_material(cancer, predictions, facts, record)

    return make


@pytest.fixture(scope="session")
def material(make_material: Callable[..., Material]) -> Material:
    """Return examinations whose images are half independent."""
    return make_material()
