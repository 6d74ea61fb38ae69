"""Cohen's kappa against a second implementation and at its edges."""

import numpy as np
import pytest

from cancerapy.records.agreement import cohen_kappa


def test_kappa_agrees_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(1)
    first = rng.choice(["a", "b", "c"], 200)
    second = np.where(rng.random(200) < 0.6, first, rng.choice(["a", "b", "c"], 200))
    expected = metrics.cohen_kappa_score(first, second)
    assert 0.3 < expected < 0.7
    assert cohen_kappa(first.tolist(), second.tolist()) == pytest.approx(expected)


def test_kappa_of_full_and_of_opposite_answers() -> None:
    assert cohen_kappa(["a", "b"], ["a", "b"]) == 1
    assert cohen_kappa(["a", "b"], ["b", "a"]) == -1


def test_kappa_is_undefined_where_chance_explains_all() -> None:
    assert cohen_kappa([], []) is None
    assert cohen_kappa(["a", "a"], ["a", "a"]) is None
