"""Turns logits into probabilities that mean what they say.

One temperature per factor is fitted on out-of-fold predictions; thresholds of the tasks follow
from the calibrated probabilities. ``fit_calibration`` uses all folds and is what a bundle ships;
``cross_fitted`` calibrates each fold with the others only and is what is reported.

Images that were added to a data set (``Split.added``) have a part in a calibration of their own
right: it is fitted on them as well, and the operating point must reach its sensitivity on either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cancerapy.arrays import Indices, Logits
from cancerapy.bundle.schema import FactorFields, OperatingPoint, TaskFields
from cancerapy.cancers import Cancer, Factor, Task
from cancerapy.errors import DataError
from cancerapy.evaluation.calibrated import (
    Calibrated,
    apply_calibration,
    calibrated_probabilities,
    join_calibrated,
)
from cancerapy.evaluation.calibration_fields import Calibration
from cancerapy.evaluation.conformal import COVERAGE, MIN_GROUPS, fit_conformal
from cancerapy.evaluation.intervals import N_RESAMPLES, GroupBootstrap
from cancerapy.evaluation.operating_point import (
    TARGET_SENSITIVITY,
    find_common_threshold,
    find_threshold,
    measure_operating_point,
)
from cancerapy.evaluation.outcome import Outcome, build_outcome, malignancy_of
from cancerapy.evaluation.predictions import OutOfFold, join_predictions
from cancerapy.evaluation.temperature import fit_temperature

__all__ = [
    "DEFAULT_CHOICES",
    "Calibrated",
    "Calibration",
    "CalibrationChoices",
    "apply_calibration",
    "cross_fitted",
    "cross_fitted_parts",
    "fit_calibration",
]

UNSURE_SHARE = 0.1
"""Share of out-of-fold images whose top probability counts as unsure."""


@dataclass(frozen=True, slots=True)
class CalibrationChoices:
    """What is asked of a calibration; the defaults are the project's.

    Args:
        target_sensitivity: Sensitivity that the operating point must reach, 0..1.
        coverage: How often the conformal set must hold the true class, 0..1.
        min_groups: Groups that a class needs for a conformal threshold of its own.
        unsure_share: Share of images, the least confident ones, that get no plain answer.
    """

    target_sensitivity: float = TARGET_SENSITIVITY
    coverage: float = COVERAGE
    min_groups: int = MIN_GROUPS
    unsure_share: float = UNSURE_SHARE


DEFAULT_CHOICES = CalibrationChoices()


def cross_fitted(
    out_of_fold: OutOfFold,
    cancer: Cancer,
    choices: CalibrationChoices = DEFAULT_CHOICES,
    *,
    added: OutOfFold | None = None,
) -> dict[str, Calibrated]:
    """Calibrate every fold with a calibration fitted on the other folds.

    So the reported calibration error, operating point and coverage come from images that chose
    neither temperature nor threshold.

    Args:
        out_of_fold: The predictions, of two folds at least.
        cancer: Their cancer.
        choices: What is asked.
        added: Predictions of added images by the same folds, which have a part in calibrating.

    Returns:
        The answers by task id, in the order of the folds' names; none of the added images'.

    Raises:
        DataError: There is one fold only, so nothing else to calibrate with.
    """
    return cross_fitted_parts(out_of_fold, added, cancer, choices)[0]


def cross_fitted_parts(
    out_of_fold: OutOfFold,
    added: OutOfFold | None,
    cancer: Cancer,
    choices: CalibrationChoices = DEFAULT_CHOICES,
) -> list[dict[str, Calibrated]]:
    """Return the answers of ``cross_fitted``, then likewise those to the added images, if any.

    Raises:
        DataError: As ``cross_fitted``.
    """
    names = out_of_fold.fold_names
    if len(names) < 2:
        raise DataError(
            "Calibrating out of fold needs at least two folds; there is only "
            f"{', '.join(names) or 'none'}. "
            "Finish the cross-validation, or calibrate with another protocol's predictions."
        )
    parts = [out_of_fold] if added is None else [out_of_fold, added]
    answers: list[list[dict[str, Calibrated]]] = [[] for _ in parts]
    for name in names:
        calibration = _fit([part.part(part.folds != name) for part in parts], cancer, choices)
        for part, own in zip(parts, answers, strict=True):
            own.append(apply_calibration(part.part(part.folds == name), cancer, calibration))
    return [
        {task.id: join_calibrated([fold[task.id] for fold in own]) for task in cancer.tasks}
        for own in answers
    ]


def fit_calibration(
    out_of_fold: OutOfFold,
    cancer: Cancer,
    choices: CalibrationChoices = DEFAULT_CHOICES,
    *,
    added: OutOfFold | None = None,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> Calibration:
    """Fit what a bundle ships, on all folds together.

    Thresholds come from all images. The sensitivity and specificity stated beside the operating
    point are those of ``cross_fitted``: of thresholds that the images had no part in.

    Args:
        out_of_fold: Predictions of all folds, at least two.
        cancer: Their cancer.
        choices: What is asked.
        added: Predictions of added images by the same folds; the thresholds hold for them too.
        n_resamples: Resamples of the groups for the intervals.
        seed: Seed of the resamples.

    Raises:
        DataError: The predictions answer other factors than the cancer's network, there is one
            fold only, or a task has no image.
    """
    pooled = _fit([out_of_fold] if added is None else [out_of_fold, added], cancer, choices)
    honest = cross_fitted_parts(out_of_fold, added, cancer, choices)
    tasks = dict(pooled.tasks)
    for name, fields in pooled.tasks.items():
        calibrated = join_calibrated([part[name] for part in honest])
        malignancy = malignancy_of(calibrated.outcome)
        if fields.operating_point is None or malignancy is None or calibrated.is_called is None:
            continue
        bootstrap = GroupBootstrap(calibrated.outcome.groups, n_resamples=n_resamples, seed=seed)
        point = measure_operating_point(
            malignancy[0],
            calibrated.is_called,
            bootstrap,
            threshold=fields.operating_point.threshold,
            target=choices.target_sensitivity,
        )
        tasks[name] = replace(fields, operating_point=point)
    return Calibration(pooled.factors, tasks)


def _fit(parts: Sequence[OutOfFold], cancer: Cancer, choices: CalibrationChoices) -> Calibration:
    """Fit temperatures and thresholds; the operating points' rates are of the same images."""
    out_of_fold = join_predictions(parts) if len(parts) > 1 else parts[0]
    _check_network(out_of_fold, cancer)
    factors = tuple(
        FactorFields(
            factor.name,
            factor.values,
            fit_temperature(*_readings(out_of_fold, cancer, factor)),
        )
        for factor in cancer.network.factors
    )
    return Calibration(
        factors,
        {task.id: _fit_task(out_of_fold, parts, task, factors, choices) for task in cancer.tasks},
    )


def _readings(
    out_of_fold: OutOfFold, cancer: Cancer, factor: Factor
) -> list[tuple[Logits, Indices]]:
    """Return how the tasks read a factor: by all of its values, or by those they tell apart.

    A task that joins factors reads each by all values. A factor that no task reads counts as read
    by all.
    """
    logits = out_of_fold.logits[:, cancer.network.slices[factor.name]]
    labels = out_of_fold.labels[factor.name]
    told_apart = set()
    for task in cancer.tasks:
        read = [label.selects for label in task.classes]
        if all(set(selects) == {factor.name} for selects in read):
            told_apart.add(frozenset(selects[factor.name] for selects in read))
        elif all(factor.name in selects for selects in read):
            told_apart.add(frozenset(factor.values))
    readings = []
    for values in sorted(told_apart or {frozenset(factor.values)}, key=sorted):
        columns = [number for number, value in enumerate(factor.values) if value in values]
        index = np.full(len(factor.values) + 1, -1)  # the last stands for unknown, -1
        index[columns] = np.arange(len(columns))
        readings.append((logits[:, columns], index[labels]))
    return readings


def _fit_task(
    out_of_fold: OutOfFold,
    parts: Sequence[OutOfFold],
    task: Task,
    factors: Sequence[FactorFields],
    choices: CalibrationChoices,
) -> TaskFields:
    outcome, *others = (
        build_outcome(part, task, calibrated_probabilities(part, factors, task))
        for part in (out_of_fold, *parts)
    )
    if len(outcome) == 0:
        raise DataError(
            f"Calibrating needs images of known class; task '{task.id}' has none in these folds."
        )
    conformal = fit_conformal(
        outcome.y_true,
        outcome.probabilities,
        outcome.groups,
        task.class_ids,
        coverage=choices.coverage,
        min_groups=choices.min_groups,
    )
    confidence = outcome.probabilities.max(1)
    return TaskFields(
        task.id,
        task.class_ids,
        _plain_operating_point(outcome, others, choices.target_sensitivity),
        choices.coverage,
        conformal.thresholds,
        conformal.kinds,
        float(np.quantile(confidence, choices.unsure_share)),
    )


def _plain_operating_point(
    outcome: Outcome, parts: Sequence[Outcome], target: float
) -> OperatingPoint | None:
    """Choose the threshold; the rates are those of the images that chose it, no intervals."""
    malignancy = malignancy_of(outcome)
    if malignancy is None:
        return None
    truth, probability = malignancy
    threshold = find_threshold(truth, probability, target)
    if len(parts) > 1:
        threshold = find_common_threshold(parts[0], parts[1:], target)
    one_draw = GroupBootstrap(outcome.groups, n_resamples=1)
    return measure_operating_point(
        truth, probability >= threshold, one_draw, threshold=threshold, target=target
    )


def _check_network(out_of_fold: OutOfFold, cancer: Cancer) -> None:
    def layout(factors: Sequence[Factor]) -> list[tuple[str, tuple[str, ...]]]:
        return [(factor.name, factor.values) for factor in factors]

    given, wanted = layout(out_of_fold.network.factors), layout(cancer.network.factors)
    if given != wanted:
        raise DataError(
            f"Predictions of '{cancer.id}' must answer {wanted}; these answer {given}. "
            "They come from another version of the cancer: train its folds again."
        )
