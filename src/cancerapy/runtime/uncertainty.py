"""How unsure a prediction is, in one number: what a reviewer looks at first."""

import numpy as np

from cancerapy.arrays import Floats, Probabilities


def margin_uncertainty(probabilities: Probabilities) -> Floats:
    """Return 1 less the lead of the most probable class over the next, (N,), 0..1.

    0: one class has all; 1: two classes share the lead. A single class leaves no doubt.

    Args:
        probabilities: (N, K), each row summing to 1.

    References:
        Settles, Active Learning Literature Survey, 2009, section 3.1 (margin sampling).

    >>> margin_uncertainty(np.array([[0.75, 0.25, 0.0], [0.5, 0.5, 0.0]])).tolist()
    [0.5, 1.0]
    """
    if probabilities.shape[1] < 2:
        return np.zeros(len(probabilities))
    top = np.partition(probabilities, -2, axis=1)[:, -2:]
    return np.asarray(1 - (top[:, 1] - top[:, 0]), dtype=np.float64)
