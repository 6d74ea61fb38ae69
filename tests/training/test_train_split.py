"""One side is trained, the other predicted: who chooses what, and what is left on disk."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cancerapy.arrays import Indices
from cancerapy.data.splits import Split
from cancerapy.evaluation.predictions import read_added, read_predictions
from cancerapy.training import train_split
from cancerapy.training.activations import Activations
from cancerapy.training.choices import Choices
from cancerapy.training.material import Material
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.state import State
from cancerapy.training.train_split import run_split, train_side

MakeMaterial = Callable[..., Material]
HISTORY = [{"epoch": 1.0, "loss": 0.75, "score": 0.5}, {"epoch": 2.0, "loss": 0.5, "score": 0.25}]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Indices, Indices, int]]:
    """Train nothing; gather the rows to fit, the inner rows and the end that were asked for."""
    calls: list[tuple[Indices, Indices, int]] = []

    def train(
        material: Material,
        classifier: Any,
        rows: Indices,
        inner: Indices,
        folder: Path,
        *,
        stop_at: int,
    ) -> dict[str, State]:
        head = classifier.head.get_layer("cam")
        kernel, bias = head.get_weights()
        head.set_weights([np.random.default_rng(3).normal(size=kernel.shape), bias])
        calls.append((rows, inner, stop_at))
        return {"last layers": State(epoch=2, history=HISTORY, best_epoch=1, best_score=0.5)}

    monkeypatch.setattr(train_split, "train_stages", train)
    return calls


def test_a_grouped_inner_part_chooses(
    make_material: MakeMaterial, asked: list[tuple[Indices, Indices, int]], tmp_path: Path
) -> None:
    material, run = make_material(), RunFolder(tmp_path / "run")
    rows = np.r_[0:6, 8:14]  # six patients
    _, chosen = train_side(material, rows, run)
    ((fit, inner, stop_at),) = asked
    assert sorted([*fit, *inner]) == rows.tolist()
    assert len(inner) == 6
    assert not set(material.manifest.groups[fit]) & set(material.manifest.groups[inner])
    assert stop_at == 0
    assert (chosen.epochs, chosen.alphas) == (1, {"finding": 0.0})
    np.testing.assert_array_equal(chosen.offset, [0, 0])
    with (run.path / "history.csv").open() as file:
        assert [row["stage"] for row in csv.DictReader(file)] == ["last layers"] * 2
    assert (run.path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert run.weights_file.is_file()
    outcome = json.loads((run.path / "outcome.json").read_text())
    assert (outcome["best_epoch"], outcome["alphas"]) == (1, {"finding": 0.0})
    assert (outcome["offset"], outcome["scaling"]) == ([0, 0], "zero_to_one")


def test_what_was_chosen_before_is_used_on_all_rows(
    make_material: MakeMaterial, asked: list[tuple[Indices, Indices, int]], tmp_path: Path
) -> None:
    material, run = make_material(), RunFolder(tmp_path / "run")
    rows, before = np.arange(16), Choices(7, np.array([0.5, -0.25]), {"finding": 0.75})
    classifier, chosen = train_side(material, rows, run, chosen=before)
    assert chosen is before
    ((fit, inner, stop_at),) = asked
    assert (fit.tolist(), len(inner), stop_at) == (list(range(16)), 0, 7)
    _, bias = classifier.head.get_layer("cam").get_weights()
    np.testing.assert_allclose(bias, [0.5, -0.25])
    outcome = json.loads((run.path / "outcome.json").read_text())
    assert (outcome["best_epoch"], outcome["offset"]) == (7, [0.5, -0.25])


def test_without_an_inner_part_all_rows_are_fitted(
    make_material: MakeMaterial, asked: list[tuple[Indices, Indices, int]], tmp_path: Path
) -> None:
    rows = np.arange(4, 12)
    train_side(make_material(inner_fraction=0.0), rows, RunFolder(tmp_path))
    ((fit, inner, _),) = asked
    assert (fit.tolist(), len(inner)) == (rows.tolist(), 0)


def test_the_offset_is_chosen_on_the_inner_part_alone(
    make_material: MakeMaterial,
    asked: list[tuple[Indices, Indices, int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []

    def choose(logits: Any, labels: Any, frequencies: Any, network: Any) -> dict[str, float]:
        seen.append((logits, labels, frequencies))
        return {"finding": 0.5}

    monkeypatch.setattr(train_split, "choose_offset", choose)
    material = make_material(tune_offset=True, inner_fraction=0.3)
    rows = np.r_[0:8, 8:10, 10:12]  # four dark patients, two light ones
    classifier, chosen = train_side(material, rows, RunFolder(tmp_path))
    ((fit, inner, _),) = asked
    ((logits, labels, frequencies),) = seen
    assert logits.shape == (len(inner), 2)
    np.testing.assert_array_equal(labels["finding"], material.manifest.labels("finding")[inner])
    n_dark = int((material.manifest.labels("finding")[fit] == 0).sum())
    shares = np.array([n_dark, len(fit) - n_dark]) / len(fit)
    assert shares[0] != 0.5
    np.testing.assert_allclose(frequencies["finding"], shares)
    np.testing.assert_allclose(chosen.offset, 0.5 * np.log(shares))
    _, bias = classifier.head.get_layer("cam").get_weights()
    np.testing.assert_allclose(bias, chosen.offset, rtol=1e-6)


def _with_views(material: Material) -> Material:
    """Put the activations of the plain flips where the cached ones would be."""
    lower = material.classifier().lower(material.cached_cut)
    views = [
        np.asarray(lower.predict_on_batch(np.asarray(pixels))["activation"])
        for pixels in (material.pixels, material.pixels[:, :, ::-1])
    ]
    material.__dict__["activations"] = Activations(views, np.zeros(0), np.zeros((16, 96)))
    return material


@pytest.mark.parametrize("views", [0, 2], ids=["pixels", "cached-views"])
@pytest.mark.usefixtures("asked")
def test_predictions_are_the_answers_of_the_network_that_is_kept(
    make_material: MakeMaterial, tmp_path: Path, views: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = {"finding": 1.0}
    monkeypatch.setattr(train_split, "choose_offset", lambda *_: shift)
    changes = {"tune_offset": True, "flips": "horizontal", "height": 32, "width": 48}
    material = make_material(views=views, **changes)
    if views:
        _with_views(material)
    split = Split("fold-1", np.r_[2:8, 10:16], np.array([0, 1, 8, 9]))
    run = RunFolder(tmp_path / "run")
    run_split(material, split, run, tmp_path / "predictions" / "fold-1.csv")
    found = read_predictions(tmp_path / "predictions")
    manifest = material.manifest
    assert found.images.tolist() == [manifest.samples[row].path for row in split.test]
    assert found.groups.tolist() == manifest.groups[split.test].tolist()
    assert set(found.folds) == {"fold-1"}
    assert found.labels["finding"].tolist() == [0, 0, 1, 1]
    kept = material.classifier()
    kept.full().load_weights(run.weights_file)
    pictures = np.asarray(material.pixels[split.test])
    served = np.asarray(kept.full("horizontal")(pictures)["logits"])
    np.testing.assert_allclose(found.logits, served, atol=2e-4)
    assert np.abs(served - np.asarray(kept.full()(pictures)["logits"])).max() > 1e-3


@pytest.mark.usefixtures("asked")
def test_added_images_are_answered_by_the_same_network_apart(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material(height=32, width=48)
    split = Split("fold-1", np.r_[4:8, 12:16], np.array([0, 1, 8, 9]), added=np.array([2, 10]))
    run, folder = RunFolder(tmp_path / "run"), tmp_path / "predictions"
    run_split(material, split, run, folder / "fold-1.csv")
    assert len(read_predictions(folder)) == 4
    found = read_added(folder)
    assert found
    manifest = material.manifest
    assert found.images.tolist() == [manifest.samples[row].path for row in (2, 10)]
    assert found.labels["finding"].tolist() == [0, 1]
    kept = material.classifier()
    kept.full().load_weights(run.weights_file)
    own = kept.full()(np.asarray(material.pixels[split.added]))["logits"]
    np.testing.assert_allclose(found.logits, np.asarray(own), atol=2e-4)
