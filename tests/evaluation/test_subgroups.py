"""Tables by age, sex and the like."""

from collections.abc import Callable

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.evaluation.calibration import cross_fitted
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.subgroups import age_band, subgroup_table, subgroup_tables

Draw = Callable[..., OutOfFold]


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("0", "under 40"),
        ("39.9", "under 40"),
        ("40", "40 to 49"),
        ("79", "70 to 79"),
        ("80", "80 and over"),
        ("120", "80 and over"),
        ("", "unknown"),
        ("nan", "unknown"),
        ("-1", "unknown"),
        ("old", "unknown"),
    ],
)
def test_age_bands(text: str, band: str) -> None:
    assert age_band(text) == band


def test_a_subgroup_is_measured_on_its_own_images(cancer: Cancer, draw: Draw) -> None:
    outcome = cross_fitted(draw(60), cancer)["toy"].outcome
    sites = np.array(["arm"] * 90 + ["leg"] * 19 + ["back"] * 11)
    table = subgroup_table(outcome, sites, n_resamples=100)
    assert [s.value for s in table] == ["arm", "back", "leg"]
    assert [s.n_images for s in table] == [90, 11, 19]
    arm, back, leg = table
    right = outcome.y_pred == outcome.y_true
    assert arm.figures is not None
    assert arm.figures["accuracy"].value == right[:90].mean()
    assert arm.n_groups == len(set(outcome.groups[:90]))
    assert arm.n_classes == 2
    assert back.figures is None  # too few
    assert leg.figures is None


def test_facts_that_do_not_divide_make_no_table(cancer: Cancer, draw: Draw) -> None:
    outcome = cross_fitted(draw(60), cancer)["toy"].outcome
    n = len(outcome)
    facts = {
        "age": ["35", "45", "85", ""] * (n // 4),
        "sex": ["female"] * n,
        "id": [str(i) for i in range(n)],
        "site": ["", "arm"] * (n // 2),
    }
    tables = subgroup_tables(outcome, facts, n_resamples=100)
    assert list(tables) == ["age", "site"]
    ages = ["under 40", "40 to 49", "80 and over", "unknown"]
    assert [s.value for s in tables["age"]] == ages
    assert [s.value for s in tables["site"]] == ["arm", "unknown"]
    assert sum(s.n_images for s in tables["age"]) == n
