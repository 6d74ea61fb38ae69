"""Bundles of a graph that is written by hand: no TensorFlow, ready at once."""

import io
import runpy
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.bundle.schema import BundleFields
from cancerapy.bundle.store import CARD_FILE, MODEL_FILE, STATS_FILE, Stats, write_bundle
from cancerapy.cancers import Aspect, Cancer, InputSpec

_GRAPH = Path(__file__).parents[1] / "bad_input" / "toy_graph.py"


@pytest.fixture
def add_bundle(toy_fields: BundleFields, tmp_path: Path) -> Callable[[int], Path]:
    """Return a function that writes version ``number`` of the toy bundle and returns its folder."""
    weight = np.full((32, 48, 3), 1 / 255, np.float32)
    signs = np.array([[-1] * 3, [1] * 3], np.float32)
    graph: bytes = runpy.run_path(str(_GRAPH))["write_graph"](weight, signs)
    stats = io.BytesIO()
    np.savez(stats, **asdict(Stats(np.zeros(3), np.ones(3), np.eye(3), np.eye(3), 1.0)))

    def add(number: int) -> Path:
        card = f"# Toy {number}\n".encode()
        files = {MODEL_FILE: graph, STATS_FILE: stats.getvalue(), CARD_FILE: card}
        return write_bundle(tmp_path / "bundles", replace(toy_fields, version=str(number)), files)

    return add


@pytest.fixture
def known_toy(
    toy_cancer: Cancer,
    write_cancer: Callable[[Cancer, Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Make the toy cancer known."""
    cancer = replace(toy_cancer, input=InputSpec(32, 48, Aspect.CROP, min_side_px=16), sources=())
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(cancer, tmp_path / "cancers")))
