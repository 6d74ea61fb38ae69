"""One number per factor that makes its probabilities neither too sure nor too timid."""

import numpy as np
from scipy.optimize import minimize_scalar

from cancerapy.arrays import Indices, Logits
from cancerapy.runtime.probabilities import log_softmax

LOWEST, HIGHEST = 0.1, 10.0
"""Range of temperatures; a fit at its edge means that the logits say next to nothing."""
NEUTRAL = 1.0


def fit_temperature(logits: Logits, labels: Indices) -> float:
    """Return the temperature that makes the true values most likely.

    Logits divided by it and put through the softmax have the least mean negative log-likelihood.
    It changes no order within an image, so neither the predicted value nor accuracy.

    Args:
        logits: One factor's logits, (n, V).
        labels: Index of the true value, (n,); rows with -1 (unknown) are left out.

    Returns:
        Between ``LOWEST`` and ``HIGHEST``; ``NEUTRAL`` if no value is known.

    References:
        Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
    """
    known = labels >= 0
    if not known.any():
        return NEUTRAL
    rows, true = logits[known].astype(np.float64), labels[known]

    def loss(log_temperature: float) -> float:
        scaled = log_softmax(rows / np.exp(log_temperature))
        return float(-scaled[np.arange(len(true)), true].mean())

    found = minimize_scalar(
        loss,
        bounds=(np.log(LOWEST), np.log(HIGHEST)),
        method="bounded",
        options={"xatol": 1e-5},
    )
    return float(np.exp(found.x))
