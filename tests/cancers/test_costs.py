"""What errors and actions cost."""

import re

import pytest

from cancerapy.cancers import ErrorCosts, list_cancers, load_cancer
from cancerapy.cancers._costs import ASSUMED, COST_FIELDS


def test_a_value_of_its_own_wins() -> None:
    costs = ErrorCosts(10, 1, "made up", missed={"mel": 50})
    assert (costs.missed_as("mel"), costs.missed_as("bcc")) == (50, 10)


def test_a_figure_without_a_source_is_called_assumed() -> None:
    costs = ErrorCosts(10, 1, "a paper", sources={"image": "a price list"})
    assert costs.source_of("image") == "a price list"
    assert costs.source_of("false_alarm") == "a paper"
    assert costs.source_of("question") == ASSUMED


@pytest.mark.parametrize("name", list_cancers())
def test_every_figure_is_published_or_called_assumed(name: str) -> None:
    costs = load_cancer(name).costs
    assert set(costs.sources) <= {*COST_FIELDS, *(f"missed:{value}" for value in costs.missed)}
    for field in COST_FIELDS:
        source = costs.source_of(field)
        assert ASSUMED in source or re.search(r"\d{4}", source), field
    assert 0 < costs.test_sensitivity < 1
    assert 0 < costs.test_specificity < 1


def test_the_breasts_figures_follow_from_their_sources() -> None:
    costs = load_cancer("breast").costs
    assert costs.missed_malignant == pytest.approx(0.12 * (1.08**6.5 - 1) * 15 * 100_000, rel=0.01)
    assert costs.false_alarm == 852 + 0.058 * 100_000
    assert costs.test_sensitivity == pytest.approx(58 / 111, abs=5e-4)
    assert costs.test_specificity == pytest.approx(1 - 0.107)


def test_the_skins_figures_follow_from_their_sources() -> None:
    costs = load_cancer("skin").costs
    assert costs.missed_as("mel") == pytest.approx(0.9231 * 100_000)
    assert costs.false_alarm == pytest.approx(263.75 * 0.75 + 0.01 * 100_000, abs=0.5)
    assert costs.further_test == pytest.approx(54.64 * 0.75, abs=0.5)
