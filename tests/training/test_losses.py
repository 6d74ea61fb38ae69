"""The losses against values computed by hand in NumPy."""

import numpy as np

from cancerapy.cancers import Factor, Network, Pooling
from cancerapy.training.losses import CellCrossEntropy, FactorCrossEntropy, lesion_factors

NETWORK = Network((Factor("kind", ("a", "b")), Factor("find", ("x", "y"), Pooling.TOP, 2)))


def test_the_loss_is_the_sum_over_the_factors() -> None:
    logits = np.log(np.array([[1, 3, 1, 1], [1, 3, 4, 1]], np.float32))
    targets = np.array([[0, 1, 0.5, 0.5], [2, 0, 0, 0]], np.float32)
    loss = np.asarray(FactorCrossEntropy(NETWORK).call(targets, logits))
    np.testing.assert_allclose(loss, [-np.log(3 / 4) + np.log(2), 2 * np.log(4)], rtol=1e-6)


def test_the_adjustment_moves_the_logits_inside_the_loss_only() -> None:
    logits = np.zeros((1, 4), np.float32)
    targets = np.array([[1, 0, 0, 0]], np.float32)
    shift = np.log([0.2, 0.8, 0.5, 0.5])
    loss = np.asarray(FactorCrossEntropy(NETWORK, shift).call(targets, logits))
    np.testing.assert_allclose(loss, [-np.log(0.2)], rtol=1e-6)
    assert (logits == 0).all()


def test_the_focal_loss_counts_sure_answers_less() -> None:
    logits = np.log(np.array([[1, 3, 1, 1], [1, 3, 4, 1]], np.float32))
    targets = np.array([[0, 1, 0.5, 0.5], [2, 0, 0, 0]], np.float32)
    loss = np.asarray(FactorCrossEntropy(NETWORK, focal_gamma=2).call(targets, logits))
    # Right at 3/4: (1/4)^2; two halves at 1/2: (1/2)^2; wrong at 1/4 with weight 2: (3/4)^2.
    expected = [-(1 / 16) * np.log(3 / 4) + np.log(2) / 4, 2 * (9 / 16) * np.log(4)]
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


def test_cells_are_background_or_a_value_and_weighted() -> None:
    assert [factor.name for factor in lesion_factors(NETWORK)] == ["find"]
    cells = np.zeros((2, 1, 2, 4), np.float32)
    cells[0, 0, 0, 2] = np.log(2)  # first cell: x twice as likely as background or y
    targets = np.zeros((2, 1, 2, 5), np.float32)
    targets[0, 0, 0, 2] = 1  # it lies in a lesion of value x; the second cell is background
    targets[0, ..., -1] = 1  # of the second image nothing is known
    for weight in (1.0, 3.0):
        loss = np.asarray(CellCrossEntropy(NETWORK, weight).call(targets, cells))
        inside, outside = -np.log(2 / 4), np.log(3)
        expected = (weight * inside + outside) / (weight + 1)
        np.testing.assert_allclose(loss, [expected, 0], rtol=1e-6)
