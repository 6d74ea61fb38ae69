"""From the network's logits to the probabilities of a task; evaluation and serving share this."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats, Probabilities


class CalibratedFactor(Protocol):
    """A factor with its temperature; ``bundle.schema.FactorFields`` fits."""

    @property
    def name(self) -> str:
        """Factor name."""

    @property
    def values(self) -> tuple[str, ...]:
        """Values in the order of the logits."""

    @property
    def temperature(self) -> float:
        """Logits are divided by it; greater than 0."""


def log_softmax(logits: NDArray[np.floating]) -> Floats:
    """Return the logarithm of the softmax over the last axis, without overflow."""
    shifted = np.asarray(logits, np.float64) - np.max(logits, axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def softmax(logits: NDArray[np.floating]) -> Probabilities:
    """Return the softmax over the last axis."""
    return np.asarray(np.exp(log_softmax(logits)))


def factor_log_probabilities(
    logits: NDArray[np.floating], factors: Sequence[CalibratedFactor]
) -> dict[str, Floats]:
    """Return each factor's log probabilities, (..., K of the factor), at its temperature."""
    result, start = {}, 0
    for factor in factors:
        stop = start + len(factor.values)
        result[factor.name] = log_softmax(logits[..., start:stop] / factor.temperature)
        start = stop
    return result


def task_probabilities(
    logits: NDArray[np.floating],
    factors: Sequence[CalibratedFactor],
    selects: Sequence[Mapping[str, str]],
) -> Probabilities:
    """Return the calibrated probabilities of a task's classes.

    A class's evidence is the sum of the log probabilities of the factor values it selects. Over
    the task's classes it is normalised, so a task that names only some values of a factor is
    restricted to these.

    Args:
        logits: (..., L) outputs of the network.
        factors: The factors in the order of the logits.
        selects: For every class the value of each factor that it stands for.

    Returns:
        (..., K), summing to 1 over the last axis.

    >>> from cancerapy.bundle.schema import FactorFields
    >>> factor = FactorFields("size", ("small", "large"), temperature=1.0)
    >>> wanted = [{"size": "small"}, {"size": "large"}]
    >>> task_probabilities(np.log([3.0, 1.0]), [factor], wanted).round(2).tolist()
    [0.75, 0.25]
    """
    log_p = factor_log_probabilities(logits, factors)
    places = {factor.name: factor.values for factor in factors}
    evidence = [
        sum(log_p[name][..., places[name].index(value)] for name, value in wanted.items())
        for wanted in selects
    ]
    return softmax(np.stack(evidence, axis=-1))
