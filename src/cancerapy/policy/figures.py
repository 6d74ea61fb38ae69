"""Figures of policies with intervals: cost per 1000 patients, PPV, NPV, and differences in pairs.

At a prevalence other than the data set's, malignant and benign examinations are weighted until
malignant ones are as common as asked. Whole groups are resampled.
"""

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
    weights = prevalence_weights(beliefs.is_malignant, prevalence)
    sick = beliefs.is_malignant.astype(np.float64)
    ends = {name: (course.ends == end).astype(np.float64) for name, end in _ENDS.items()}
    parts = {
        "cost_per_1000": (PATIENTS * course.cost, np.ones(len(sick))),
        "missed_per_1000": (PATIENTS * sick * ends["reassured"], np.ones(len(sick))),
        **{name: (share, np.ones(len(sick))) for name, share in ends.items()},
        "asked": (course.n_asked.astype(np.float64), np.ones(len(sick))),
        "ppv": (sick * ends["referred"], ends["referred"]),
        "npv": ((1 - sick) * ends["reassured"], ends["reassured"]),
    }
    return [
        _share(name, weights * part, weights * whole, bootstrap)
        for name, (part, whole) in parts.items()
    ]


def cost_difference(
    first: Course,
    second: Course,
    beliefs: Beliefs,
    prevalence: float | None,
    bootstrap: GroupBootstrap,
) -> Figure:
    """Return what the first costs more per 1000 patients than the second, in pairs."""
    weights = prevalence_weights(beliefs.is_malignant, prevalence)
    more = PATIENTS * weights * (first.cost - second.cost)
    return _share("cost_per_1000", more, weights, bootstrap)


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


def _share(name: str, part: Floats, whole: Floats, bootstrap: GroupBootstrap) -> Figure:
    total = float(whole.sum())
    value = float(part.sum()) / total if total else float("nan")
    return Figure(name, value, *_bounds(resample_share(bootstrap, part, whole), bootstrap))
