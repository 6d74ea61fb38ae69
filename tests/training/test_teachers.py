"""Whose answers are learnt, how they are lined up, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cancerapy.cancers import Factor, Network
from cancerapy.errors import DataError, LeakError
from cancerapy.evaluation.predictions import write_fold
from cancerapy.settings import Settings
from cancerapy.training import session
from cancerapy.training.choices import Choices, write_choices
from cancerapy.training.cross_validation import make_splits
from cancerapy.training.final import load_final, train_final
from cancerapy.training.material import Material
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.teachers import Teachers, read_teachers

MakeMaterial = Callable[..., Material]
NAME = "toy-grouped-2"


def _answers(seed: int) -> np.ndarray:
    """Return made-up logits of the 16 images."""
    return np.random.default_rng(seed).normal(0, 1, (16, 2)).round(5)


def _teacher(root: Path, material: Material, logits: np.ndarray, **changes: Any) -> Path:
    """Write what a cross-validation of two folds leaves."""
    folder, manifest = root / "predictions" / NAME, material.manifest
    splits = make_splits(manifest, "finding", "grouped-2", 0)
    for split in splits:
        write_fold(
            folder / f"{split.name}.csv",
            [manifest.samples[row].path for row in split.test],
            manifest.groups[split.test],
            split.name,
            material.cancer.network.factors,
            {"finding": manifest.labels("finding")[split.test]},
            logits[split.test],
        )
        write_choices(folder, split.name, Choices(1, np.zeros(2), {"finding": 0.0}))
    noted = {
        "leaking": False,
        "folds": [split.name for split in splits],
        "manifest_digest": manifest.digest,
        "plan_digest": material.plan.without_teachers.digest,
        "plan": {"backbone": "SmallCNN"},
    }
    (folder / "protocol.json").write_text(json.dumps(noted | changes))
    return folder


def _read(material: Material, *folders: Path) -> Teachers:
    return read_teachers(folders, material.manifest, material.cancer.network)


def test_answers_are_averaged_in_the_order_of_the_manifest(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material()
    own, other = _answers(0), _answers(1)
    folders = [
        _teacher(tmp_path / "a", material, own),
        _teacher(tmp_path / "b", material, other, plan_digest="p9"),
    ]
    teachers = _read(material, *folders)
    logs = [np.log(np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)) for x in (own, other)]
    np.testing.assert_allclose(teachers.logits, (logs[0] + logs[1]) / 2, atol=1e-5)
    assert teachers.names == (f"SmallCNN {material.plan.digest}", "SmallCNN p9")
    assert len(teachers.digest) == 10
    assert _read(material, *folders[::-1]).digest == teachers.digest
    assert _read(material, folders[0]).digest != teachers.digest
    before = teachers.before(np.array([0.5, -0.5]))
    np.testing.assert_allclose(before.logits, teachers.logits - [0.5, -0.5], atol=1e-6)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"leaking": True}, LeakError, rf"the folds of '{NAME}' let groups stand on two sides\."),
        ({"manifest_digest": "m9"}, DataError, rf"in '{NAME}' are of m9\. Cross-validate the"),
        ({"manifest_digest": ""}, DataError, "are of others, not recorded"),
        ({"folds": ["fold-1", "fold-2", "fold-3"]}, DataError, r"missing: fold-3\."),
    ],
)
def test_what_is_no_teacher_is_refused(
    make_material: MakeMaterial,
    tmp_path: Path,
    changes: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    material = make_material()
    with pytest.raises(error, match=message):
        _read(material, _teacher(tmp_path, material, _answers(0), **changes))


def test_a_teacher_answers_every_image_and_the_same_factors(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material()
    folder = _teacher(tmp_path, material, _answers(0))
    swapped = Network((Factor("finding", ("light", "dark")),))
    with pytest.raises(DataError, match=rf"in '{NAME}' answer finding with other values or in an"):
        read_teachers([folder], material.manifest, swapped)
    first = folder / "fold-1.csv"
    lines = first.read_text().splitlines()
    first.write_text("\n".join(lines[:-1]) + "\n")
    lost = lines[-1].partition(",")[0]
    with pytest.raises(DataError, match=rf"'{NAME}' lacks 1, for instance '{lost}'\."):
        _read(material, folder)


def test_a_distilled_network_is_fitted_and_loaded(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teachers that turn every label round, with the whole weight, are believed."""
    material = make_material(
        teacher_weight=1.0, head_epochs=1, epochs=30, augmentation=("none",), mixup=0.0, ema=0.0,
        learning_rate=0.01, dropout=0.0,
    )  # fmt: skip
    labels = material.manifest.labels("finding")
    folder = _teacher(tmp_path / "r", material, 4.0 * np.eye(2)[1 - labels])
    run = train_final(material, tmp_path / "runs", tmp_path / "r", "grouped-2", teachers=(folder,))
    monkeypatch.setattr("cancerapy.training.final.load_cancer", lambda name: material.cancer)
    classifier, plan = load_final(run.path)
    assert plan.teacher_weight == 1.0
    guesses = np.asarray(classifier.full()(np.asarray(material.pixels))["logits"]).argmax(axis=1)
    assert np.mean(guesses == 1 - labels) > 0.9


def test_teachers_reach_the_final_fit_and_nothing_else(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    material = make_material(teacher_weight=0.5)
    settings = Settings(runs=tmp_path / "runs", results=tmp_path / "results")
    given: list[object] = []

    def fit(*parts: object, teachers: object) -> Any:
        given.append(teachers)
        return RunFolder(tmp_path)

    monkeypatch.setattr(session, "train_final", fit)
    options: dict[str, Any] = {"folds": None, "allow_leak": False, "teachers": (tmp_path,)}
    session.train_as_asked(material, settings, protocol=None, final="grouped-2", **options)
    assert given == [(tmp_path,)]
    for protocol in ("grouped-2", None):
        with pytest.raises(LeakError, match="Teachers may be named for a final fit only"):
            session.train_as_asked(material, settings, protocol=protocol, final=None, **options)
