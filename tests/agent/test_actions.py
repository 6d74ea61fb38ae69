"""What each end of an examination costs."""

import numpy as np

from cancerapy.agent.actions import ENDS, Action, end_costs
from cancerapy.cancers import ErrorCosts


def test_costs_of_ends_by_hand() -> None:
    costs = ErrorCosts(
        100, 8, "made up", missed={"c": 40}, follow_up=1, further_test=2,
        test_sensitivity=0.9, test_specificity=0.75,
    )  # fmt: skip
    table = end_costs(costs, ("a", "b", "c"), (False, True, True))
    expected = [
        [1, 1 + 100, 1 + 40],  # reassure
        [2 + 0.25 * 8, 2 + 0.1 * 100, 2 + 0.1 * 40],  # further test
        [8, 0, 0],  # refer
    ]
    np.testing.assert_allclose(table, expected)
    assert ENDS == (Action.REASSURE, Action.FURTHER_TEST, Action.REFER)
