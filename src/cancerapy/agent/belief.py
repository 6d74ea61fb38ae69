"""Probabilities of a finding's values after images and answers, for the patients at hand.

Everything is a sum of logarithms. A set of images says ``log P(value | images) - log prior``;
each answer adds its ``log P(answer | value)``; the clinic's base rate replaces the data set's.
Images of one examination err together: n of them count as much as

    n / (1 + (n - 1) correlation)

independent ones, which is what a normal model gives in which all images of one finding share one
error and each has one of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cancerapy.arrays import Floats
from cancerapy.cancers import Evidence

_TINY = 1e-12


def effective_images(n: int, correlation: float | None) -> float:
    """Return how many independent images ``n`` images of one examination are worth.

    Args:
        n: Number of images, at least 1.
        correlation: Of their errors, 0..1; ``None`` counts as 1.

    >>> effective_images(2, 0.0), effective_images(2, 1.0), effective_images(3, 0.25)
    (2.0, 1.0, 2.0)
    """
    rho = 1.0 if correlation is None else correlation
    return n / (1 + (n - 1) * rho)


def normalise(log_weights: Floats) -> Floats:
    """Return probabilities proportional to the exponentials over the last axis."""
    shifted = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def shift_prevalence(
    probabilities: Floats, malignant: Sequence[bool], old: float, new: float
) -> Floats:
    """Return the probabilities where malignant findings are as common as ``new``.

    The odds of malignancy are multiplied by ``new / (1 - new)`` over ``old / (1 - old)``; the
    shares inside the malignant and inside the benign values stay as they are. It presumes that
    malignant findings look alike in both places and only their number differs (Saerens et al.
    2002, doi:10.1162/089976602753284446).

    Args:
        probabilities: (..., V).
        malignant: Which values are malignant, V.
        old: Share of malignant findings that the probabilities were fitted to, above 0, below 1.
        new: Share at the clinic, above 0, below 1.
    """
    factor = (new / (1 - new)) / (old / (1 - old))
    weights = probabilities * np.where(np.asarray(malignant), factor, 1.0)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What is believed of a finding.

    Args:
        probabilities: Of each value, (V,).
        malignant: Whether each value is malignant, (V,).
        n_images: How many images were joined.
        image_evidence: Log-likelihood ratio of malignancy that one image of the mean appearance
            gives.
        prevalence: Share of malignant findings that was assumed, 0..1.
    """

    probabilities: Floats
    malignant: Floats
    n_images: int
    image_evidence: float
    prevalence: float

    @property
    def malignancy(self) -> float:
        """Probability of a malignant value, 0..1."""
        return float(self.probabilities[self.malignant > 0].sum())


def log_odds(probability: float) -> float:
    """Return the logarithm of the odds, finite even at 0 and 1."""
    clipped = min(max(probability, _TINY), 1 - _TINY)
    return float(np.log(clipped / (1 - clipped)))


def form_belief(
    images: Floats,
    evidence: Evidence,
    malignant: Sequence[bool],
    *,
    answers: Mapping[str, str] | None = None,
    prevalence: float | None = None,
) -> Belief:
    """Join images and answers.

    Args:
        images: The network's probabilities of each image, (n, V); a value that the task does not
            know is 0 in all and stays so.
        evidence: Of the cancer.
        malignant: Whether each value is malignant, V.
        answers: By id of the question; those without a table, or of no known level, say nothing.
        prevalence: Share of malignant findings at the clinic, above 0, below 1; by default the
            data set's.
    """
    known = images.max(axis=0) > 0
    flags = np.asarray(malignant, dtype=bool)
    prior = np.where(known, np.asarray(evidence.prior), 0)
    log_prior = np.log(np.where(known, np.maximum(prior / prior.sum(), _TINY), 1))
    mean = np.log(np.maximum(images, _TINY)).mean(axis=0)
    scores = evidence.scale * mean + np.asarray(evidence.offset)
    one = normalise(np.where(known, scores, -np.inf))
    ratio = np.log(np.maximum(one, _TINY)) - log_prior
    n = effective_images(len(images), evidence.correlation)
    joined = np.where(known, log_prior + n * ratio, -np.inf)
    for question, answer in (answers or {}).items():
        joined = joined + log_likelihood(evidence, question, answer)
    base = float(prior[flags].sum() / prior.sum())
    probabilities = normalise(joined)
    if prevalence is not None and 0 < base < 1:
        probabilities = shift_prevalence(probabilities, malignant, base, prevalence)
    says = log_odds(float(one[flags].sum())) - log_odds(base)
    return Belief(
        probabilities,
        flags.astype(np.float64),
        len(images),
        says,
        base if prevalence is None else prevalence,
    )


def log_likelihood(evidence: Evidence, question: str, answer: str) -> Floats:
    """Return ``log P(answer | value)`` of each value, (V,); zeros where the answer says nothing."""
    table = evidence.answers.get(question)
    level = table.level_of(answer) if table is not None else None
    if table is None or level is None:
        return np.zeros(len(evidence.values))
    return np.log(np.maximum(np.asarray(table.likelihood[level], np.float64), _TINY))
