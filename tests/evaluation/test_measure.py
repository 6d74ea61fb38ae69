"""All figures of a task, their intervals, and paired differences."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from cancerapy.cancers import Cancer
from cancerapy.evaluation.calibrated import join_calibrated
from cancerapy.evaluation.calibration import apply_calibration, cross_fitted, fit_calibration
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.evaluation.measure import (
    compare,
    draw_figures,
    measure,
    measure_main,
    point_figures,
)
from cancerapy.evaluation.outcome import with_factor_tasks
from cancerapy.evaluation.predictions import OutOfFold

Draw = Callable[..., OutOfFold]


def test_every_point_figure_has_draws_that_agree_with_it(cancer: Cancer, draw: Draw) -> None:
    """Taking each group once must give the point figure: two implementations, one number."""
    for answer in cross_fitted(draw(60, skill=1.0), cancer).values():
        bootstrap = GroupBootstrap(answer.outcome.groups, n_resamples=1)
        bootstrap._counts[:] = 1
        drawn = draw_figures(answer, bootstrap)
        points = point_figures(answer)
        assert set(drawn) == set(points)
        for name, value in points.items():
            assert drawn[name][0] == pytest.approx(value, abs=1e-9), name


def test_figures_lie_in_their_intervals(cancer: Cancer, draw: Draw) -> None:
    answer = cross_fitted(draw(150, skill=1.0), cancer)["toy-density"]
    figures = {figure.metric: figure for figure in measure(answer, n_resamples=300)}
    assert figures["accuracy"].value == np.mean(answer.outcome.y_pred == answer.outcome.y_true)
    # the calibration errors are biased upwards in resamples, so their point may lie below
    for name, figure in figures.items():
        if "ece" not in name:
            assert figure.low <= figure.value <= figure.high, name
    width = figures["accuracy"].high - figures["accuracy"].low
    assert 0.06 < width < 0.2  # 150 patients near one half: about 4 * sqrt(0.25 / 150..300)


def test_a_class_without_images_is_left_out_of_the_mean_auc(cancer: Cancer, draw: Draw) -> None:
    answer = cross_fitted(draw(60, skill=1.0), cancer)["toy-density"]
    part = answer.part(answer.outcome.y_true != 2)
    outcome, points = part.outcome, point_figures(part)
    present = [k for k in range(6) if k != 2]
    areas = [roc_auc_score(outcome.y_true == k, outcome.probabilities[:, k]) for k in present]
    assert math.isnan(points[f"auc:{outcome.task.class_ids[2]}"])
    assert points["macro_auc"] == pytest.approx(np.mean(areas))
    (figure,) = [f for f in measure(part, n_resamples=100) if f.metric == "macro_auc"]
    assert 0.5 < figure.low < figure.value < figure.high < 1


def test_a_task_without_thresholds_has_no_figures_that_need_them(
    cancer: Cancer, draw: Draw
) -> None:
    calibration = fit_calibration(draw(60), cancer, n_resamples=10)
    answers = apply_calibration(draw(60, seed=1), with_factor_tasks(cancer), calibration)
    figures = {figure.metric for figure in measure(answers["toy/density"], n_resamples=10)}
    whole = {figure.metric for figure in measure(answers["toy-density"], n_resamples=10)}
    assert {"accuracy", "macro_auc", "auc:3"} <= figures
    thresholds = ("conformal", "answered", "point")
    assert {name for name in figures if name.startswith(thresholds)} == set()
    assert len([name for name in whole if name.startswith(thresholds)]) == 6
    joined = join_calibrated([answers["toy/density"], answers["toy/density"]])
    assert (joined.conformal, joined.is_answered, len(joined.outcome)) == (None, None, 240)


def test_the_main_figures_are_the_same_alone(cancer: Cancer, draw: Draw) -> None:
    answer = cross_fitted(draw(60, skill=1.0), cancer)["toy-density"]
    among_all = {figure.metric: figure for figure in measure(answer, n_resamples=50, seed=2)}
    main = measure_main(answer.outcome, n_resamples=50, seed=2)
    assert {figure.metric for figure in main} == {
        "accuracy", "balanced_accuracy", "macro_precision", "macro_f1", "ece", "malignancy_auc",
    }  # fmt: skip
    assert all(among_all[figure.metric] == figure for figure in main)


def test_few_groups_give_no_interval(cancer: Cancer, draw: Draw) -> None:
    answer = cross_fitted(draw(4, n_folds=2), cancer)["toy"]
    figures = measure(answer, n_resamples=100)
    assert figures[0].metric == "accuracy"
    assert 0 <= figures[0].value <= 1
    assert all(math.isnan(figure.low) and math.isnan(figure.high) for figure in figures)


def test_a_model_does_not_differ_from_itself(cancer: Cancer, draw: Draw) -> None:
    answer = cross_fitted(draw(60), cancer)["toy"]
    for figure in compare(answer, answer, n_resamples=50):
        assert (figure.value, figure.low, figure.high) == pytest.approx((0, 0, 0), nan_ok=True)


def test_paired_differences_are_narrower_than_unpaired_ones(cancer: Cancer, draw: Draw) -> None:
    drawn = draw(200, skill=1.5)
    noise = np.random.default_rng(1).normal(0, 1, drawn.logits.shape).astype(np.float32)
    worse = OutOfFold(
        drawn.images[::-1],
        drawn.groups[::-1],
        drawn.folds[::-1],
        drawn.network,
        {name: values[::-1] for name, values in drawn.labels.items()},
        (drawn.logits + 2 * noise)[::-1],
    )
    better, other = cross_fitted(drawn, cancer)["toy"], cross_fitted(worse, cancer)["toy"]
    gain = {f.metric: f for f in compare(better, other, n_resamples=400)}["accuracy"]
    own, others = (
        {f.metric: f for f in measure(a, n_resamples=400)}["accuracy"] for a in (better, other)
    )
    assert gain.value == pytest.approx(own.value - others.value)
    assert gain.interval.excludes_zero
    assert gain.low > 0
    unpaired = math.hypot(own.high - own.low, others.high - others.low)
    assert gain.high - gain.low < unpaired


def test_only_shared_images_are_compared(cancer: Cancer, draw: Draw) -> None:
    drawn = draw(60)
    answer = cross_fitted(drawn, cancer)["toy"]
    part = answer.part(np.arange(30, 120))
    gain = {f.metric: f for f in compare(answer, part, n_resamples=20)}
    assert gain["accuracy"].value == 0
    assert compare(answer.part(np.arange(30)), part, n_resamples=20) == []
