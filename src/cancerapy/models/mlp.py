"""The report's plain neural network, written out in NumPy for those who learn how one works.

All pixels of an image, one hidden layer of ReLU units, one sigmoid unit. No framework: values go
forward in ``forward``, derivatives backward in ``compute_gradients``. ``mlp_fit`` trains it.
"""

import math
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from cancerapy.errors import DataError

Reals: TypeAlias = NDArray[np.floating[Any]]
"""Real numbers in the type of the inputs: float32, or float64 where derivatives are checked."""


class Weights(NamedTuple):
    """What is learned; or the gradients, which have the same shapes."""

    hidden: Reals  # (inputs, units)
    hidden_bias: Reals  # (units,)
    output: Reals  # (units,)
    output_bias: Reals  # (1,)


def init_weights(n_inputs: int, n_hidden: int, seed: int, dtype: DTypeLike = np.float32) -> Weights:
    """Draw first weights from He's distribution, which keeps the variance through a ReLU.

    Args:
        n_inputs: Numbers per image.
        n_hidden: Hidden units.
        seed: The same seed gives the same weights, rounded to ``dtype``.
        dtype: Of the inputs.

    References:
        He et al. 2015, https://doi.org/10.1109/ICCV.2015.123
    """
    rng = np.random.default_rng(seed)
    hidden = rng.normal(0, math.sqrt(2 / n_inputs), (n_inputs, n_hidden)).astype(dtype)
    output = rng.normal(0, math.sqrt(2 / n_hidden), n_hidden).astype(dtype)
    return Weights(hidden, np.zeros(n_hidden, dtype), output, np.zeros(1, dtype))


def draw_dropout(rng: np.random.Generator, shape: tuple[int, int], rate: float) -> Reals:
    """Return factors of the hidden units: 0 with probability ``rate``, else 1 / (1 - rate).

    Their mean is 1, so nothing has to be rescaled when all units are on ("inverted dropout").

    Args:
        rng: Source of chance.
        shape: Images and hidden units.
        rate: Part that is dropped, 0 up to below 1.
    """
    return ((rng.random(shape) >= rate) / (1 - rate)).astype(np.float32)


def forward(weights: Weights, inputs: Reals, dropout: Reals | float = 1.0) -> tuple[Reals, Reals]:
    """Return the hidden units, (N, units), and the logits, (N,), of inputs (N, inputs)."""
    hidden = np.maximum(inputs @ weights.hidden + weights.hidden_bias, 0) * dropout
    return hidden, hidden @ weights.output + weights.output_bias


def _sigmoid(logits: Reals) -> Reals:
    return 0.5 * (1 + np.tanh(logits / 2))  # 1 / (1 + exp(-logits)) without its overflow


def predict_probabilities(weights: Weights, inputs: Reals) -> Reals:
    """Return the probability of class 1 by image, (N,), 0..1; no unit is dropped.

    Raises:
        DataError: The inputs are not finite real numbers, (N, inputs), as the weights need them.
    """
    check_inputs(inputs, n_inputs=len(weights.hidden))
    return _sigmoid(forward(weights, inputs)[1])


def compute_cross_entropy(logits: Reals, labels: Reals) -> float:
    """Return the mean of -log p of the true class, 0 or more, for labels 0 or 1, both (N,)."""
    # For both labels -log p is log(1 + exp(logit)) - label * logit, which never takes log 0.
    return float(np.mean(np.logaddexp(0, logits) - labels * logits))


def compute_loss(
    weights: Weights, inputs: Reals, labels: Reals, l2: float = 0.0, dropout: Reals | float = 1.0
) -> float:
    """Return what training lowers: the mean cross-entropy and the L2 penalty.

    Args:
        weights: Of the network.
        inputs: (N, inputs).
        labels: 0 or 1, (N,).
        l2: Penalty per squared weight, as ``keras.regularizers.L2`` counts; biases are free.
        dropout: Factors of the hidden units, (N, units); 1.0 drops none.
    """
    penalty = l2 * (np.sum(weights.hidden**2) + np.sum(weights.output**2))
    return compute_cross_entropy(forward(weights, inputs, dropout)[1], labels) + float(penalty)


def compute_gradients(
    weights: Weights, inputs: Reals, labels: Reals, l2: float = 0.0, dropout: Reals | float = 1.0
) -> Weights:
    """Return the derivatives of ``compute_loss`` by the weights, from the loss backwards.

    Args:
        weights: Of the network.
        inputs: (N, inputs).
        labels: 0 or 1, (N,), in the type of the inputs.
        l2: Penalty per squared weight.
        dropout: Factors of the hidden units, (N, units), those of this step; 1.0 drops none.
    """
    hidden, logits = forward(weights, inputs, dropout)
    # Sigmoid and cross-entropy together: what is left is the probability minus the label.
    by_logits = (_sigmoid(logits) - labels) / len(inputs)
    by_output = hidden.T @ by_logits + 2 * l2 * weights.output
    # A hidden unit hands the derivative back as it handed its value on: if ReLU let it through,
    # and times its dropout.
    by_sums = np.outer(by_logits, weights.output) * dropout * (hidden > 0)
    by_hidden = inputs.T @ by_sums + 2 * l2 * weights.hidden
    return Weights(by_hidden, by_sums.sum(axis=0), by_output, by_logits.sum(keepdims=True))


def check_inputs(inputs: Reals, n_inputs: int | None = None, part: str = "given") -> None:
    """Check that inputs are a matrix of finite float32 or float64.

    Args:
        inputs: (N, inputs).
        n_inputs: Numbers per image that the weights need; ``None``: any.
        part: Which inputs, for the message.

    Raises:
        DataError: They are not.
    """
    if inputs.ndim != 2 or not inputs.size or inputs.shape[1] != (n_inputs or inputs.shape[1]):
        raise DataError(
            f"Inputs must have the shape (images, {n_inputs or 'pixels'}); the {part} ones have "
            f"{inputs.shape}. Give one row per image, with all its pixels and channels."
        )
    if inputs.dtype not in (np.float32, np.float64):
        raise DataError(
            f"Inputs must be float32 or float64; the {part} ones are {inputs.dtype}. Scale the "
            "pixels to 0..1 as float32."
        )
    n_bad = int(np.sum(~np.isfinite(inputs).all(axis=1)))
    if n_bad:
        raise DataError(
            f"Inputs must be finite numbers; {n_bad} of the {len(inputs)} {part} images have some "
            "that are not. Look for a division by zero where they are scaled."
        )
