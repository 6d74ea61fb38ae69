"""The state of an unfinished training, in one file that is replaced as a whole.

It holds everything the next epoch depends on - weights, the seeds inside dropout layers, the
optimizer's moments, averages and step count, the best weights so far, the history - so a run
that was killed goes on from its last finished epoch and ends where it would have ended.
"""

import json
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np

from cancerapy.atomic import replacing
from cancerapy.errors import DataError


@dataclass
class State:
    """What has been reached.

    Args:
        epoch: Number of finished epochs.
        history: A row of figures per finished epoch.
        best_epoch: Finished epochs at the best score; 0 before the first.
        best_score: The best score; higher is better.
        best_weights: Weights at the best score, in the model's order.
        data: Digest of what was trained on and for how long.
    """

    epoch: int = 0
    history: list[dict[str, float]] = field(default_factory=list)
    best_epoch: int = 0
    best_score: float = float("-inf")
    best_weights: list[np.ndarray] = field(default_factory=list)
    data: str = ""


def save_state(path: Path, model: keras.Model, state: State) -> None:
    """Write the state of ``model`` and its optimizer after a finished epoch.

    Raises:
        StorageError: Disk full or no permission; the state of the epoch before is unchanged.
    """
    arrays: dict[str, Any] = {f"model_{i}": np.asarray(v) for i, v in enumerate(model.variables)}
    arrays |= {f"optimizer_{i}": np.asarray(v) for i, v in enumerate(model.optimizer.variables)}
    arrays |= {f"best_{i}": value for i, value in enumerate(state.best_weights)}
    facts = {
        "epoch": state.epoch,
        "history": state.history,
        "best_epoch": state.best_epoch,
        "best_score": state.best_score,
        "data": state.data,
    }
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)
    doing = f"writing epoch {state.epoch} to '{path.parent.name}'"
    with replacing(path, doing) as file:
        np.savez(file, **arrays)


def load_state(path: Path, model: keras.Model, data: str = "") -> State:
    """Put a saved state back into ``model`` and its optimizer.

    Args:
        path: The file; a missing one is a fresh start.
        model: Compiled, of the same plan.
        data: Digest of what is trained on now; a state of anything else is a fresh start, too.

    Raises:
        DataError: The file is damaged.
    """
    if not path.is_file():
        return State(data=data)
    stored = _read(path)
    facts = json.loads(stored["facts"].tobytes())
    if facts.get("data", "") != data:
        return State(data=data)
    for index, variable in enumerate(model.variables):
        variable.assign(stored[f"model_{index}"])
    model.optimizer.build(model.trainable_variables)
    for index, variable in enumerate(model.optimizer.variables):
        variable.assign(stored[f"optimizer_{index}"])
    n_best = sum(name.startswith("best_") for name in stored)
    best = [stored[f"best_{index}"] for index in range(n_best)]
    return State(best_weights=best, **facts)


def _read(path: Path) -> dict[str, np.ndarray]:
    try:
        # NumPy leaves a file that it cannot read open; one that is handed to it is closed here.
        with path.open("rb") as file, np.load(file) as stored:
            return dict(stored)
    except (BadZipFile, zlib.error, ValueError, EOFError) as error:
        raise DataError(
            f"The state '{path.name}' of the run in '{path.parent}' must be readable to go on; it "
            f"is damaged ({error}). Remove this file and run the same command again: the stage "
            "then starts afresh."
        ) from error
