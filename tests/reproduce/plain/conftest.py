"""A toy set large enough to be drawn from, and what parts are run with."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import Cancer, Factor, Network
from cancerapy.reproduce import Context
from cancerapy.settings import load_settings

N_PATIENTS = 30


@pytest.fixture
def toy_pair(toy_cancer: Cancer) -> Cancer:
    """The toy cancer with a second factor, which no drawn part looks at."""
    network = Network((*toy_cancer.network.factors, Factor("size", ("small", "large"))))
    return replace(toy_cancer, network=network)


@pytest.fixture
def drawn_data(tmp_path: Path) -> Path:
    """A data root with 30 patients of two noisy squares each; light ones are a little lighter."""
    rng = np.random.default_rng(8)
    for patient in range(N_PATIENTS):
        value = ("dark", "light")[patient % 2]
        folder = tmp_path / "data" / "toyset" / value
        folder.mkdir(parents=True, exist_ok=True)
        for side in ("left", "right"):
            low = 60 if value == "dark" else 90
            pixels = rng.integers(low, low + 90, (16, 16, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"patient{patient:02d}__{side}.png")
    return tmp_path / "data"


@pytest.fixture
def write_plan(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes a plan file and returns its name below ``plans/reproduce``."""

    def write(name: str, **values: Any) -> str:
        import json

        file = tmp_path / "plans" / "reproduce" / "plain" / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
        return f"plain/{name}.json"

    return write


@pytest.fixture
def make_context(tmp_path: Path, drawn_data: Path) -> Callable[..., Context]:
    """Return a function that makes the context of a run in a folder of its own."""

    def make(*, quick: bool = False) -> Context:
        settings = load_settings(
            data=drawn_data,
            cache=tmp_path / "cache",
            runs=tmp_path / "runs",
            results=tmp_path / "results",
        )
        return Context(settings, tmp_path / "plans", "plain-network", quick, "cancerapy reproduce")

    return make
