"""The two stages: a head that starts as a regression, losses and targets, what is frozen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Factor, Network, Pooling
from cancerapy.training import stages
from cancerapy.training.material import Material
from cancerapy.training.stages import train_stages
from cancerapy.training.teachers import Teachers

MakeMaterial = Callable[..., Material]

N = 60
KINDS = ("a", "b", "c", "d")
NETWORK = Network((Factor("kind", KINDS), Factor("find", ("x", "y"), Pooling.TOP, 2)))


def test_losses_are_adjusted_by_what_an_epoch_holds(many: Callable[..., Material]) -> None:
    rows = np.arange(N)
    shares = np.array([30, 15, 9, 0.5]) / 54.5
    for sampling, expected in (("none", shares), ("over", np.array([30, 30, 30, 0.5]) / 90.5)):
        material = many(logit_adjustment=2.0, sampling=sampling)
        loss = stages._losses(material, rows, with_cells=False)["logits"]
        np.testing.assert_allclose(loss.adjustment[:4], 2 * np.log(expected))
        np.testing.assert_allclose(loss.adjustment[4:], 2 * np.log([0.5, 0.5]))
    plain = stages._losses(many(), rows, with_cells=True)
    assert set(plain) == {"logits", "cam"}
    np.testing.assert_array_equal(plain["logits"].adjustment, np.zeros(6))


def test_targets_are_weighted_by_the_training_side(many: Callable[..., Material]) -> None:
    rows = np.r_[0:6, 30:32]  # 6 of a, 2 of b
    targets = stages._targets(many(class_weight=True), rows)
    # N / (K n) with N = 8 images and K = 4 values
    np.testing.assert_allclose(targets[0], [8 / 24, 0, 0, 0, 0, 0], rtol=1e-6)
    np.testing.assert_allclose(targets[30], [0, 1, 0, 0, 0, 0], rtol=1e-6)
    assert not targets[59].any()
    plain = stages._targets(many(), rows)
    np.testing.assert_array_equal(plain[0], [1, 0, 0, 0, 0, 0])


def test_what_is_served_is_to_equal_the_teachers(many: Callable[..., Material]) -> None:
    rows = np.arange(N)
    logits = np.random.default_rng(2).normal(0, 2, (N, 6)).astype(np.float32)
    material = replace(
        many(logit_adjustment=1.5, teacher_weight=1.0), teachers=Teachers(("t",), logits, "d")
    )
    targets = stages._targets(material, rows)[:54]  # the kinds of 54 images are known
    loss = stages._losses(material, rows, with_cells=False)["logits"]
    # With the whole weight on the teachers no logits have a lower loss than theirs.
    at_teachers = np.asarray(loss.call(targets, logits[:54]))
    for seed in range(3):
        moved = logits[:54] + np.random.default_rng(seed).normal(0, 0.1, (54, 6))
        assert (np.asarray(loss.call(targets, moved.astype(np.float32))) > at_teachers).all()


def test_the_screen_says_which_stage_an_epoch_is_of(
    make_material: MakeMaterial, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    material = make_material(head_epochs=2, epochs=3, augmentation=())
    rows = np.arange(0, 16, 2)
    train_stages(material, material.classifier(), rows, rows[:0], tmp_path, stop_at=1)
    lines = [line for line in capsys.readouterr().err.splitlines() if "epoch" in line]
    assert [line.partition(": accuracy")[0] for line in lines] == [
        "toy: head, epoch 1 of 2",
        "toy: head, epoch 2 of 2",
        "toy: last layers, epoch 1 of 1",
    ]


def test_stage_two_trains_what_lies_above_the_cut(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material(head_epochs=0, epochs=3, augmentation=("flip_h",))
    classifier = material.classifier()
    before = {layer.name: layer.get_weights() for layer in classifier.backbone.layers}
    rows = np.arange(0, 16, 2)
    ends = train_stages(material, classifier, rows, rows[:0], tmp_path, stop_at=1)
    assert list(ends) == ["last layers"]
    assert (ends["last layers"].epoch, ends["last layers"].best_epoch) == (1, 1)
    changed = {
        layer.name
        for layer in classifier.backbone.layers
        for old, new in zip(before[layer.name], layer.get_weights(), strict=True)
        if not np.array_equal(old, new)
    }
    assert changed == {f"block_{block}_{kind}" for block in (2, 3, 4) for kind in ("conv", "bn")}
    assert (tmp_path / "stage-2.npz").is_file()
    assert not (tmp_path / "stage-1.npz").exists()
