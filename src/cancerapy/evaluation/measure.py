"""All figures of a task with their intervals, and the difference between two models.

A figure's name is a word, or a word, a colon and a class id (``sensitivity:mel``):

=========================  =====================================================================
``accuracy``               share of images whose class is predicted
``balanced_accuracy``      mean sensitivity over classes
``macro_precision``        mean precision over classes that occur and are called
``macro_f1``               mean F1 over classes that occur
``macro_auc``              mean one-vs-rest AUC over classes that occur (two classes: the AUC)
``malignancy_auc``         AUC of the malignancy probability, where malignancy has a meaning
``ece``                    expected calibration error of the predicted class, 15 bins
``classwise_ece``          the same of every class's probability, mean over classes
``brier``, ``nll``         Brier score, negative log-likelihood
``point_sensitivity``      sensitivity for malignancy at the operating point, ``point_specificity``
``conformal_coverage``     share of images whose conformal set holds the true class
``conformal_size``         mean number of classes in the set
``answered_share``         share of images that get a plain answer: sure, and one class left
``answered_accuracy``      accuracy among these
``sensitivity:<class>``    likewise ``specificity``, ``precision``, ``f1``, ``auc``
=========================  =====================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats
from cancerapy.evaluation import calibration_error as calibration
from cancerapy.evaluation import discrimination as points
from cancerapy.evaluation import resampled
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.intervals import (
    N_RESAMPLES,
    GroupBootstrap,
    Interval,
)
from cancerapy.evaluation.outcome import Outcome, malignancy_of

Shares = Mapping[str, tuple[Floats, Floats]]
"""Figures that are a sum over a sum, by name: what each image adds to either, (n,) each."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Args:
        metric: Its name, see the module's table.
        value: Not-a-number where undefined.
        low: Lower bound of the 95 % interval; not-a-number where there is none.
        high: Upper bound.
    """

    metric: str
    value: float
    low: float
    high: float

    @property
    def interval(self) -> Interval:
        """The bounds."""
        return Interval(self.low, self.high)


def measure(
    calibrated: Calibrated, *, n_resamples: int = N_RESAMPLES, seed: int = 0
) -> list[Figure]:
    """Compute every figure of a task, with intervals over groups.

    Args:
        calibrated: The task's answers, at least one image.
        n_resamples: Resamples of the groups.
        seed: Seed of the resamples.
    """
    bootstrap = GroupBootstrap(calibrated.outcome.groups, n_resamples=n_resamples, seed=seed)
    draws = draw_figures(calibrated, bootstrap)
    values = point_figures(calibrated)
    return [figure_of(name, value, draws[name], bootstrap) for name, value in values.items()]


def measure_main(
    outcome: Outcome, *, n_resamples: int = N_RESAMPLES, seed: int = 0
) -> list[Figure]:
    """Compute the few figures that subgroups are compared by, with intervals over groups.

    Args:
        outcome: The task's answers, at least one image.
        n_resamples: Resamples of the groups.
        seed: Seed of the resamples.

    Returns:
        ``accuracy``, ``balanced_accuracy``, ``macro_precision``, ``macro_f1``, ``ece`` and, where
        it has a meaning, ``malignancy_auc``.
    """
    bootstrap = GroupBootstrap(outcome.groups, n_resamples=n_resamples, seed=seed)
    drawn = draw_main_figures(outcome, bootstrap)
    return [figure_of(name, value, draws, bootstrap) for name, (value, draws) in drawn.items()]


def draw_main_figures(
    outcome: Outcome, bootstrap: GroupBootstrap
) -> dict[str, tuple[float, Floats]]:
    """Return the figures of ``measure_main``: the value, and it on each resample (n_resamples,)."""
    draws = _draw_main(outcome, bootstrap, _confusion_figures(outcome, bootstrap))
    return {name: (value, draws[name]) for name, value in _point_main(outcome).items()}


def compare(
    first: Calibrated, second: Calibrated, *, n_resamples: int = N_RESAMPLES, seed: int = 0
) -> list[Figure]:
    """Compute ``first`` minus ``second`` for every figure, on the images that both answer.

    Both are measured on the same resamples, so what makes an image hard for both cancels out.

    Args:
        first: Answers of one model.
        second: Answers of another to the same task.
        n_resamples: Resamples of the groups (those of ``first``).
        seed: Seed of the resamples.

    Returns:
        Differences; an improvement is one whose interval excludes zero. Empty if no image is
        shared.
    """
    shared = sorted(set(first.outcome.images.tolist()) & set(second.outcome.images.tolist()))
    if not shared:
        return []
    first, second = _in_order(first, shared), _in_order(second, shared)
    bootstrap = GroupBootstrap(first.outcome.groups, n_resamples=n_resamples, seed=seed)
    values, others = point_figures(first), point_figures(second)
    draws, other_draws = draw_figures(first, bootstrap), draw_figures(second, bootstrap)
    return [
        figure_of(name, values[name] - others[name], draws[name] - other_draws[name], bootstrap)
        for name in values
        if name in others and name in draws and name in other_draws
    ]


def point_figures(calibrated: Calibrated) -> dict[str, float]:
    """Return every figure by name, without intervals."""
    outcome = calibrated.outcome
    y_true, y_pred, k = outcome.y_true, outcome.y_pred, outcome.n_classes
    areas = points.auc_per_class(y_true, outcome.probabilities)
    figures = _point_main(outcome) | {
        "macro_auc": points.mean_of_defined(areas),
        "classwise_ece": calibration.classwise_calibration_error(y_true, outcome.probabilities),
        "brier": calibration.brier_score(y_true, outcome.probabilities),
        "nll": calibration.negative_log_likelihood(y_true, outcome.probabilities),
    }
    for name, (numerator, denominator) in _shares(calibrated).items():
        total = denominator.sum()
        figures[name] = float(numerator.sum() / total) if total else float("nan")
    by_class = {
        "sensitivity": points.sensitivity_per_class(y_true, y_pred, k),
        "specificity": points.specificity_per_class(y_true, y_pred, k),
        "precision": points.precision_per_class(y_true, y_pred, k),
        "f1": points.f1_per_class(y_true, y_pred, k),
        "auc": areas,
    }
    for name, values in by_class.items():
        figures |= {key: float(v) for key, v in _named(name, outcome, values).items()}
    return figures


def draw_figures(calibrated: Calibrated, bootstrap: GroupBootstrap) -> dict[str, Floats]:
    """Return the figures on each resample by name, (n_resamples,) each."""
    outcome = calibrated.outcome
    y_true, probabilities = outcome.y_true, outcome.probabilities
    by_class = _confusion_figures(outcome, bootstrap)
    draws = _draw_main(outcome, bootstrap, by_class)
    areas = resampled.resample_auc_per_class(bootstrap, y_true, probabilities)
    draws["macro_auc"] = resampled.mean_of_defined(areas)
    draws["classwise_ece"] = np.mean(
        [
            resampled.resample_calibration_error(bootstrap, probabilities[:, i], y_true == i)
            for i in range(outcome.n_classes)
        ],
        axis=0,
    )
    distances = calibration.squared_distances(y_true, probabilities)
    draws["brier"] = resampled.resample_mean(bootstrap, distances)
    own = np.clip(probabilities[np.arange(len(y_true)), y_true], np.finfo(float).eps, 1)
    draws["nll"] = resampled.resample_mean(bootstrap, -np.log(own))
    for name, parts in _shares(calibrated).items():
        draws[name] = resampled.resample_share(bootstrap, *parts)
    for name in ("sensitivity", "specificity", "precision", "f1"):
        draws |= _named(name, outcome, by_class[name].T)
    return draws | _named("auc", outcome, areas.T)


def _point_main(outcome: Outcome) -> dict[str, float]:
    y_true, y_pred, k = outcome.y_true, outcome.y_pred, outcome.n_classes
    figures = {
        "accuracy": points.accuracy(y_true, y_pred),
        "balanced_accuracy": points.balanced_accuracy(y_true, y_pred, k),
        "macro_precision": points.macro_precision(y_true, y_pred, k),
        "macro_f1": points.macro_f1(y_true, y_pred, k),
        "ece": calibration.top_label_calibration_error(y_true, outcome.probabilities),
    }
    malignancy = malignancy_of(outcome)
    if malignancy is not None:
        figures["malignancy_auc"] = points.auc(*malignancy)
    return figures


def _confusion_figures(outcome: Outcome, bootstrap: GroupBootstrap) -> dict[str, Floats]:
    confusion = resampled.resample_confusion(
        bootstrap, outcome.y_true, outcome.y_pred, outcome.n_classes
    )
    return resampled.confusion_figures(confusion)


def _draw_main(
    outcome: Outcome, bootstrap: GroupBootstrap, from_confusion: Mapping[str, Floats]
) -> dict[str, Floats]:
    draws = {name: values for name, values in from_confusion.items() if values.ndim == 1}
    is_correct = outcome.y_pred == outcome.y_true
    confidence = outcome.probabilities.max(1)
    draws["ece"] = resampled.resample_calibration_error(bootstrap, confidence, is_correct)
    malignancy = malignancy_of(outcome)
    if malignancy is not None:
        draws["malignancy_auc"] = resampled.resample_auc(bootstrap, *malignancy)
    return draws


def _shares(calibrated: Calibrated) -> Shares:
    """Return the figures that are a sum over a sum, with what each image adds to either.

    Those of sets, answers and calls only where the task has thresholds for them.
    """
    outcome = calibrated.outcome
    everyone = np.ones(len(outcome))
    is_correct = outcome.y_pred == outcome.y_true
    sets, answered = calibrated.conformal, calibrated.is_answered
    shares: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    if sets is not None:
        is_covered = sets[np.arange(len(outcome)), outcome.y_true]
        shares |= {
            "conformal_coverage": (is_covered, everyone),
            "conformal_size": (sets.sum(1), everyone),
        }
    if answered is not None:
        shares |= {
            "answered_share": (answered, everyone),
            "answered_accuracy": (answered & is_correct, answered),
        }
    malignancy = malignancy_of(outcome)
    if malignancy is not None and calibrated.is_called is not None:
        truth, called = malignancy[0], calibrated.is_called
        shares["point_sensitivity"] = (truth & called, truth)
        shares["point_specificity"] = (~truth & ~called, ~truth)
    return {name: (a.astype(np.float64), b.astype(np.float64)) for name, (a, b) in shares.items()}


def _named(name: str, outcome: Outcome, values: NDArray[np.float64]) -> dict[str, Floats]:
    """Give each class's values the class's name; ``values`` has the classes first."""
    return {f"{name}:{c}": v for c, v in zip(outcome.task.class_ids, values, strict=True)}


def figure_of(name: str, value: float, draws: Floats, bootstrap: GroupBootstrap) -> Figure:
    """Put an interval to a value, from it on each resample; none with too few groups."""
    interval = bootstrap.interval(draws)
    return Figure(name, float(value), interval.low, interval.high)


def _in_order(calibrated: Calibrated, images: list[str]) -> Calibrated:
    place = {image: row for row, image in enumerate(calibrated.outcome.images.tolist())}
    return calibrated.part(np.array([place[image] for image in images], dtype=np.int64))
