"""One task's answers to images whose truth is known."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats, Indices, Probabilities
from cancerapy.cancers import Cancer, ClassLabel, Factor, Task
from cancerapy.evaluation.predictions import UNKNOWN, OutOfFold


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Truth and calibrated answer, only of images whose true class is one of the task's.

    Args:
        task: The task.
        images: Paths of the images, (n,).
        groups: Group of each image, (n,).
        folds: Fold of each image, (n,).
        y_true: Index of the true class, (n,), 0..K-1.
        probabilities: Calibrated, (n, K).
    """

    task: Task
    images: NDArray[np.str_]
    groups: NDArray[np.str_]
    folds: NDArray[np.str_]
    y_true: Indices
    probabilities: Probabilities

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.y_true)

    @property
    def n_classes(self) -> int:
        """Number of classes of the task."""
        return len(self.task.classes)

    @property
    def n_groups(self) -> int:
        """Number of groups among the images."""
        return len(np.unique(self.groups))

    @property
    def y_pred(self) -> Indices:
        """Index of the predicted class, (n,): the most probable one, the first among equals."""
        return np.asarray(self.probabilities.argmax(1), dtype=np.int64)

    def part(self, keep: NDArray[np.bool_] | Indices) -> "Outcome":
        """Return the images that ``keep`` selects, as a mask (n,) or as row numbers."""
        return Outcome(
            self.task,
            self.images[keep],
            self.groups[keep],
            self.folds[keep],
            self.y_true[keep],
            self.probabilities[keep],
        )


def true_classes(out_of_fold: OutOfFold, task: Task) -> Indices:
    """Return the task's class of each image, (N,); -1 where it is unknown or not in the task."""
    result = np.full(len(out_of_fold), UNKNOWN, dtype=np.int64)
    values = {factor.name: factor.values for factor in out_of_fold.network.factors}
    for index, label in enumerate(task.classes):
        matches = np.ones(len(out_of_fold), dtype=np.bool_)
        for factor, value in label.selects.items():
            matches &= out_of_fold.labels[factor] == values[factor].index(value)
        result[matches] = index
    return result


def build_outcome(out_of_fold: OutOfFold, task: Task, probabilities: Probabilities) -> Outcome:
    """Keep the images whose true class is one of the task's.

    Args:
        out_of_fold: The predictions of N images.
        task: The task.
        probabilities: Of all N images, (N, K).
    """
    y_true = true_classes(out_of_fold, task)
    keep = y_true != UNKNOWN
    return Outcome(
        task,
        out_of_fold.images[keep],
        out_of_fold.groups[keep],
        out_of_fold.folds[keep],
        y_true[keep],
        probabilities[keep],
    )


def malignant_classes(task: Task) -> NDArray[np.bool_] | None:
    """Return which classes are malignant, (K,), or ``None`` where this has no meaning.

    It has one if at least one class is malignant and at least one is said not to be.
    """
    flags = [label.malignant for label in task.classes]
    if True not in flags or False not in flags:
        return None
    return np.array([flag is True for flag in flags])


def malignancy_of(outcome: Outcome) -> tuple[NDArray[np.bool_], Floats] | None:
    """Return truth (n,) and probability (n,) of malignancy, or ``None`` without a meaning."""
    is_malignant = malignant_classes(outcome.task)
    if is_malignant is None:
        return None
    return is_malignant[outcome.y_true], outcome.probabilities[:, is_malignant].sum(1)


def with_factor_tasks(cancer: Cancer) -> Cancer:
    """Return the cancer with a further task for each factor that no task asks for by itself.

    So a joint task's factors are measured too: ``breast/density`` beside the eight classes of
    density and malignancy together.
    """
    return replace(
        cancer,
        tasks=(*cancer.tasks, *(_factor_task(cancer, f) for f in _unasked_factors(cancer))),
    )


def _factor_task(cancer: Cancer, factor: Factor) -> Task:
    classes = tuple(
        ClassLabel(value, value, f"{factor.name} {value}", {factor.name: value})
        for value in factor.values
    )
    return Task(f"{cancer.id}/{factor.name}", f"{cancer.title}: {factor.name}", classes)


def _unasked_factors(cancer: Cancer) -> list[Factor]:
    asked = [[dict(label.selects) for label in task.classes] for task in cancer.tasks]
    return [
        factor
        for factor in cancer.network.factors
        if [{factor.name: value} for value in factor.values] not in asked
    ]
