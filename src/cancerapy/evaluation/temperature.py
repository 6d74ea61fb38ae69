"""One number per factor that makes its probabilities neither too sure nor too timid."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar

from cancerapy.arrays import Floats, Indices, Logits
from cancerapy.runtime.probabilities import log_softmax

LOWEST, HIGHEST = 0.1, 10.0
"""Range of temperatures; a fit at its edge means that the logits say next to nothing."""
NEUTRAL = 1.0


def fit_temperature(*readings: tuple[Logits, Indices]) -> float:
    """Return the temperature that makes the true values most likely.

    Logits divided by it and put through the softmax have the least mean negative log-likelihood.
    It changes no order within an image, so neither the predicted value nor accuracy.

    Args:
        readings: What tasks make of one factor, each the logits of the values it tells apart,
            (n, V), and the index of the true one, (n,); rows with -1 (unknown, or none of
            these) are left out. The mean likelihoods of the readings are summed: where tasks
            read a factor differently, all share the one temperature.

    Returns:
        Between ``LOWEST`` and ``HIGHEST``; ``NEUTRAL`` if no value is known.

    References:
        Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
    """
    known = _known(readings)
    if not known:
        return NEUTRAL
    found = minimize_scalar(
        lambda log_temperature: _sum_of_means(known, np.exp(log_temperature)),
        bounds=(np.log(LOWEST), np.log(HIGHEST)),
        method="bounded",
        options={"xatol": 1e-5},
    )
    return float(np.exp(found.x))


def mean_loss(temperature: float, *readings: tuple[Logits, Indices]) -> float:
    """Return what ``fit_temperature`` makes least: the summed mean negative log-likelihoods.

    Args:
        temperature: That the logits are divided by.
        readings: As there; 0.0 if no value is known.
    """
    return _sum_of_means(_known(readings), temperature)


def _known(readings: Sequence[tuple[Logits, Indices]]) -> list[tuple[Floats, Indices]]:
    return [
        (logits[labels >= 0].astype(np.float64), labels[labels >= 0])
        for logits, labels in readings
        if (labels >= 0).any()
    ]


def _sum_of_means(readings: Sequence[tuple[Floats, Indices]], temperature: float) -> float:
    losses = []
    for logits, labels in readings:
        scaled = log_softmax(logits / temperature)
        losses.append(-scaled[np.arange(len(labels)), labels].mean())
    return float(np.sum(losses))
