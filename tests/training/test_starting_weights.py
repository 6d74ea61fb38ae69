"""Starting weights are told by name and digest."""

import hashlib
from dataclasses import asdict
from pathlib import Path

import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.training.plan import Plan, resolve_plan
from cancerapy.training.starting_weights import weights_digest


def _plan(cancer: Cancer, weights: str) -> Plan:
    return resolve_plan(cancer, {"backbone": "SmallCNN", "weights": weights})


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ("imagenet", "imagenet"),
        ("none", "none"),
        ("mine.npz", "mine.npz"),
        ("/home/ada/weights/mine.npz", "mine.npz"),
        ("../weights/mine.weights.h5", "mine.weights.h5"),
    ],
)
def test_a_plan_is_told_without_the_place_of_its_weights(
    toy_cancer: Cancer, weights: str, told: str
) -> None:
    plan = _plan(toy_cancer, weights)
    assert plan.without_place == {**asdict(plan), "weights": told}
    assert plan.digest == _plan(toy_cancer, told).digest


def test_the_digest_is_that_of_the_file(toy_cancer: Cancer, tmp_path: Path) -> None:
    (tmp_path / "mine.npz").write_bytes(b"weights")
    expected = hashlib.sha256(b"weights").hexdigest()
    assert weights_digest(_plan(toy_cancer, str(tmp_path / "mine.npz")), None) == expected
    assert weights_digest(_plan(toy_cancer, "mine.npz"), tmp_path) == expected
    assert weights_digest(_plan(toy_cancer, "none"), tmp_path) == ""
    with pytest.raises(DataError, match=r"there is no file 'lost\.npz'\."):
        weights_digest(_plan(toy_cancer, "lost.npz"), tmp_path)
