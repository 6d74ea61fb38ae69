"""The state of a training on disk, and what a full disk does to it."""

import errno
import os
from pathlib import Path

import keras
import numpy as np
import pytest

from cancerapy.errors import DataError, StorageError
from cancerapy.training.fit import Stage, fit_stage
from cancerapy.training.progress import RichDisplay
from cancerapy.training.sources import Sampling, ViewSource
from cancerapy.training.state import State, load_state, save_state

FEATURES = np.random.default_rng(1).normal(size=(12, 3)).astype(np.float32)
TARGETS = np.eye(2, dtype=np.float32)[np.arange(12) % 2]


def _model() -> keras.Model:
    keras.utils.set_random_seed(4)
    inputs = keras.layers.Input((3,))
    x = keras.layers.Dropout(0.5, seed=2)(inputs)
    model = keras.Model(inputs, {"logits": keras.layers.Dense(2)(x)})
    optimizer = keras.optimizers.AdamW(0.01, use_ema=True, ema_momentum=0.9)
    model.compile(optimizer, loss={"logits": keras.losses.MeanSquaredError()})
    return model


def _source() -> ViewSource:
    return ViewSource(Sampling(np.arange(12), np.arange(12) % 2, batch_size=5), TARGETS, [FEATURES])


def _fit(file: Path, epochs: int, stage: Stage | None = None) -> tuple[keras.Model, State]:
    model = _model()
    return model, fit_stage(
        model, _source(), stage or Stage(3, stop_at=epochs), file, RichDisplay("toy")
    )


def test_a_state_is_read_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "run" / "state.npz"
    trained, state = _fit(file, 2)
    model = _model()
    again = load_state(file, model)
    assert (again.epoch, again.best_epoch, again.best_score) == (2, 2, 2.0)
    assert again.history == state.history
    assert [row["epoch"] for row in again.history] == [1.0, 2.0]
    for ours, theirs in zip(model.optimizer.variables, trained.optimizer.variables, strict=True):
        np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs))
    assert int(model.optimizer.iterations) == 2 * 3
    assert load_state(tmp_path / "none.npz", model) == State()


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied"])
def test_a_damaged_state_is_said_and_not_gone_on_from(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "state.npz"
    _fit(file, 1)
    content = bytearray(file.read_bytes())
    start = content.index(b"NUMPY") + 140  # among the first array's numbers
    content[start] ^= 1
    file.write_bytes({"cut": content[:-9], "changed": content, "emptied": b""}[damage])
    model = _model()
    before = model.get_weights()
    with pytest.raises(DataError, match=r"The state 'state\.npz' of the run .* Remove this file"):
        load_state(file, model)
    for ours, theirs in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_an_interrupted_stage_ends_where_the_whole_one_ends(tmp_path: Path) -> None:
    whole, state = _fit(tmp_path / "whole.npz", 3)
    _fit(tmp_path / "parts.npz", 1)
    parts, resumed = _fit(tmp_path / "parts.npz", 3)
    assert resumed.history == state.history
    for ours, theirs in zip(parts.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)
    assert not np.allclose(whole.get_weights()[0], _model().get_weights()[0], atol=1e-4)


def test_a_state_of_other_data_is_not_gone_on_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "state.npz"
    _, whole = _fit(tmp_path / "whole.npz", 2)
    _fit(file, 1, Stage(3, stop_at=1))  # as it was saved before a state knew its data
    _, first = _fit(file, 2, Stage(3, stop_at=2, data="a"))
    assert "state.npz is of other data or lengths" in capsys.readouterr().err
    assert first.history == whole.history
    _, same = _fit(file, 2, Stage(3, stop_at=2, data="a"))
    assert same.history == first.history
    assert capsys.readouterr().err == ""  # no epoch was run
    _, other = _fit(file, 1, Stage(3, stop_at=1, data="b"))
    assert "this stage starts afresh" in " ".join(capsys.readouterr().err.split())
    assert other.history == whole.history[:1]
    assert load_state(file, _model(), "a") == State(data="a")
    assert load_state(file, _model(), "b").epoch == 1


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    source = ViewSource(
        Sampling(np.arange(12), np.arange(12) % 2, batch_size=5), TARGETS, [FEATURES * np.inf]
    )
    message = r"^Losses and scores must be finite numbers; 'loss' of epoch 1 is nan\. The training"
    with pytest.raises(DataError, match=message):
        fit_stage(_model(), source, Stage(3), tmp_path / "state.npz", RichDisplay("toy"))
    assert not (tmp_path / "state.npz").exists()


def test_the_best_epoch_is_kept_and_patience_ends_the_stage(tmp_path: Path) -> None:
    scores = iter([0.5, 0.7, 0.6, 0.7, 0.9])
    seen: list[np.ndarray] = []
    model = _model()

    def score() -> dict[str, float]:
        seen.append(model.get_weights()[0])
        return {"score": next(scores)}

    stage = Stage(5, patience=2, score=score)
    state = fit_stage(model, _source(), stage, tmp_path / "state.npz", RichDisplay("toy"))
    assert (state.epoch, state.best_epoch, state.best_score) == (4, 2, 0.7)
    np.testing.assert_array_equal(model.get_weights()[0], seen[1])
    assert not np.array_equal(seen[1], seen[3])


def test_a_full_disk_keeps_the_epoch_before_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "fold-1" / "state.npz"
    whole, _ = _fit(tmp_path / "whole.npz", 3)
    _fit(file, 1)
    before = file.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(
            StorageError,
            match=r"^Not enough room while writing epoch 2 to 'fold-1': No space "
            r"left on device\. What was finished is kept; free some space and run the same",
        ) as caught:
            _fit(file, 3)
    assert caught.value.code == "disk_full"
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["state.npz"]
    resumed, state = _fit(file, 3)
    assert state.epoch == 3
    for ours, theirs in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)


def test_a_state_without_best_weights_is_saved_too(tmp_path: Path) -> None:
    model = _model()
    model.optimizer.build(model.trainable_variables)
    save_state(tmp_path / "s.npz", model, State(epoch=1, history=[{"epoch": 1.0}]))
    assert load_state(tmp_path / "s.npz", _model()).best_weights == []
