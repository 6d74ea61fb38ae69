"""The score of the inner part and the choice of the offset."""

import numpy as np
import pytest

from cancerapy.cancers import Factor, Network
from cancerapy.training.decision import (
    choose_offset,
    main_figures,
    offset_row,
    rank_logits,
    rank_network,
    score_logits,
)

NETWORK = Network((Factor("kind", ("a", "b")), Factor("size", ("s", "l"))))


def test_the_score_is_the_mean_of_accuracy_and_balanced_accuracy() -> None:
    labels = np.array([0, 0, 0, 1, -1])
    logits = np.array([[1, 0], [1, 0], [0, 1], [1, 0], [0, 1]], np.float32)
    # accuracy 2/4; sensitivities 2/3 and 0
    assert score_logits(logits, labels) == pytest.approx((2 / 4 + 1 / 3) / 2)
    assert np.isnan(score_logits(logits, np.full(5, -1)))


def test_epochs_are_told_apart_by_the_mean_auc() -> None:
    labels = np.array([0, 0, 1, 1, -1])
    logits = np.array([[4, 0], [1, 0], [2, 0], [0, 0], [0, 9]], np.float32)
    # 3 of the 4 pairs of a 0 and a 1 are in order, whatever is the most probable value
    assert rank_logits(logits, labels) == pytest.approx(3 / 4)
    assert rank_logits(logits - [5, 0], labels) == pytest.approx(3 / 4)
    assert np.isnan(rank_logits(logits, np.array([1, 1, -1, 1, 1])))


def test_a_factor_without_labels_does_not_count() -> None:
    logits = np.array([[1, 0, 0, 1], [0, 1, 1, 0]], np.float32)
    labels = {"kind": np.array([0, 1]), "size": np.array([-1, -1])}
    assert rank_network(logits, labels, NETWORK) == 1
    assert rank_network(logits, {**labels, "size": np.array([0, 1])}, NETWORK) == 0.5


def test_the_smallest_multiple_that_scores_best_is_chosen() -> None:
    frequencies = {"kind": np.array([0.9, 0.1]), "size": np.array([0.5, 0.5])}
    # The offset moves 'a' against 'b' by alpha * log 9 = alpha * 2.197: 1.0 is overcome from 0.5.
    logits = np.array([[0, 1.0, 0, 0], [0, 3.0, 0, 0]], np.float32)
    labels = {"kind": np.array([0, 1]), "size": np.array([-1, -1])}
    alphas = choose_offset(logits, labels, frequencies, NETWORK)
    assert alphas == {"kind": 0.5, "size": 0.0}
    row = offset_row(alphas, frequencies, NETWORK)
    np.testing.assert_allclose(row, [0.5 * np.log(0.9), 0.5 * np.log(0.1), 0, 0])


def test_the_main_factor_is_described_on_known_images() -> None:
    network = Network((Factor("kind", ("a", "b")), Factor("grade", ("x", "y"))))
    logits = np.log(np.array([[3, 1, 1, 9], [1, 3, 9, 1], [1, 1, 1, 1]], np.float32))
    labels = {"kind": np.array([0, 0, -1]), "grade": np.array([0, 0, 0])}
    figures = main_figures(logits, labels, network)
    assert figures["inner_accuracy"] == 0.5
    assert figures["inner_loss"] == pytest.approx(-(np.log(3 / 4) + np.log(1 / 4)) / 2)
    labels["kind"][:] = -1
    assert main_figures(logits, labels, network) == {}
