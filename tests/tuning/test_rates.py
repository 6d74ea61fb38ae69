"""Learning rates of a comparison."""

from cancerapy.training.plan_checks import CHOICES
from cancerapy.tuning.rates import RATES


def test_every_optimizer_has_a_rising_grid_of_one_length() -> None:
    assert {*RATES} == {*CHOICES["optimizer"]}
    assert {len(grid) for grid in RATES.values()} == {4}
    assert all([*grid] == sorted(set(grid)) for grid in RATES.values())
    assert RATES["sgd"][0] > RATES["adam"][-1]
