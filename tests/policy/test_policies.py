"""What each policy does, and what that costs."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cancerapy.agent.actions import end_costs
from cancerapy.cancers import Cancer, ErrorCosts
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.policy.beliefs import WAYS, Beliefs, cross_fit
from cancerapy.policy.figures import (
    belief_differences,
    belief_figures,
    cost_difference,
    course_figures,
    prevalence_weights,
)
from cancerapy.policy.material import Material
from cancerapy.policy.policies import (
    ALWAYS,
    NEVER,
    REASSURE,
    REFER,
    TEST,
    TOP_CLASS,
    Course,
    run_agent,
    run_costs,
    run_fixed,
)
from cancerapy.policy.sensitivity import FACTORS, LOWEST_COST, cost_of_ends, vary

COSTS = ErrorCosts(20, 1, "made up")


@pytest.fixture(scope="module")
def beliefs(material: Material, cancer: Cancer) -> Beliefs:
    """Return cross-fitted beliefs."""
    return cross_fit(material, cancer)


def test_each_fold_is_judged_by_evidence_of_the_others(
    beliefs: Beliefs, cancer: Cancer, make_material: Callable[..., Material]
) -> None:
    assert set(beliefs.evidence) == {"fold-1", "fold-2", "fold-3"}
    changed = make_material()
    inside = changed.folds == "fold-1"
    changed = replace(changed, log_p=np.where(inside[:, None], -changed.log_p, changed.log_p))
    again = cross_fit(changed, cancer)
    assert again.evidence["fold-1"] == beliefs.evidence["fold-1"]
    assert again.evidence["fold-2"] != beliefs.evidence["fold-2"]


def test_beliefs_get_better_with_images_and_answers(beliefs: Beliefs) -> None:
    bootstrap = GroupBootstrap(beliefs.groups, n_resamples=50)
    loss = {
        way: next(f.value for f in belief_figures(beliefs, way, bootstrap) if f.metric == "nll")
        for way in WAYS
    }
    assert loss["all images"] < loss["one image"]
    assert loss["all images + answers"] < loss["all images"]
    (figure,) = (
        f
        for f in belief_differences(beliefs, "all images", "one image", bootstrap)
        if f.metric == "nll"
    )
    assert figure.value == pytest.approx(loss["all images"] - loss["one image"])
    assert figure.low < figure.value < figure.high


def test_fixed_policies_by_hand(beliefs: Beliefs) -> None:
    sick = beliefs.is_malignant
    assert run_fixed(ALWAYS, beliefs, COSTS).cost.tolist() == np.where(sick, 0, 1).tolist()
    never = run_fixed(NEVER, beliefs, COSTS).cost
    np.testing.assert_allclose(never, np.where(sick, 20.05, 0.05))
    top = run_fixed(TOP_CLASS, beliefs, COSTS).ends
    dark = beliefs.material.log_p[beliefs.material.first].argmax(1) == 0
    assert (top == np.where(dark, REFER, REASSURE)).all()


def test_the_lowest_expected_cost_is_the_lowest(beliefs: Beliefs) -> None:
    course = run_costs("one image", beliefs, COSTS)
    table = end_costs(COSTS, beliefs.material.values, beliefs.malignant.tolist())
    expected = beliefs.probabilities["one image"] @ table.T
    chosen = expected[np.arange(len(expected)), course.ends]
    assert (chosen <= expected.min(axis=1) + 1e-12).all()
    assert set(course.ends.tolist()) == {REASSURE, TEST, REFER}


def test_the_agent_pays_for_what_it_asks(beliefs: Beliefs, cancer: Cancer) -> None:
    course = run_agent(beliefs, replace(cancer, costs=replace(COSTS, image=0.25, question=0.125)))
    plain = cost_of_ends(course.ends, beliefs, COSTS)
    paid = course.cost - plain
    assert (paid[course.n_asked == 0] == 0).all()
    assert (paid >= 0.125 * course.n_asked - 1e-12).all()
    assert (paid <= 0.25 * course.n_asked + 1e-12).all()
    free = run_agent(beliefs, replace(cancer, costs=replace(COSTS, image=0.0, question=0.0)))
    dear = run_agent(beliefs, replace(cancer, costs=replace(COSTS, image=99.0, question=99.0)))
    assert free.n_asked.mean() > course.n_asked.mean() > 0
    assert dear.n_asked.sum() == 0
    assert dear.ends.tolist() == run_costs("one image", beliefs, COSTS).ends.tolist()


def test_figures_by_hand(beliefs: Beliefs) -> None:
    n = len(beliefs.y_true)
    ends = np.where(np.arange(n) % 2 == 0, REFER, REASSURE)
    course = Course(ends, np.arange(n, dtype=float), np.ones(n, np.int64))
    bootstrap = GroupBootstrap(beliefs.groups, n_resamples=50)
    found = {f.metric: f.value for f in course_figures(course, beliefs, None, bootstrap)}
    sick = beliefs.is_malignant
    assert found["cost_per_1000"] == pytest.approx(1000 * (n - 1) / 2)
    assert found["referred"] == 0.5
    assert found["ppv"] == pytest.approx(sick[ends == REFER].mean())
    assert found["npv"] == pytest.approx(1 - sick[ends == REASSURE].mean())
    assert found["missed_per_1000"] == pytest.approx(1000 * (sick & (ends == REASSURE)).mean())
    assert found["asked"] == 1


def test_weights_make_malignant_findings_as_common_as_asked() -> None:
    sick = np.array([True, False, False, False])
    np.testing.assert_allclose(prevalence_weights(sick, 0.1), [0.4, 1.2, 1.2, 1.2])
    assert prevalence_weights(sick, None).tolist() == [1, 1, 1, 1]


def test_predictive_values_follow_from_bayes_at_another_prevalence(beliefs: Beliefs) -> None:
    course = run_fixed(TOP_CLASS, beliefs, COSTS)
    sick, called = beliefs.is_malignant, course.ends == REFER
    sensitivity, false_rate = called[sick].mean(), called[~sick].mean()
    bootstrap = GroupBootstrap(beliefs.groups, n_resamples=50)
    found = {f.metric: f.value for f in course_figures(course, beliefs, 0.02, bootstrap)}
    expected = 0.02 * sensitivity / (0.02 * sensitivity + 0.98 * false_rate)
    assert found["ppv"] == pytest.approx(expected)


def test_a_stated_prevalence_has_no_interval_of_its_own(beliefs: Beliefs) -> None:
    """Whoever never refers misses just the malignant ones, and 20 in 1000 are stated."""
    bootstrap = GroupBootstrap(beliefs.groups, n_resamples=200)
    never, always = (run_fixed(name, beliefs, COSTS) for name in (NEVER, ALWAYS))
    found = {f.metric: f for f in course_figures(never, beliefs, 0.02, bootstrap)}
    missed = found["missed_per_1000"]
    np.testing.assert_allclose([missed.value, missed.low, missed.high], 20)
    np.testing.assert_allclose([found["npv"].low, found["npv"].high], 0.98)
    assert np.isnan(found["ppv"].value)
    own = {f.metric: f for f in course_figures(never, beliefs, None, bootstrap)}["missed_per_1000"]
    assert own.low < own.value < own.high
    difference = cost_difference(never, always, beliefs, 0.02, bootstrap)
    by_hand = 1000 * (0.05 + 0.02 * 20 - 0.98)
    np.testing.assert_allclose([difference.value, difference.low, difference.high], by_hand)


def test_intervals_at_a_prevalence_are_those_of_a_second_way(beliefs: Beliefs) -> None:
    """Sensitivity and false rate of each resample, put together by Bayes."""
    course = run_fixed(TOP_CLASS, beliefs, COSTS)
    bootstrap = GroupBootstrap(beliefs.groups, n_resamples=100)
    sick, called = beliefs.is_malignant, course.ends == REFER
    draws = []
    for weights in (row for block in bootstrap.iter_weights() for row in block):
        sensitivity = (weights * called)[sick].sum() / weights[sick].sum()
        false_rate = (weights * called)[~sick].sum() / weights[~sick].sum()
        draws.append(0.02 * sensitivity / (0.02 * sensitivity + 0.98 * false_rate))
    found = {f.metric: f for f in course_figures(course, beliefs, 0.02, bootstrap)}["ppv"]
    expected = bootstrap.interval(np.array(draws))
    np.testing.assert_allclose([found.low, found.high], [expected.low, expected.high])


def test_a_policy_does_not_differ_from_itself(beliefs: Beliefs) -> None:
    course = run_fixed(ALWAYS, beliefs, COSTS)
    bootstrap = GroupBootstrap(beliefs.groups, n_resamples=50)
    figure = cost_difference(course, course, beliefs, 0.1, bootstrap)
    assert (figure.value, figure.low, figure.high) == (0, 0, 0)


def test_sensitivity_to_a_cost(beliefs: Beliefs) -> None:
    found = vary(beliefs, COSTS, "missed_malignant", "one image", None)
    middle = FACTORS.index(1.0)
    assert found.unaware[middle] == pytest.approx(found.curves[LOWEST_COST][middle])
    never = found.curves[NEVER]
    share = beliefs.is_malignant.mean()
    np.testing.assert_allclose(never, 1000 * (0.05 + 20 * share * np.array(FACTORS)))
    assert (found.curves[ALWAYS] == found.curves[ALWAYS][0]).all()
    assert found.best_fixed()[-1] == ALWAYS
