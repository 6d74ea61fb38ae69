"""The action with the lowest expected cost, and the rules above costs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancerapy.agent.actions import Action, end_costs
from cancerapy.agent.belief import Belief
from cancerapy.agent.choice import DENSE, NEEDED_OTHER, NEEDED_UNANSWERED, Choice, choose
from cancerapy.cancers import AnswerTable, ErrorCosts, Evidence, Question

COSTS = ErrorCosts(
    100, 5, "made up", follow_up=0, further_test=1, test_sensitivity=0.8, test_specificity=0.8,
    image=0.05, question=0.01,
)  # fmt: skip
VALUES, FLAGS = ("good", "bad"), (False, True)
TABLE = end_costs(COSTS, VALUES, FLAGS)
MUTE = Evidence("finding", VALUES, (0.9, 0.1), 1.0, (0.0, 0.0))
TELLING = AnswerTable(("yes", "no"), (), ((0.1, 0.9), (0.9, 0.1)))
ASKING = Evidence("finding", VALUES, (0.9, 0.1), 1.0, (0.0, 0.0), {"bled": TELLING}, 0.3, 2.0)
SCOPE = Question("scope", "Was there a dermatoscope?", "yes_no", needed="yes")


def decide(p: float, evidence: Evidence = MUTE, **rules: object) -> Choice:
    belief = Belief(np.array([1 - p, p]), np.array([0.0, 1.0]), 1, 0.0, 0.1)
    return choose(belief, TABLE, COSTS, evidence, **rules)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("p", "action", "cost"),
    [
        (0.01, Action.REASSURE, 1.0),  # 100 x 0.01; a test: 0.99 x 2 + 0.01 x 21
        (0.1, Action.FURTHER_TEST, 0.9 * 2 + 0.1 * 21),  # refer: 4.5
        (0.5, Action.REFER, 2.5),  # a test: 11.5
    ],
)
def test_the_cheapest_end_by_hand(p: float, action: Action, cost: float) -> None:
    choice = decide(p)
    assert choice.option.action is action
    assert choice.option.cost == pytest.approx(cost)
    assert choice.rule is None
    assert [option.cost for option in choice.options] == sorted(o.cost for o in choice.options)


def test_a_telling_question_is_asked_where_it_pays() -> None:
    choice = decide(0.1, ASKING)
    assert (choice.option.action, choice.option.question) == (Action.QUESTION, "bled")
    assert decide(1e-6, ASKING).option.action is Action.REASSURE
    asked = decide(0.1, ASKING, answers={"bled": "yes"})
    assert Action.QUESTION not in {option.action for option in asked.options}


@given(st.floats(1e-6, 1 - 1e-6), st.booleans(), st.sampled_from([MUTE, ASKING]))
def test_no_allowed_action_is_cheaper_than_the_chosen(
    p: float, hides: bool, evidence: Evidence
) -> None:
    choice = decide(p, evidence, hides=hides)
    if choice.rule is None:
        assert choice.option.cost <= min(option.cost for option in choice.options)


@given(st.floats(1e-9, 1 - 1e-9), st.sampled_from([MUTE, ASKING]))
def test_dense_tissue_is_never_reassured(p: float, evidence: Evidence) -> None:
    choice = decide(p, evidence, hides=True)
    assert Action.REASSURE not in {choice.option.action, *(o.action for o in choice.options)}
    if decide(p, MUTE).option.action is Action.REASSURE:
        assert (choice.option.action, choice.rule) == (Action.FURTHER_TEST, DENSE)


@given(st.floats(1e-9, 1 - 1e-9), st.sampled_from([{}, {"scope": "no"}]))
def test_without_the_needed_answer_nothing_is_reassured(p: float, answers: dict[str, str]) -> None:
    choice = decide(p, ASKING, answers=answers, needed=[SCOPE])
    assert Action.REASSURE not in {choice.option.action, *(o.action for o in choice.options)}


def test_a_needed_answer_that_is_open_is_asked_for() -> None:
    choice = decide(0.001, needed=[SCOPE])
    assert (choice.option.action, choice.option.question) == (Action.QUESTION, "scope")
    assert choice.rule == NEEDED_UNANSWERED


def test_another_answer_than_needed_leads_to_a_test() -> None:
    choice = decide(0.001, answers={"scope": "no"}, needed=[SCOPE])
    assert (choice.option.action, choice.rule) == (Action.FURTHER_TEST, NEEDED_OTHER)


def test_dense_tissue_is_tested_even_where_a_referral_is_cheaper_and_an_answer_fell_short() -> None:
    """At p = 0.01 reassuring costs 0.01 x 400 and referring 0.99 x 5."""
    costs = ErrorCosts(
        400, 5, "made up", follow_up=0, further_test=10, test_sensitivity=0.8, test_specificity=0.8,
        image=0.05, question=0.01,
    )  # fmt: skip
    belief = Belief(np.array([0.99, 0.01]), np.array([0.0, 1.0]), 1, 0.0, 0.1)
    table = end_costs(costs, VALUES, FLAGS)
    np.testing.assert_allclose(table @ belief.probabilities, [4.0, 0.99 * 11 + 0.01 * 90, 4.95])
    choice = choose(belief, table, costs, MUTE, answers={"scope": "no"}, needed=[SCOPE], hides=True)
    assert (choice.option.action, choice.rule) == (Action.FURTHER_TEST, DENSE)
    elsewhere = choose(belief, table, costs, MUTE, answers={"scope": "no"}, needed=[SCOPE])
    assert (elsewhere.option.action, elsewhere.rule) == (Action.REFER, NEEDED_OTHER)


def test_what_is_suspicious_needs_no_rule() -> None:
    assert decide(0.9, needed=[SCOPE], hides=True).option.action is Action.REFER
    assert decide(0.9, needed=[SCOPE], hides=True).rule is None
