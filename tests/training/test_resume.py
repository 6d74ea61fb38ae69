"""A run that was stopped goes on from its last finished epoch and ends where it would have ended.

The undisturbed run and the stopped one are each a process of their own, with deterministic
operations; the stopped one is really killed (SIGKILL), by itself, after an epoch's state was
written and the next epoch had begun.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cancerapy.cancers import Cancer

SCRIPT = """
import os, signal, sys
from pathlib import Path

import keras, tensorflow as tf
import numpy as np

from cancerapy.cancers import load_cancer
from cancerapy.data.manifest import build_manifest
from cancerapy.training.material import Material
from cancerapy.training.plan import resolve_plan
from cancerapy.training.progress import RichDisplay
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.train_split import train_side

data, cache, run, views, kill_in = sys.argv[1:]
keras.utils.set_random_seed(0)
tf.config.experimental.enable_op_determinism()
cancer = load_cancer("toy")
plan = resolve_plan(cancer, {"views": int(views)})
manifest = build_manifest(cancer, cancer.sources[0], Path(data))


class Deadly(RichDisplay):
    n_batches = 0

    def batch(self, epoch, done, total, loss):
        self.n_batches += 1
        if kill_in != "never" and self.n_batches == int(kill_in):
            os.kill(os.getpid(), signal.SIGKILL)


material = Material(cancer, plan, manifest, Path(cache), None, Deadly("toy"))
train_side(material, np.arange(len(manifest.samples)), RunFolder(Path(run)))
"""


@pytest.mark.parametrize("views", [0, 3], ids=["pixels", "cached-views"])
def test_a_killed_run_ends_where_the_undisturbed_run_ends(
    tmp_path: Path,
    toy_cancer: Cancer,
    write_cancer: Callable[[Cancer, Path], Path],
    plan_values: dict[str, Any],
    toy_data: Path,
    views: int,
) -> None:
    plan = {**plan_values, "epochs": 3}
    cancers = write_cancer(replace(toy_cancer, plan=plan), tmp_path / "cancers")
    environment = {**os.environ, "CANCERAPY_CANCERS": str(cancers)}

    def train(name: str, kill_in: str) -> int:
        places = [toy_data, tmp_path / f"cache-{name}", tmp_path / name]
        words = [sys.executable, "-c", SCRIPT, *map(str, places), str(views), kill_in]
        done = subprocess.run(words, env=environment, capture_output=True, check=False, timeout=300)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
        return done.returncode

    assert train("whole", "never") == 0
    # 8 images are fitted, in 2 batches an epoch: one epoch of stage one, then three of stage two.
    # The sixth batch is the last of stage two's second epoch, whose state is not yet written.
    assert train("killed", "6") == -signal.SIGKILL
    assert _finished_epochs(tmp_path / "killed" / "stage-2.npz") == 1
    assert not (tmp_path / "killed" / "model.weights.h5").exists()
    assert train("killed", "never") == 0
    whole, killed = (_weights(tmp_path / name) for name in ("whole", "killed"))
    assert whole.keys() == killed.keys()
    for name, value in whole.items():
        np.testing.assert_allclose(killed[name], value, rtol=0, atol=1e-6, err_msg=name)
    histories = [(tmp_path / name / "history.csv").read_text() for name in ("whole", "killed")]
    assert len(histories[0].splitlines()) == 1 + 1 + 3
    assert histories[0] == histories[1]


def _finished_epochs(state: Path) -> int:
    with np.load(state) as stored:
        return int(json.loads(stored["facts"].tobytes())["epoch"])


def _weights(run: Path) -> dict[str, np.ndarray]:
    """Return every array of a run's weights and of the state it ended with, by name."""
    arrays: dict[str, np.ndarray] = {}
    with h5py.File(run / "model.weights.h5") as file:
        file.visititems(
            lambda name, item: (
                arrays.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None
            )
        )
    with np.load(run / "stage-2.npz") as stored:
        arrays |= {name: stored[name] for name in stored.files if name != "facts"}
    return arrays
