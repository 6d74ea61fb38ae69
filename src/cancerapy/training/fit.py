"""The one epoch loop: train, look at the inner part, keep the best, save, go on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import keras
import numpy as np

from cancerapy.errors import DataError
from cancerapy.training.sources import Source
from cancerapy.training.state import State, load_state, save_state

_CALLED = {"logits_accuracy": "accuracy"}
"""What a figure is called in histories where Keras puts the name of the output before it."""


class Display(Protocol):
    """Shows how a run goes on; see ``training.progress``."""

    def batch(self, epoch: str, done: int, total: int, loss: float) -> None:
        """Show a finished batch of the epoch that is called so."""

    def epoch(self, epoch: str, row: dict[str, float]) -> None:
        """Show a finished epoch's figures."""

    def say(self, text: str) -> None:
        """Write a line."""


@dataclass(frozen=True)
class Stage:
    """One stage of a training.

    Args:
        epochs: How many epochs.
        stop_at: End after this many epochs although the schedule is longer; 0: no.
        patience: Epochs without gain before stopping early; 0: never.
        score: Called without arguments after every epoch; returns figures of the inner part,
            with ``"score"`` (higher is better) among them. ``None``: the last epoch is best.
        data: Digest of what is trained on and for how long; a state of something else is not
            gone on from.
        name: What is trained, for the display.
    """

    epochs: int
    stop_at: int = 0
    patience: int = 0
    score: Callable[[], dict[str, float]] | None = None
    data: str = ""
    name: str = ""

    @property
    def last(self) -> int:
        """The epoch after which the stage ends, unless it stops early."""
        return self.stop_at or self.epochs

    def describe(self, epoch: int) -> str:
        """Return how an epoch is called: ``head, epoch 1 of 5``."""
        return f"{self.name}, epoch {epoch} of {self.last}".removeprefix(", ")


class _Batches(keras.callbacks.Callback):  # type: ignore[misc]  # Keras is untyped
    """Shows the batches of an epoch and remembers the weights at its end.

    At the end of ``fit`` Keras puts the moving average in the place of the weights. That is what
    is judged, but the next epoch has to go on from the weights themselves: starting each epoch
    from the average holds the training back.
    """

    def __init__(self, display: Display, epoch: str, total: int) -> None:
        super().__init__()
        self.display, self.called, self.total = display, epoch, total
        self.weights: list[np.ndarray] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.display.batch(self.called, batch + 1, self.total, (logs or {}).get("loss", 0.0))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.weights = self.model.get_weights()


def fit_stage(
    model: keras.Model, source: Source, stage: Stage, state_file: Path, display: Display
) -> State:
    """Train ``model`` for one stage; at the end it holds the best weights.

    Goes on from ``state_file`` if it is there and of the same data, and ends as if it had never
    been interrupted.

    Args:
        model: Compiled.
        source: Batches of the training side.
        stage: Epochs and how they are judged.
        state_file: Where the state is kept after every epoch.
        display: Shows the progress.

    Raises:
        StorageError: The state could not be written; the epoch before is kept.
        DataError: The training diverged; the epoch before is kept.
    """
    state = load_state(state_file, model, stage.data)
    if state_file.is_file() and not state.epoch:
        display.say(f"{state_file.name} is of other data or lengths: this stage starts afresh")
    while state.epoch < stage.last and not _is_stale(state, stage):
        source.begin(state.epoch)
        called = stage.describe(state.epoch + 1)
        shown = _Batches(display, called, len(source))
        logs = model.fit(source, epochs=1, shuffle=False, verbose=0, callbacks=[shown]).history
        state.epoch += 1
        figures = {_CALLED.get(name, name): float(values[0]) for name, values in logs.items()}
        row = {"epoch": float(state.epoch), **figures}
        _judge(model, state, stage, row)
        model.set_weights(shown.weights)
        state.history.append(row)
        save_state(state_file, model, state)
        display.epoch(called, row)
    if state.best_weights:
        model.set_weights(state.best_weights)
    return state


def _is_stale(state: State, stage: Stage) -> bool:
    return bool(stage.patience) and state.epoch - state.best_epoch >= stage.patience


def _judge(model: keras.Model, state: State, stage: Stage, row: dict[str, float]) -> None:
    """Score the weights that ``fit`` left, the averaged ones if there are, and keep the best."""
    row |= stage.score() if stage.score else {}
    _check_finite(row, state.epoch)
    score = row.get("score", float(state.epoch))
    if score > state.best_score:
        state.best_score, state.best_epoch = score, state.epoch
        state.best_weights = model.get_weights()


def _check_finite(row: dict[str, float], epoch: int) -> None:
    for name, value in row.items():
        if not np.isfinite(value):
            raise DataError(
                f"Losses and scores must be finite numbers; '{name}' of epoch {epoch} is {value}. "
                "The training diverged: lower its learning rate and run it again."
            )
