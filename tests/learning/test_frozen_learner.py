import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from cancerapy.learning.frozen_learner import FrozenLearner, project


@pytest.fixture
def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [60, 30, 30])
    features = rng.normal(size=(120, 5)) + 1.5 * np.eye(5)[labels]
    return features, labels, np.array([f"g{row // 2}" for row in range(120)])


def test_it_agrees_with_scikit_learn(data: tuple[np.ndarray, ...]) -> None:
    features, labels, groups = data
    rows = np.r_[0:20, 60:80, 90:110]  # as many of each: it weighs covariances by the priors
    learner = FrozenLearner(features, groups, 3, shrinkage=0.0)
    own = learner.predict(rows, labels[rows], np.arange(1, 120, 2))
    other = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.0, priors=[1 / 3] * 3)
    other.fit(features[rows], labels[rows])
    np.testing.assert_allclose(own, other.predict_proba(features[1::2]), atol=1e-6)


def test_left_out_answers_do_not_know_their_own_groups(data: tuple[np.ndarray, ...]) -> None:
    _, labels, groups = data
    # A column that tells nothing but who is who: whoever was learnt from is answered perfectly.
    twins = np.repeat(np.random.default_rng(1).normal(size=(60, 40)), 2, axis=0)
    shuffled = np.repeat(np.random.default_rng(2).permutation(labels[::2]), 2)
    learner = FrozenLearner(twins, groups, 3, shrinkage=0.1)
    rows = np.arange(120)
    seen = learner.predict(rows, shuffled, rows)
    unseen = learner.predict_left_out(rows, shuffled)
    assert (seen.argmax(1) == shuffled).mean() > 0.75
    assert 0.2 < (unseen.argmax(1) == shuffled).mean() < 0.6
    np.testing.assert_allclose(unseen.sum(1), 1)
    assert learner.temperature > 1  # it was far too sure of itself


def test_a_class_that_is_not_learnt_is_never_answered(data: tuple[np.ndarray, ...]) -> None:
    features, labels, groups = data
    rows = np.flatnonzero(labels != 1)
    learner = FrozenLearner(features, groups, 3)
    assert learner.predict(rows, labels[rows], np.arange(120))[:, 1].max() == 0
    assert learner.predict_left_out(rows, labels[rows])[:, 1].max() == 0
    assert np.isfinite(learner.temperature)


def test_axes_come_from_the_rows_at_hand(data: tuple[np.ndarray, ...]) -> None:
    features = data[0]
    rows = np.arange(40)
    projected = project(features, rows, 3)
    assert projected.shape == (120, 3)
    np.testing.assert_allclose(projected[rows].mean(0), 0, atol=1e-9)
    np.testing.assert_allclose(projected[rows].var(0, ddof=1), 1, atol=1e-9)
    assert project(features, np.arange(4), 99).shape == (120, 4)
