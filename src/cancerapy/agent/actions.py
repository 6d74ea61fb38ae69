"""What the agent can do, and what each end of an examination costs."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from cancerapy.arrays import Floats
from cancerapy.cancers import ErrorCosts


class Action(StrEnum):
    """The five actions of the agent."""

    ANOTHER_IMAGE = "another_image"
    QUESTION = "question"
    REASSURE = "reassure"  # with follow-up
    FURTHER_TEST = "further_test"
    REFER = "refer"


ENDS = (Action.REASSURE, Action.FURTHER_TEST, Action.REFER)
"""The actions that end an examination, in the order of a cost table's rows."""


def end_costs(costs: ErrorCosts, values: Sequence[str], malignant: Sequence[bool]) -> Floats:
    """Return what each end costs by what the finding truly is.

    ========================  =============================  =================================
    end                       benign                         malignant
    ========================  =============================  =================================
    reassure with follow-up   follow-up                      follow-up + missed
    further test              test + (1 - specificity) x     test + (1 - sensitivity) x missed
                              false alarm
    refer                     false alarm                    0: it has to be treated anyway
    ========================  =============================  =================================

    Args:
        costs: Of the cancer.
        values: Values of the deciding factor, V.
        malignant: Whether each is malignant.

    Returns:
        (3, V), rows as in ``ENDS``, in the unit of ``costs``.
    """
    columns = []
    for value, is_malignant in zip(values, malignant, strict=True):
        if is_malignant:
            missed = costs.missed_as(value)
            overlooked = (1 - costs.test_sensitivity) * missed
            columns.append([costs.follow_up + missed, costs.further_test + overlooked, 0.0])
        else:
            called = (1 - costs.test_specificity) * costs.false_alarm
            columns.append([costs.follow_up, costs.further_test + called, costs.false_alarm])
    return np.array(columns, np.float64).T
