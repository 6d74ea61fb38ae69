"""The decision offset: how far rare classes are favoured, chosen on the inner part alone.

A network trained with adjusted logits treats all classes as equally frequent. Adding
``alpha * log(frequency)`` moves it towards the frequencies of the data set: accuracy rises,
balanced accuracy falls. One number for all classes, so that it can be chosen on few images.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax
from sklearn.metrics import recall_score, roc_auc_score

from cancerapy.arrays import Floats, Logits
from cancerapy.cancers import Network
from cancerapy.errors import DataError

ALPHAS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""The multiples that are tried; on a tie the smallest is taken."""

Labels = Mapping[str, NDArray[np.int64]]
"""Label of each image by factor; -1 where unknown."""


def score_logits(logits: Logits | Floats, labels: NDArray[np.int64]) -> float:
    """Return the mean of accuracy and balanced accuracy of the most probable value, 0..1.

    Args:
        logits: (N, K).
        labels: (N,), -1 where unknown; those images are left out.

    Returns:
        NaN if no label is known.
    """
    known = labels >= 0
    if not known.any():
        return float("nan")
    truth, guess = labels[known], logits[known].argmax(axis=1)
    recalls = recall_score(truth, guess, labels=np.unique(truth), average=None, zero_division=0)
    return float((np.mean(truth == guess) + np.mean(recalls)) / 2)


def rank_logits(logits: Logits | Floats, labels: NDArray[np.int64]) -> float:
    """Return the mean one-vs-rest AUC of the values, 0..1.

    It needs no threshold and does not jump when one image of a rare class changes sides, so it
    tells epochs apart on fewer images than accuracy does.

    Args:
        logits: (N, K).
        labels: (N,), -1 where unknown; those images are left out.

    Returns:
        NaN if fewer than two values occur.
    """
    known = labels >= 0
    truth, part = labels[known], np.asarray(logits)[known].astype(np.float64)
    present = np.unique(truth)
    if len(present) < 2:
        return float("nan")
    probabilities = softmax(part, axis=1)
    return float(np.mean([roc_auc_score(truth == k, probabilities[:, k]) for k in present]))


def rank_network(logits: Logits, labels: Labels, network: Network) -> float:
    """Return the mean of ``rank_logits`` over the factors with known labels.

    Raises:
        DataError: A logit is not a finite number.
    """
    _check_finite(logits)
    scores = [
        rank_logits(logits[:, network.slices[factor.name]], labels[factor.name])
        for factor in network.factors
    ]
    return float(np.nanmean(scores))


def main_figures(logits: Logits, labels: Labels, network: Network) -> dict[str, float]:
    """Return how the main factor is answered: for curves, not for choosing.

    Args:
        logits: (N, L).
        labels: Labels by factor.
        network: The factors.

    Returns:
        ``inner_accuracy``, 0..1, and ``inner_loss``, the mean negative log-likelihood; nothing if
        no label is known.
    """
    main = network.factors[0].name
    known = labels[main] >= 0
    if not known.any():
        return {}
    part = np.asarray(logits[known][:, network.slices[main]], np.float64)
    truth = labels[main][known]
    likelihood = log_softmax(part, axis=1)[np.arange(len(truth)), truth]
    return {
        "inner_accuracy": float(np.mean(part.argmax(axis=1) == truth)),
        "inner_loss": float(-likelihood.mean()),
    }


def choose_offset(
    logits: Logits, labels: Labels, frequencies: Mapping[str, Floats], network: Network
) -> dict[str, float]:
    """Choose for every factor the multiple of the log frequencies that scores best.

    Args:
        logits: (N, L) of the inner part.
        labels: Labels of the inner part by factor.
        frequencies: Share of each value on the training side, by factor.
        network: The factors.

    Returns:
        The multiple (alpha) by factor.

    Raises:
        DataError: A logit is not a finite number.
    """
    _check_finite(logits)
    chosen = {}
    for factor in network.factors:
        part = logits[:, network.slices[factor.name]]
        log_prior = np.log(frequencies[factor.name])
        scores = [score_logits(part + a * log_prior, labels[factor.name]) for a in ALPHAS]
        chosen[factor.name] = 0.0 if np.isnan(scores).all() else ALPHAS[int(np.argmax(scores))]
    return chosen


def offset_row(
    alphas: Mapping[str, float], frequencies: Mapping[str, Floats], network: Network
) -> Floats:
    """Return what is added to the logits, (L,)."""
    return np.concatenate([alphas[f.name] * np.log(frequencies[f.name]) for f in network.factors])


def _check_finite(logits: Logits) -> None:
    if not np.isfinite(logits).all():
        raise DataError(
            "Logits must be finite numbers; those of the inner part have some that are not. "
            "The training diverged: lower its learning rate and run it again."
        )
