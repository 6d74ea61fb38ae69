"""Protocols by name, and folds kept and not mixed with another plan's."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.errors import DataError, LeakError, PlanError, UsageError
from cancerapy.training import cross_validation as module
from cancerapy.training.choices import read_choices
from cancerapy.training.cross_validation import cross_validate, make_splits, split_digest
from cancerapy.training.final import choices_of_folds
from cancerapy.training.material import Material
from cancerapy.training.run_folder import RunFolder

MakeMaterial = Callable[..., Material]


def test_protocols_by_name(make_material: MakeMaterial) -> None:
    manifest = make_material().manifest
    splits = make_splits(manifest, "finding", "grouped-2", 0)
    assert len(splits) == 2
    for split in splits:
        assert not set(manifest.groups[split.train]) & set(manifest.groups[split.test])
    assert len(make_splits(manifest, "finding", "slides", 0)) == 8
    (random, _) = make_splits(manifest, "finding", "random-2-LEAKING", 0, allow_leak=True)
    assert random.leaking


def test_a_leaking_protocol_needs_a_permission(make_material: MakeMaterial) -> None:
    message = r"^'random-2-LEAKING' puts images of one group on both sides; .* Add --allow-leak"
    with pytest.raises(LeakError, match=message):
        make_splits(make_material().manifest, "finding", "random-2-LEAKING", 0)


@pytest.mark.parametrize("name", ["grouped-1", "grouped", "random-2", "grouped-2-LEAKING", "loo"])
def test_unknown_protocols_are_refused(make_material: MakeMaterial, name: str) -> None:
    with pytest.raises(UsageError, match=rf"^No protocol named '{name}'\. Known: grouped-K, "):
        make_splits(make_material().manifest, "finding", name, 0, allow_leak=True)


def test_folds_are_trained_once_and_never_mixed(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material(head_epochs=1, epochs=0, augmentation=())
    runs, results = tmp_path / "runs", tmp_path / "results"
    first = cross_validate(material, "grouped-2", runs, results, only=lambda n: n.endswith("1"))
    folder = results / "predictions" / "toy-grouped-2"
    assert len(first) == 1
    assert len(list(folder.glob("*.csv"))) == 1
    assert json.loads((folder / "protocol.json").read_text())["plan_digest"] == material.plan.digest
    other = make_material(head_epochs=1, epochs=0, augmentation=(), seed=1)
    message = r"^'toy-grouped-2' already holds folds of another plan or data set\."
    with pytest.raises(UsageError, match=message):
        cross_validate(other, "grouped-2", runs, results)
    assert len(cross_validate(material, "grouped-2", runs, results)) == 1
    assert cross_validate(material, "grouped-2", runs, results) == []
    for fold in ("fold-1", "fold-2"):
        assert read_choices(folder, fold) == {"best_epoch": 0, "alphas": {"finding": 0.0}}
    assert read_choices(folder, "fold-3") is None
    with pytest.raises(DataError, match=r"holds no finished fold of this plan and data set\. Run"):
        choices_of_folds(other, results, "grouped-2")
    assert RunFolder(next(runs.glob("*/grouped-2/fold-1"))).read_facts()["weights_sha256"] == ""
    (folder / "fold-1.choices.json").write_text("[]")
    with pytest.raises(DataError, match=r"^'fold-1\.choices\.json' in 'toy-grouped-2' must hold"):
        read_choices(folder, "fold-1")


def test_added_images_make_other_folds(make_material: MakeMaterial) -> None:
    manifest = make_material().manifest
    splits = make_splits(manifest, "finding", "grouped-2", 0)
    before = split_digest(splits)
    assert before == split_digest([replace(split, added=split.added[:0]) for split in splits])
    first = replace(splits[0], train=splits[0].train[1:], added=splits[0].train[:1])
    assert split_digest([first, splits[1]]) != before


def test_folds_have_no_teachers(make_material: MakeMaterial, tmp_path: Path) -> None:
    material = make_material(teacher_weight=0.5)
    with pytest.raises(PlanError, match=r"the teachers' answers, 0\.5; no teacher is named\. Add"):
        cross_validate(material, "grouped-2", tmp_path, tmp_path)
    assert list(tmp_path.glob("toy-*")) == []
    assert not (tmp_path / "predictions").exists()


def test_predictions_and_run_name_the_starting_weights_by_file_and_digest(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "places" / "mine.npz"
    file.parent.mkdir()
    file.write_bytes(b"weights")
    material = make_material(weights=str(file))
    monkeypatch.setattr(module, "run_split", lambda *_: None)
    cross_validate(material, "grouped-2", tmp_path / "runs", tmp_path / "results")
    noted = (tmp_path / "results" / "predictions" / "toy-grouped-2" / "protocol.json").read_text()
    assert json.loads(noted)["plan"]["weights"] == "mine.npz"
    assert str(tmp_path) not in noted
    facts = RunFolder(next((tmp_path / "runs").glob("*/grouped-2/fold-1"))).read_facts()
    digest = hashlib.sha256(b"weights").hexdigest()
    assert facts["weights_sha256"] == json.loads(noted)["weights_sha256"] == digest


def test_folds_go_on_wherever_the_weights_lie_and_not_with_others_of_their_name(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "run_split", lambda *_: None)

    def train(place: str, content: bytes) -> None:
        file = tmp_path / place / "mine.npz"
        file.parent.mkdir()
        file.write_bytes(content)
        material = make_material(weights=str(file))
        cross_validate(material, "grouped-2", tmp_path / "runs", tmp_path / "results")

    train("here", b"weights")
    folder = tmp_path / "results" / "predictions" / "toy-grouped-2"
    (folder / "fold-1.csv").write_text("finished")
    train("there", b"weights")
    with pytest.raises(UsageError, match=r"^'toy-grouped-2' already holds folds of another plan"):
        train("elsewhere", b"others")
    record = json.loads((folder / "protocol.json").read_text())
    del record["weights_sha256"]  # as older versions wrote it
    (folder / "protocol.json").write_text(json.dumps(record))
    train("again", b"weights")
