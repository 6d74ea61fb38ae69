"""What a further image or an answer is worth before it is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancerapy.agent.belief import Belief, form_belief, log_odds
from cancerapy.agent.information import (
    best_question,
    cost_after_answer,
    cost_after_image,
    cost_now,
)
from cancerapy.cancers import AnswerTable, Evidence

COSTS = np.array([[0.0, 10.0], [1.0, 0.0]])  # reassure, refer; by benign, malignant
TELLING = AnswerTable(("yes", "no"), (), ((0.0, 1.0), (1.0, 0.0)))
SILENT = AnswerTable(("yes", "no"), (), ((0.5, 0.5), (0.5, 0.5)))
HALF = AnswerTable(("yes", "no"), (), ((0.25, 0.75), (0.75, 0.25)))
EVIDENCE = Evidence(
    "finding", ("good", "bad"), (0.9, 0.1), 1.0, (0.0, 0.0),
    {"telling": TELLING, "silent": SILENT}, 0.5, 2.0,
)  # fmt: skip


def believe(p: float, n_images: int = 1, image_evidence: float = 0.0) -> Belief:
    return Belief(np.array([1 - p, p]), np.array([0.0, 1.0]), n_images, image_evidence, p)


def test_the_best_end_now_by_hand() -> None:
    assert cost_now(believe(0.05), COSTS) == pytest.approx(0.5)
    assert cost_now(believe(0.2), COSTS) == pytest.approx(0.8)


def test_an_answer_that_tells_all_leaves_no_cost() -> None:
    assert cost_after_answer(believe(0.2), COSTS, TELLING) == 0


def test_an_answer_that_tells_nothing_saves_nothing() -> None:
    assert cost_after_answer(believe(0.2), COSTS, SILENT) == pytest.approx(0.8)


def test_an_answer_by_hand() -> None:
    """Yes: refer, 0.9 x 0.25; no: min of reassuring 10 x 0.1 x 0.25 and referring 0.9 x 0.75."""
    assert cost_after_answer(believe(0.1), COSTS, HALF) == pytest.approx(0.225 + 0.25)


def test_the_most_telling_open_question_is_named() -> None:
    assert best_question(believe(0.2), COSTS, EVIDENCE, ()) == ("telling", 0.0)
    name, cost = best_question(believe(0.2), COSTS, EVIDENCE, ("telling",)) or ("", 0)
    assert (name, cost) == ("silent", pytest.approx(0.8))
    assert best_question(believe(0.2), COSTS, EVIDENCE, ("telling", "silent")) is None


def _with(correlation: float | None, separation: float) -> Evidence:
    return Evidence(
        "finding", ("good", "bad"), (0.9, 0.1), 1.0, (0.0, 0.0), {}, correlation, separation
    )


def test_an_image_that_repeats_the_first_saves_nothing() -> None:
    now = cost_now(believe(0.2), COSTS)
    assert cost_after_image(believe(0.2), COSTS, _with(1.0, 2.0)) == pytest.approx(now, rel=1e-6)


def test_an_image_that_settles_everything_leaves_next_to_no_cost() -> None:
    assert cost_after_image(believe(0.2), COSTS, _with(0.0, 12.0)) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(("correlation", "separation"), [(None, 2.0), (0.5, 0.0)])
def test_without_knowing_how_images_err_nothing_is_said(
    correlation: float | None, separation: float
) -> None:
    assert cost_after_image(believe(0.2), COSTS, _with(correlation, separation)) is None


def test_a_further_image_agrees_with_drawing_many() -> None:
    """Draw findings, their shared error and two images; compare with the closed form.

    Among draws whose first image says about the same, the mean cost after the second must be what
    is expected from the first alone.
    """
    generator = np.random.default_rng(0)
    n, spread, rho, prior = 2_000_000, 1.5, 0.4, 0.06
    sick = generator.random(n) < prior
    shared = generator.normal(0, spread * np.sqrt(rho), n)
    images = np.where(sick, 1, -1) * spread**2 / 2 + shared
    first, second = (images + generator.normal(0, spread * np.sqrt(1 - rho), n) for _ in range(2))
    alike = np.abs(first - 0.5) < 0.02
    odds = np.log(prior / (1 - prior)) + 2 / (1 + rho) * (first + second)[alike] / 2
    p = 1 / (1 + np.exp(-odds))
    ends = np.where(p * COSTS[0, 1] < (1 - p) * COSTS[1, 0], 0, 1)
    drawn = COSTS[ends, sick[alike].astype(int)].mean()
    now = 1 / (1 + np.exp(-(np.log(prior / (1 - prior)) + 0.5)))
    expected = cost_after_image(believe(now, 1, 0.5), COSTS, _with(rho, spread))
    assert alike.sum() > 5_000
    assert expected == pytest.approx(drawn, abs=0.04)
    assert expected < cost_now(believe(now), COSTS) - 0.1


@given(st.floats(0.001, 0.999), st.floats(0, 1), st.floats(0.1, 4), st.integers(1, 5))
def test_knowing_more_never_costs_more(
    p: float, correlation: float, separation: float, n_images: int
) -> None:
    belief = believe(p, n_images, log_odds(p) - log_odds(0.1))
    now = cost_now(belief, COSTS)
    after = cost_after_image(belief, COSTS, _with(correlation, separation))
    assert after is not None
    assert -1e-9 <= after <= now * 1.02 + 1e-9  # the grid of 400 points is not exact
    for table in (TELLING, SILENT, HALF):
        assert cost_after_answer(belief, COSTS, table) <= now + 1e-9


def test_the_belief_before_is_the_mean_of_those_after_an_answer() -> None:
    evidence = Evidence("finding", ("good", "bad"), (0.9, 0.1), 1.0, (0.0, 0.0), {"q": HALF})
    image = np.array([[0.7, 0.3]])
    before = form_belief(image, evidence, (False, True)).probabilities
    mean = np.zeros(2)
    for level, answer in enumerate(HALF.levels):
        after = form_belief(image, evidence, (False, True), answers={"q": answer}).probabilities
        mean += (np.array(HALF.likelihood[level]) @ before) * after
    np.testing.assert_allclose(mean, before)
