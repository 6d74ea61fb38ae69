"""The LiteRT graph and the pool that lends it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.errors import BundleError
from cancerapy.runtime.interpreter import Graph
from cancerapy.runtime.pool import GraphPool

MODEL = load_bundle(find_bundles()["colorectal"]).model_path


def test_a_graph_takes_one_picture_and_names_its_outputs() -> None:
    graph = Graph(MODEL)
    assert graph.input_shape[1:] == (150, 150, 3)
    outputs = graph(np.zeros((1, 150, 150, 3), np.uint8))
    assert set(outputs) == {"logits", "embedding", "cam"}
    assert outputs["logits"].shape == (1, 8)


def test_the_first_run_of_a_process_prints_nothing() -> None:
    program = (
        "import os, numpy as np; from pathlib import Path;"
        "from cancerapy.runtime.interpreter import Graph;"
        f"graph = Graph(Path({str(MODEL)!r})); picture = np.zeros((1, 150, 150, 3), np.uint8);"
        "graph(picture); os.write(2, b'still here'); graph(picture)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stderr == "still here"


@pytest.mark.parametrize("keep", [0, 1000])
def test_a_cut_model_is_refused_by_name(tmp_path: Path, keep: int) -> None:
    cut = tmp_path / "model.tflite"
    cut.write_bytes(MODEL.read_bytes()[:keep])
    with pytest.raises(BundleError, match=r"'model\.tflite' must be a LiteRT model"):
        Graph(cut)


def test_a_pool_lends_no_more_than_its_size_and_lends_again() -> None:
    pool = GraphPool(MODEL, 1)
    with pool.lend() as first:
        assert pool._free.empty()
    with pool.lend() as second:
        assert second is first


@pytest.mark.parametrize(
    ("cores", "asked", "size", "n_threads"),
    [(1, 0, 1, 1), (2, 0, 1, 2), (8, 0, 4, 2), (8, 8, 8, 1), (8, 1, 1, 2), (2, 5, 5, 1)],
)
def test_a_pool_shares_the_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int, asked: int, size: int, n_threads: int
) -> None:
    monkeypatch.setattr("cancerapy.runtime.pool.processor_count", lambda: cores)
    pool = GraphPool(MODEL, asked)
    assert (pool.size, pool.n_threads) == (size, n_threads)


def test_a_pool_that_could_not_load_may_try_again(tmp_path: Path) -> None:
    pool = GraphPool(tmp_path / "model.tflite", 1)
    for _ in range(2):
        with pytest.raises(BundleError), pool.lend():
            pass
