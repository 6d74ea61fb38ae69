"""Figures of policies with intervals: cost per 1000 patients, PPV, NPV, and differences in pairs.

At a stated prevalence a mean is that over malignant examinations times the prevalence plus that
over benign ones times the rest, in the sample and in each resample alike: how common malignant
findings are is given there and has no interval. Whole groups are resampled.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats
from cancerapy.evaluation.discrimination import auc
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.resampled import resample_auc, resample_share
from cancerapy.policy.beliefs import Beliefs
from cancerapy.policy.policies import REASSURE, REFER, TEST, Course

PATIENTS = 1000


def prevalence_weights(is_malignant: NDArray[np.bool_], prevalence: float | None) -> Floats:
    """Return the weight of each examination, (E,), mean 1.

    Args:
        is_malignant: Truth, (E,).
        prevalence: Share of malignant ones after weighting; ``None``: as they are.
    """
    if prevalence is None:
        return np.ones(len(is_malignant))
    own = is_malignant.mean()
    weights = np.where(is_malignant, prevalence / own, (1 - prevalence) / (1 - own))
    return np.asarray(weights, np.float64)


def course_figures(
    course: Course, beliefs: Beliefs, prevalence: float | None, bootstrap: GroupBootstrap
) -> list[Figure]:
    """Return what a policy costs, how it ends and how often it is right.

    ``cost_per_1000``; ``reassured``, ``tested``, ``referred`` (shares); ``asked`` (questions and
    images a patient); ``ppv`` (malignant among the referred), ``npv`` (benign among the
    reassured); ``missed_per_1000`` (malignant and reassured).
    """
    means = _Means(beliefs.is_malignant, prevalence, bootstrap)
    sick, whole = beliefs.is_malignant.astype(np.float64), np.ones(len(course.ends))
    ends = {name: (course.ends == end).astype(np.float64) for name, end in _ENDS.items()}
    parts = {
        "cost_per_1000": (PATIENTS * course.cost, whole),
        "missed_per_1000": (PATIENTS * sick * ends["reassured"], whole),
        **{name: (share, whole) for name, share in ends.items()},
        "asked": (course.n_asked.astype(np.float64), whole),
        "ppv": (sick * ends["referred"], ends["referred"]),
        "npv": ((1 - sick) * ends["reassured"], ends["reassured"]),
    }
    return [means.ratio(name, part, of) for name, (part, of) in parts.items()]


def cost_difference(
    first: Course,
    second: Course,
    beliefs: Beliefs,
    prevalence: float | None,
    bootstrap: GroupBootstrap,
) -> Figure:
    """Return what the first costs more per 1000 patients than the second, in pairs."""
    more = PATIENTS * (first.cost - second.cost)
    means = _Means(beliefs.is_malignant, prevalence, bootstrap)
    return means.ratio("cost_per_1000", more, np.ones(len(more)))


def belief_figures(beliefs: Beliefs, way: str, bootstrap: GroupBootstrap) -> list[Figure]:
    """Return the malignancy AUC, log-loss, Brier score and accuracy of a way, (E,) examinations."""
    return [
        Figure(name, value, *_bounds(resampled, bootstrap))
        for name, (value, resampled) in _measures(beliefs, way, bootstrap).items()
    ]


def belief_differences(
    beliefs: Beliefs, first: str, second: str, bootstrap: GroupBootstrap
) -> list[Figure]:
    """Return by how much the first way is above the second, in pairs."""
    own, other = (_measures(beliefs, way, bootstrap) for way in (first, second))
    return [
        Figure(
            name, own[name][0] - other[name][0], *_bounds(own[name][1] - other[name][1], bootstrap)
        )
        for name in own
    ]


_ENDS = {"reassured": REASSURE, "tested": TEST, "referred": REFER}


def _measures(
    beliefs: Beliefs, way: str, bootstrap: GroupBootstrap
) -> dict[str, tuple[float, Floats]]:
    p, truth = beliefs.probabilities[way], beliefs.y_true
    score, sick = p[:, beliefs.malignant].sum(axis=1), beliefs.is_malignant
    means = {
        "nll": -np.log(np.maximum(p[np.arange(len(p)), truth], 1e-12)),
        "malignancy_brier": (score - sick) ** 2,
        "accuracy": (p.argmax(axis=1) == truth).astype(np.float64),
    }
    whole = np.ones(len(p))
    found = {
        name: (float(own.mean()), resample_share(bootstrap, own, whole))
        for name, own in means.items()
    }
    return {"malignancy_auc": (auc(sick, score), resample_auc(bootstrap, sick, score)), **found}


def _bounds(resampled: Floats, bootstrap: GroupBootstrap) -> tuple[float, float]:
    interval = bootstrap.interval(resampled)
    return interval.low, interval.high


@dataclass(frozen=True, slots=True, eq=False)
class _Means:
    """Means over examinations at a prevalence, and quotients of two of them.

    Args:
        is_malignant: Truth, (E,).
        prevalence: Share of malignant findings; ``None``: as they are, resampled like the rest.
        bootstrap: The resamples.
    """

    is_malignant: NDArray[np.bool_]
    prevalence: float | None
    bootstrap: GroupBootstrap

    def ratio(self, name: str, part: Floats, whole: Floats) -> Figure:
        """Return the mean of ``part`` over that of ``whole``, both (E,); undefined over zero."""
        above, below = self._mean(part), self._mean(whole)
        shares = np.full(len(above), np.nan)
        np.divide(above, below, out=shares, where=below > 0)
        return Figure(name, float(shares[0]), *_bounds(shares[1:], self.bootstrap))

    def _mean(self, values: Floats) -> Floats:
        """Return the mean in the sample, then in each resample, (1 + n_resamples,)."""
        if self.prevalence is None:
            return self._over(values, np.ones(len(values)))
        sick = self.is_malignant.astype(np.float64)
        malignant, benign = (
            self._over(values * sick, sick),
            self._over(values * (1 - sick), 1 - sick),
        )
        return self.prevalence * malignant + (1 - self.prevalence) * benign

    def _over(self, part: Floats, whole: Floats) -> Floats:
        own = float(part.sum()) / float(whole.sum())
        return np.concatenate([[own], resample_share(self.bootstrap, part, whole)])
