"""The plain network against a calculation by hand, finite differences and Keras."""

import math

import numpy as np
import pytest

from cancerapy.errors import DataError
from cancerapy.models.mlp import (
    Weights,
    compute_cross_entropy,
    compute_gradients,
    compute_loss,
    draw_dropout,
    forward,
    init_weights,
    predict_probabilities,
)

LOG3 = math.log(3)
L2 = 1 / 32  # exact in float32, in which Keras counts its penalty
RATE = 0.4


@pytest.fixture
def by_hand() -> Weights:
    """For the inputs (1, 2): sums 2 and -3, hidden units 2 and 0, logit log 3."""
    return Weights(
        np.array([[1.0, -1.0], [0.5, -1.0]]),
        np.zeros(2),
        np.array([LOG3 / 2, 5.0]),
        np.zeros(1),
    )


ONE_IMAGE = np.array([[1.0, 2.0]])


@pytest.fixture
def drawn() -> tuple[Weights, np.ndarray, np.ndarray, np.ndarray]:
    """Weights, inputs, labels and dropout factors of 8 images, 5 inputs and 4 units."""
    rng = np.random.default_rng(11)
    weights = Weights(
        rng.normal(size=(5, 4)), rng.normal(size=4), rng.normal(size=4), rng.normal(size=1)
    )
    inputs = rng.normal(size=(8, 5))
    labels = np.array([0.0, 1, 1, 0, 1, 0, 0, 1])
    dropout = draw_dropout(rng, (8, 4), RATE).astype(np.float64)
    assert 0 < (dropout == 0).mean() < 1
    sums = inputs @ weights.hidden + weights.hidden_bias
    assert np.abs(sums).min() > 1e-3, "finite differences must not step over ReLU's corner"
    assert 0 < (sums > 0).mean() < 1
    return weights, inputs, labels, dropout


def test_forward_by_hand(by_hand: Weights) -> None:
    hidden, logits = forward(by_hand, ONE_IMAGE)
    np.testing.assert_allclose(hidden, [[2.0, 0.0]])
    np.testing.assert_allclose(logits, [LOG3])
    np.testing.assert_allclose(predict_probabilities(by_hand, ONE_IMAGE), [0.75])


def test_biases_are_added(by_hand: Weights) -> None:
    shifted = by_hand._replace(hidden_bias=np.array([-1.0, 4.0]), output_bias=np.array([0.25]))
    hidden, logits = forward(shifted, ONE_IMAGE)
    np.testing.assert_allclose(hidden, [[1.0, 1.0]])
    np.testing.assert_allclose(logits, [LOG3 / 2 + 5 + 0.25])


@pytest.mark.parametrize(("label", "expected"), [(1.0, -math.log(0.75)), (0.0, -math.log(0.25))])
def test_loss_by_hand(by_hand: Weights, label: float, expected: float) -> None:
    labels = np.array([label])
    squares = 1 + 1 + 0.25 + 1 + LOG3**2 / 4 + 25
    assert compute_loss(by_hand, ONE_IMAGE, labels) == pytest.approx(expected)
    assert compute_loss(by_hand, ONE_IMAGE, labels, 0.1) == pytest.approx(expected + 0.1 * squares)


def test_gradients_by_hand(by_hand: Weights) -> None:
    found = compute_gradients(by_hand, ONE_IMAGE, np.array([1.0]))
    np.testing.assert_allclose(found.output_bias, [-0.25])
    np.testing.assert_allclose(found.output, [-0.25 * 2, 0])
    np.testing.assert_allclose(found.hidden_bias, [-0.25 * LOG3 / 2, 0])
    np.testing.assert_allclose(found.hidden, [[-0.25 * LOG3 / 2, 0], [-0.5 * LOG3 / 2, 0]])


def test_gradients_with_dropout_by_hand(by_hand: Weights) -> None:
    """Half of the units are dropped: the first one counts twice, logit 2 log 3, probability 0.9."""
    dropout = np.array([[2.0, 0.0]])
    found = compute_gradients(by_hand, ONE_IMAGE, np.array([1.0]), dropout=dropout)
    np.testing.assert_allclose(found.output_bias, [-0.1])
    np.testing.assert_allclose(found.output, [-0.1 * 4, 0])
    np.testing.assert_allclose(found.hidden_bias, [-0.1 * LOG3, 0])


def test_gradients_are_those_of_finite_differences(
    drawn: tuple[Weights, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    weights, inputs, labels, dropout = drawn
    found = compute_gradients(weights, inputs, labels, L2, dropout)
    step = 1e-5
    for name, array in weights._asdict().items():
        expected = np.empty_like(array)
        for place in np.ndindex(array.shape):
            sides = []
            for sign in (1, -1):
                moved = array.copy()
                moved[place] += sign * step
                at = weights._replace(**{name: moved})
                sides.append(compute_loss(at, inputs, labels, L2, dropout))
            expected[place] = (sides[0] - sides[1]) / (2 * step)
        assert np.abs(expected).max() > 1e-3
        np.testing.assert_allclose(getattr(found, name), expected, rtol=0, atol=1e-8)


def test_loss_gradients_and_probabilities_are_those_of_keras(
    drawn: tuple[Weights, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    import keras
    import tensorflow as tf

    weights, inputs, labels, dropout = drawn
    pixels = keras.Input((5,), dtype="float64")
    factors = keras.Input((4,), dtype="float64")
    dense = {"kernel_regularizer": keras.regularizers.L2(L2), "dtype": "float64"}
    hidden = keras.layers.Dense(4, activation="relu", **dense)(pixels)
    kept = keras.layers.Multiply(dtype="float64")([hidden, factors])
    logits = keras.layers.Dense(1, **dense)(kept)
    model = keras.Model([pixels, factors], logits)
    model.set_weights([*weights[:2], weights.output[:, None], weights.output_bias])
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    with tf.GradientTape() as tape:
        loss = cross_entropy(labels[:, None], model([inputs, dropout])) + sum(model.losses)
    expected = tape.gradient(loss, model.trainable_variables)

    assert compute_loss(weights, inputs, labels, L2, dropout) == pytest.approx(
        float(loss), abs=1e-9
    )
    found = compute_gradients(weights, inputs, labels, L2, dropout)
    for ours, theirs in zip(found, expected, strict=True):
        theirs = theirs.numpy().reshape(ours.shape)
        assert np.abs(theirs).max() > 1e-3
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)
    probabilities = keras.ops.sigmoid(model([inputs, np.ones((8, 4))])).numpy()[:, 0]
    np.testing.assert_allclose(predict_probabilities(weights, inputs), probabilities, atol=1e-9)


def test_first_weights_have_the_variance_of_he() -> None:
    weights = init_weights(n_inputs=5000, n_hidden=8, seed=4)
    assert weights.hidden.std() == pytest.approx(math.sqrt(2 / 5000), rel=0.02)
    assert weights.hidden.mean() == pytest.approx(0, abs=5 * math.sqrt(2 / 5000 / 40000))
    assert init_weights(1, 5000, seed=4).output.std() == pytest.approx(
        math.sqrt(2 / 5000), rel=0.05
    )
    assert not weights.hidden_bias.any()
    assert not weights.output_bias.any()
    assert {array.dtype for array in weights} == {np.dtype(np.float32)}


def test_first_weights_follow_from_the_seed_alone() -> None:
    first = init_weights(6, 3, seed=1)
    for one, same, other in zip(
        first, init_weights(6, 3, seed=1, dtype=np.float64), init_weights(6, 3, seed=2), strict=True
    ):
        np.testing.assert_array_equal(one, same.astype(np.float32))
        assert (one != other).any() or not one.any()
    assert (first.hidden != init_weights(6, 3, seed=2).hidden).all()


def test_dropout_drops_its_part_and_keeps_the_mean() -> None:
    factors = draw_dropout(np.random.default_rng(2), (4000, 7), 0.25)
    np.testing.assert_allclose(np.unique(factors), [0, 4 / 3])
    # Five standard errors of the mean of 28000 factors.
    assert factors.mean(dtype=np.float64) == pytest.approx(1, abs=5 * math.sqrt(1 / 3 / 28000))
    np.testing.assert_array_equal(draw_dropout(np.random.default_rng(2), (3, 2), 0.0), 1)


def test_a_prediction_is_what_dropout_gives_on_average() -> None:
    weights = init_weights(3, 5, seed=8, dtype=np.float64)
    image = np.array([[0.2, -0.9, 0.5]])
    n_draws = 40_000
    dropout = draw_dropout(np.random.default_rng(6), (n_draws, 5), 0.5)
    logits = forward(weights, np.repeat(image, n_draws, axis=0), dropout)[1]
    probability = predict_probabilities(weights, image)[0]
    error = 5 * logits.std() / math.sqrt(n_draws)
    assert 0 < error < 0.05
    assert logits.mean() == pytest.approx(math.log(probability / (1 - probability)), abs=error)


def test_single_precision_stays_single() -> None:
    rng = np.random.default_rng(1)
    inputs = rng.random((4, 6), dtype=np.float32)
    weights = init_weights(6, 3, seed=0)
    dropout = draw_dropout(rng, (4, 3), 0.5)
    labels = np.array([0, 1, 1, 0], np.float32)
    for arrays in (
        compute_gradients(weights, inputs, labels, 0.1, dropout),
        compute_gradients(weights, inputs, labels),
        [predict_probabilities(weights, inputs)],
    ):
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_large_logits_overflow_nothing() -> None:
    weights = Weights(np.ones((1, 1)), np.zeros(1), np.array([1.0]), np.zeros(1))
    np.testing.assert_array_equal(predict_probabilities(weights, np.array([[1000.0]])), [1])
    lowered = weights._replace(output_bias=np.array([-1000.0]))
    np.testing.assert_array_equal(predict_probabilities(lowered, np.array([[0.0]])), [0])
    logits = np.array([1000.0, -1000.0])
    assert compute_cross_entropy(logits, np.array([0.0, 1.0])) == 1000
    assert compute_cross_entropy(logits, np.array([1.0, 0.0])) == 0


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            np.ones((2, 4)),
            r"^Inputs must have the shape \(images, 3\); the given ones have \(2, 4\)\. Give one "
            r"row per image, with all its pixels and channels\.$",
        ),
        (np.ones(3), r"the given ones have \(3,\)\."),
        (np.ones((2, 3, 1)), r"the given ones have \(2, 3, 1\)\."),
        (np.ones((0, 3)), r"the given ones have \(0, 3\)\."),
        (
            np.ones((2, 3), np.uint8),
            r"^Inputs must be float32 or float64; the given ones are uint8\. Scale the pixels to "
            r"0\.\.1 as float32\.$",
        ),
        (
            np.array([[1, 2, 3], [np.nan, 5, np.inf], [7, 8, 9]]),
            r"^Inputs must be finite numbers; 1 of the 3 given images have some that are not\. "
            r"Look for a division by zero where they are scaled\.$",
        ),
    ],
)
def test_inputs_that_cannot_be_are_refused(inputs: np.ndarray, message: str) -> None:
    with pytest.raises(DataError, match=message):
        predict_probabilities(init_weights(3, 2, seed=0), inputs)
