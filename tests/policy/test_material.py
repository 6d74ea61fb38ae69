"""Predictions put together by examination."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.record import ProtocolRecord
from cancerapy.policy.material import Material, build_material, find_predictions, own_place


def _predictions(cancer: Cancer, groups: list[str], truth: list[int]) -> OutOfFold:
    n = len(groups)
    return OutOfFold(
        np.array([f"{row}.png" for row in range(n)]), np.array(groups),
        np.array([f"fold-{1 + row % 2}" for row in range(n)]), cancer.network,
        {"finding": np.array(truth)}, np.zeros((n, 2), np.float32),
    )  # fmt: skip


def test_a_breast_is_an_examination_with_its_views_in_order(
    cancer: Cancer, record: ProtocolRecord
) -> None:
    facts = {
        "laterality": {"0.png": "left", "1.png": "right", "2.png": "left", "3.png": "right"},
        "view": {"0.png": "MLO", "1.png": "CC", "2.png": "CC", "3.png": "MLO"},
        "age": {"0.png": "50"},
    }
    predictions = _predictions(cancer, ["a", "a", "a", "a"], [0, 1, 0, 1])
    material = build_material(cancer, predictions, facts, record)
    assert material.examinations.tolist() == [0, 0, 1, 1]
    assert material.y_true.tolist() == [0, 0, 1, 1]
    assert material.first.tolist() == [0, 2]
    assert material.weights.tolist() == [0.5] * 4
    assert material.answers["age"].tolist() == ["", "50", "", ""]  # CC first
    assert material.rows_of(1).tolist() == [2, 3]


def test_tiles_of_a_slide_are_examinations_of_their_own(
    cancer: Cancer, record: ProtocolRecord
) -> None:
    slides = replace(cancer, sources=(replace(cancer.sources[0], group="slide"),))
    predictions = _predictions(cancer, ["s", "s", "t"], [0, 1, 0])
    assert build_material(slides, predictions, {}, record).examinations.tolist() == [0, 1, 2]


def test_images_of_another_or_unknown_finding_are_left_out(
    cancer: Cancer, record: ProtocolRecord
) -> None:
    predictions = _predictions(cancer, ["a", "a", "a", "b"], [0, 1, -1, 1])
    material = build_material(cancer, predictions, {}, record)
    assert material.examinations.tolist() == [0, 1]
    assert material.y_true.tolist() == [0, 1]


def test_the_model_is_every_network_of_the_first_sound_protocol(tmp_path: Path) -> None:
    root = tmp_path / "predictions"
    for name in ("toy-random-2-LEAKING", "toy-external-x", "toy-grouped-5", "two/toy-grouped-5"):
        (root / name).mkdir(parents=True)
    found = find_predictions("toy", tmp_path)
    assert [folder.relative_to(root).as_posix() for folder in found] == [
        "toy-grouped-5", "two/toy-grouped-5",
    ]  # fmt: skip
    with pytest.raises(DataError, match="cancerapy train other"):
        find_predictions("other", tmp_path)


def test_evidence_belongs_beside_the_cancers_file() -> None:
    assert own_place("skin").parts[-3:] == ("cancers", "evidence", "skin.json")


def test_the_fixture_has_two_images_a_patient(material: Material) -> None:
    assert np.bincount(material.examinations).tolist() == [2] * 240
