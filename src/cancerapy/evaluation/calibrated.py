"""A calibration applied to predictions that had no part in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Indices, Probabilities
from cancerapy.bundle.schema import FactorFields
from cancerapy.cancers import Cancer, Task
from cancerapy.evaluation.calibration_fields import Calibration
from cancerapy.evaluation.conformal import conformal_sets
from cancerapy.evaluation.outcome import Outcome, build_outcome, malignancy_of
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.runtime.probabilities import task_probabilities


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """A task's answers under calibrations that did not see the images they are applied to.

    Args:
        outcome: Truth and probabilities, n images.
        conformal: Which classes are in the conformal set, (n, K); ``None`` for a task without
            thresholds, see ``apply_calibration``.
        is_called: Whether malignancy is called, (n,); ``None`` where it has no meaning.
        is_answered: Whether the image gets a plain answer, (n,), by the rule of the runtime: one
            class in the conformal set, and the top probability high enough; ``None`` as
            ``conformal``.
    """

    outcome: Outcome
    conformal: NDArray[np.bool_] | None
    is_called: NDArray[np.bool_] | None
    is_answered: NDArray[np.bool_] | None

    def part(self, keep: NDArray[np.bool_] | Indices) -> "Calibrated":
        """Return the images that ``keep`` selects, as a mask (n,) or as row numbers."""
        return Calibrated(
            self.outcome.part(keep),
            None if self.conformal is None else self.conformal[keep],
            None if self.is_called is None else self.is_called[keep],
            None if self.is_answered is None else self.is_answered[keep],
        )


def apply_calibration(
    out_of_fold: OutOfFold, cancer: Cancer, calibration: Calibration
) -> dict[str, Calibrated]:
    """Read predictions with a calibration fitted on other images.

    Args:
        out_of_fold: The predictions.
        cancer: Their cancer. A task that the calibration does not know, such as a factor that a
            bundle only answers jointly with another, gets its probabilities and nothing that
            needs a threshold.
        calibration: From images of other groups.

    Returns:
        The answers by task id.
    """
    result = {}
    for task in cancer.tasks:
        fields = calibration.tasks.get(task.id)
        outcome = build_outcome(
            out_of_fold, task, calibrated_probabilities(out_of_fold, calibration.factors, task)
        )
        if fields is None:
            result[task.id] = Calibrated(outcome, None, None, None)
            continue
        malignancy = malignancy_of(outcome)
        point = fields.operating_point
        called = malignancy[1] >= point.threshold if malignancy and point else None
        sets = conformal_sets(outcome.probabilities, fields.class_ids, fields.conformal_thresholds)
        is_answered = outcome.probabilities.max(1) >= fields.min_confidence
        is_answered &= sets.sum(1) == 1
        result[task.id] = Calibrated(outcome, sets, called, is_answered)
    return result


def calibrated_probabilities(
    out_of_fold: OutOfFold, factors: Sequence[FactorFields], task: Task
) -> Probabilities:
    """Return a task's probabilities of all images, (N, K), as the runtime computes them."""
    selects = [label.selects for label in task.classes]
    result: Probabilities = task_probabilities(out_of_fold.logits, factors, selects)
    return result


def join_calibrated(parts: Sequence[Calibrated]) -> Calibrated:
    """Put the folds' answers to one task together, in the order given."""
    outcomes = [part.outcome for part in parts]
    return Calibrated(
        Outcome(
            outcomes[0].task,
            np.concatenate([outcome.images for outcome in outcomes]),
            np.concatenate([outcome.groups for outcome in outcomes]),
            np.concatenate([outcome.folds for outcome in outcomes]),
            np.concatenate([outcome.y_true for outcome in outcomes]),
            np.concatenate([outcome.probabilities for outcome in outcomes]),
        ),
        _join([part.conformal for part in parts]),
        _join([part.is_called for part in parts]),
        _join([part.is_answered for part in parts]),
    )


def _join(parts: Sequence[NDArray[np.bool_] | None]) -> NDArray[np.bool_] | None:
    known = [part for part in parts if part is not None]
    return np.concatenate(known) if len(known) == len(parts) else None
