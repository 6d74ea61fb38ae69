"""Labels that are probably wrong, by confident learning; they are named, never changed here.

A label is suspect where a model that did not learn from the image's group is surer of another
class than it usually is of images that bear that label. Some of those found are right and merely
hard: whoever removes them all removes the rarest cases.

References:
    Northcutt, Jiang and Chuang, Confident Learning, JAIR 70 (2021), 1373-1411,
    doi:10.1613/jair.1.12125; computed by ``cleanlab``.
"""

from dataclasses import dataclass

import numpy as np

from cancerapy.arrays import Indices, Probabilities
from cancerapy.errors import require

_LEAST = 1e-12


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that is probably wrong.

    Args:
        row: Which image.
        given: Index of the class that it is said to be.
        likely: Index of the class that the model holds it for.
        self_confidence: Probability, 0..1, that the model gives to the class that it is said to be.
    """

    row: int
    given: int
    likely: int
    self_confidence: float


def find_suspects(labels: Indices, probabilities: Probabilities) -> list[Suspect]:
    """Return the suspect labels, the most suspect first.

    Args:
        labels: (N,) class of each image, 0..K-1.
        probabilities: (N, K) by models that did not learn from the image's group.

    Returns:
        Empty if fewer than two classes have images: then no label can be told to be wrong.

    Raises:
        MissingDependencyError: cleanlab is not installed.
    """
    present = np.unique(labels)
    if len(present) < 2:
        return []
    cleanlab = require("cleanlab.filter", extra="train", feature="The search for wrong labels")
    shares = np.maximum(probabilities[:, present], _LEAST)
    shares = shares / shares.sum(axis=1, keepdims=True)
    found = cleanlab.find_label_issues(
        np.searchsorted(present, labels),
        shares,
        return_indices_ranked_by="self_confidence",
        n_jobs=1,
    )
    return [
        Suspect(
            int(row),
            int(labels[row]),
            int(present[shares[row].argmax()]),
            float(probabilities[row, labels[row]]),
        )
        for row in found
    ]
