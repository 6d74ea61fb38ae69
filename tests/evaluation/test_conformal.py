"""Conformal thresholds and sets."""

import numpy as np
import pytest

from cancerapy.evaluation.conformal import conformal_quantile, conformal_sets, fit_conformal

SCORES = np.array([0.3, 0.1, 0.2, 0.9, 0.4, 0.6, 0.5, 0.8, 0.7])


def test_the_quantile_is_an_order_statistic() -> None:
    assert conformal_quantile(SCORES, 0.8) == 0.8  # ceil(10 * 0.8) = 8th of nine
    assert conformal_quantile(SCORES, 0.9) == 0.9
    assert conformal_quantile(SCORES, 0.75) == 0.8
    assert conformal_quantile(SCORES, 0.95) == 1.0  # 10th of nine: too few to say


def test_a_class_with_few_groups_takes_the_marginal_threshold() -> None:
    y_true = np.array([0] * 9 + [1] * 9)
    probabilities = np.stack([1 - SCORES, SCORES], axis=1)
    probabilities = np.concatenate([probabilities, np.tile([0.05, 0.95], (9, 1))])
    groups = np.array([f"g{i}" for i in range(9)] + ["same"] * 9)
    found = fit_conformal(y_true, probabilities, groups, ("x", "y"), coverage=0.8, min_groups=9)
    assert found.kinds == {"x": "class", "y": "marginal"}
    assert found.thresholds["x"] == pytest.approx(0.8)
    # 18 scores, nine of them 0.05: the 16th (ceil(19 * 0.8)) is the 7th of the others
    assert found.thresholds["y"] == pytest.approx(0.7)


def test_sets_keep_classes_up_to_their_threshold() -> None:
    probabilities = np.array([[0.75, 0.25], [0.5, 0.5], [0.0, 1.0]])
    kept = conformal_sets(probabilities, ("x", "y"), {"x": 0.5, "y": 0.2})
    assert kept.tolist() == [[True, False], [True, False], [False, True]]
    assert conformal_sets(probabilities, ("x", "y"), {"x": 1.0, "y": 1.0}).all()


def test_new_images_are_covered_at_the_stated_rate() -> None:
    """Both classes, the hard one too, are in their sets 90 % of the time, give or take 3."""
    generator = np.random.default_rng(11)

    def draw(n: int) -> tuple[np.ndarray, np.ndarray]:
        y = (generator.random(n) < 0.2).astype(int)
        p = generator.beta(2 + 2 * y, 4 - y, n)
        return y, np.stack([1 - p, p], axis=1)

    y, p = draw(4000)
    fitted = fit_conformal(y, p, np.arange(4000).astype(str), ("x", "y"), coverage=0.9)
    assert set(fitted.kinds.values()) == {"class"}
    new_y, new_p = draw(4000)
    kept = conformal_sets(new_p, ("x", "y"), fitted.thresholds)
    for k in (0, 1):
        assert kept[new_y == k, k].mean() == pytest.approx(0.9, abs=0.03)
