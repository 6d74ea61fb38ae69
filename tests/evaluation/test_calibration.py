"""Calibration out of fold: right temperatures, honest folds, thresholds that hold."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cancerapy.cancers import Cancer, ClassLabel, Factor, Network, Task
from cancerapy.errors import DataError
from cancerapy.evaluation.calibration import (
    CalibrationChoices,
    apply_calibration,
    cross_fitted,
    cross_fitted_parts,
    fit_calibration,
)
from cancerapy.evaluation.calibration_error import top_label_calibration_error
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.temperature import fit_temperature

Draw = Callable[..., OutOfFold]


def test_the_temperature_undoes_overconfidence(cancer: Cancer, draw: Draw) -> None:
    fitted = fit_calibration(draw(600, temperature=3.0), cancer, n_resamples=20)
    for factor in fitted.factors:
        assert factor.temperature == pytest.approx(3.0, rel=0.12)
    right = fit_calibration(draw(600, temperature=1.0), cancer, n_resamples=20)
    for factor in right.factors:
        assert factor.temperature == pytest.approx(1.0, rel=0.12)


def test_a_task_of_some_values_has_its_say_in_the_temperature(cancer: Cancer, draw: Draw) -> None:
    drawn = draw(300, temperature=2.0)
    density = drawn.logits[:, cancer.network.slices["density"]].copy()
    density[:, 1] *= 5  # only who is asked for all three is far too sure
    drawn.logits[:, cancer.network.slices["density"]] = density
    outer = tuple(
        ClassLabel(value, f"Density {value}", ".", {"density": value}) for value in ("3", "1")
    )
    every = (*outer, ClassLabel("2", "Density 2", ".", {"density": "2"}))

    def fitted(*classes: tuple[ClassLabel, ...]) -> float:
        tasks = tuple(Task(f"t{n}", "T", labels) for n, labels in enumerate(classes))
        calibration = fit_calibration(drawn, replace(cancer, tasks=tasks), n_resamples=10)
        return calibration.factors[1].temperature

    labels = drawn.labels["density"]
    known = labels != 1
    pair = density[known][:, [0, 2]], labels[known] // 2
    assert fitted(outer) == pytest.approx(fit_temperature(pair))
    assert fitted(every) == pytest.approx(fit_temperature((density, labels)))
    assert fitted(outer, every) == pytest.approx(fit_temperature(pair, (density, labels)))
    assert fitted(outer) < fitted(outer, every) < fitted(every)


def test_cross_fitted_probabilities_are_calibrated(cancer: Cancer, draw: Draw) -> None:
    answers = cross_fitted(draw(800, temperature=4.0, skill=1.0), cancer)
    for answer in answers.values():
        outcome = answer.outcome
        np.testing.assert_allclose(outcome.probabilities.sum(1), 1)
        assert top_label_calibration_error(outcome.y_true, outcome.probabilities) < 0.05
    joint = answers["toy-density"].outcome
    assert joint.probabilities.shape == (1600, 6)


def test_a_fold_is_calibrated_without_itself(cancer: Cancer, draw: Draw) -> None:
    """Poison: all truths of one fold are turned round. Only the other folds may notice."""
    drawn = draw(90)
    poisoned = {name: values.copy() for name, values in drawn.labels.items()}
    inside = drawn.folds == "fold-2"
    poisoned["malignancy"][inside] = 1 - poisoned["malignancy"][inside]
    before = cross_fitted(drawn, cancer)["toy"]
    after = cross_fitted(replace(drawn, labels=poisoned), cancer)["toy"]
    own = before.outcome.folds == "fold-2"
    assert own.sum() == 60
    np.testing.assert_array_equal(
        before.outcome.probabilities[own], after.outcome.probabilities[own]
    )
    assert before.conformal is not None
    assert after.conformal is not None
    np.testing.assert_array_equal(before.conformal[own], after.conformal[own])
    assert before.is_called is not None
    assert after.is_called is not None
    np.testing.assert_array_equal(before.is_called[own], after.is_called[own])
    others_change = np.abs(before.outcome.probabilities - after.outcome.probabilities)[~own]
    assert others_change.max() > 0.05


def test_a_shift_between_folds_costs_sensitivity_out_of_fold(cancer: Cancer, draw: Draw) -> None:
    """One fold's malignant logits are low: its images must not lower their own threshold."""
    drawn = draw(300)
    logits = drawn.logits.copy()
    logits[drawn.folds == "fold-1", 1] -= 3
    point = (
        fit_calibration(replace(drawn, logits=logits), cancer, n_resamples=50)
        .tasks["toy"]
        .operating_point
    )
    assert point is not None
    assert 0.6 < point.sensitivity < 0.88
    assert point.sensitivity_interval[0] < point.sensitivity < point.sensitivity_interval[1]


def test_the_operating_point_reaches_its_target(cancer: Cancer, draw: Draw) -> None:
    choices = CalibrationChoices(target_sensitivity=0.8)
    fields = fit_calibration(draw(500), cancer, choices, n_resamples=100).tasks["toy"]
    point = fields.operating_point
    assert point is not None
    assert point.name == "sensitivity_80"
    assert point.sensitivity == pytest.approx(0.8, abs=0.03)
    assert 0.9 < point.specificity <= 1
    assert 0 < point.threshold < 1


def test_conformal_sets_cover_out_of_fold(cancer: Cancer, draw: Draw) -> None:
    drawn = draw(600, skill=1.0)
    answers = cross_fitted(drawn, cancer)
    for answer in answers.values():
        assert answer.conformal is not None
        rows = np.arange(len(answer.outcome))
        covered = answer.conformal[rows, answer.outcome.y_true].mean()
        assert covered == pytest.approx(0.9, abs=0.03)
    fields = fit_calibration(drawn, cancer, n_resamples=10).tasks["toy-density"]
    assert set(fields.conformal_kind.values()) == {"class"}
    strict = CalibrationChoices(min_groups=10_000)
    fields = fit_calibration(drawn, cancer, strict, n_resamples=10).tasks["toy-density"]
    assert set(fields.conformal_kind.values()) == {"marginal"}
    assert len(set(fields.conformal_thresholds.values())) == 1


def test_a_plain_answer_needs_confidence_and_one_class_left(cancer: Cancer, draw: Draw) -> None:
    answer = cross_fitted(draw(500, skill=1.0), cancer)["toy"]
    assert answer.conformal is not None
    assert answer.is_answered is not None
    has_one = answer.conformal.sum(1) == 1
    assert 0.1 < has_one.mean() < 0.9
    assert not answer.is_answered[~has_one].any()
    # Of all images a tenth lacks confidence, most of them with both classes left.
    assert 0.8 < answer.is_answered[has_one].mean() <= 1
    right = answer.outcome.y_pred == answer.outcome.y_true
    assert right[answer.is_answered].mean() > right[~answer.is_answered].mean() + 0.1


def test_unknown_labels_do_not_take_part(
    cancer: Cancer, draw: Draw, with_unknown: Callable[..., OutOfFold]
) -> None:
    answers = cross_fitted(with_unknown(draw(60), "density", 40), cancer)
    assert len(answers["toy"].outcome) == 120
    assert len(answers["toy-density"].outcome) == 80


def test_other_images_can_be_read_with_a_calibration(cancer: Cancer, draw: Draw) -> None:
    calibration = fit_calibration(draw(300, temperature=2.0), cancer, n_resamples=10)
    answer = apply_calibration(draw(300, temperature=2.0, seed=9), cancer, calibration)["toy"]
    outcome = answer.outcome
    assert top_label_calibration_error(outcome.y_true, outcome.probabilities) < 0.05
    assert answer.is_called is not None
    positives = outcome.y_true == 1
    assert answer.is_called[positives].mean() == pytest.approx(0.9, abs=0.05)


def test_one_fold_cannot_be_calibrated_out_of_fold(cancer: Cancer, draw: Draw) -> None:
    with pytest.raises(DataError, match="at least two folds; there is only fold-1"):
        fit_calibration(draw(20, n_folds=1), cancer)


def test_predictions_of_another_network_are_refused(cancer: Cancer, draw: Draw) -> None:
    other = replace(draw(20), network=Network((Factor("tissue", ("a", "b", "c", "d", "e")),)))
    with pytest.raises(DataError, match=r"Predictions of 'toy' must answer .* these answer"):
        fit_calibration(other, cancer)


def test_a_task_without_images_is_named(
    cancer: Cancer, draw: Draw, with_unknown: Callable[..., OutOfFold]
) -> None:
    with pytest.raises(DataError, match="task 'toy-density' has none in these folds"):
        fit_calibration(with_unknown(draw(20), "density", 40), cancer)


def _elsewhere(drawn: OutOfFold, shift: float) -> OutOfFold:
    """Return the same predictions of patients elsewhere, whose malignancy gets lower logits."""
    logits = drawn.logits.copy()
    logits[:, 1] -= shift
    names = {
        "images": np.array([f"own-{image}" for image in drawn.images]),
        "groups": np.array([f"own-{group}" for group in drawn.groups]),
    }
    return replace(drawn, logits=logits, **names)


def test_the_operating_point_holds_for_added_images_too(cancer: Cancer, draw: Draw) -> None:
    drawn, added = draw(300, skill=1.0), _elsewhere(draw(60, skill=1.0, seed=1), 2.0)
    alone = apply_calibration(added, cancer, fit_calibration(drawn, cancer, n_resamples=5))["toy"]
    both = fit_calibration(drawn, cancer, added=added, n_resamples=5)
    told = apply_calibration(added, cancer, both)["toy"]
    malignant = told.outcome.y_true == 1
    assert alone.is_called[malignant].mean() < 0.7
    assert 0.9 <= told.is_called[malignant].mean() < 0.95
    point = both.tasks["toy"].operating_point
    assert point
    shipped = apply_calibration(drawn, cancer, both)["toy"]
    assert shipped.is_called[shipped.outcome.y_true == 1].mean() > 0.95
    # What is stated is of thresholds that the images had no part in, on all of them together.
    honest = cross_fitted_parts(drawn, added, cancer)
    called, truth = (
        np.concatenate(parts)
        for parts in zip(
            *((part["toy"].is_called, part["toy"].outcome.y_true == 1) for part in honest),
            strict=True,
        )
    )
    assert point.sensitivity == pytest.approx(called[truth].mean())


def test_a_fold_of_added_images_has_no_part_in_its_own_calibration(
    cancer: Cancer, draw: Draw
) -> None:
    drawn, added = draw(90, skill=1.0), _elsewhere(draw(60, skill=1.0, seed=1), 2.0)
    shipped, before = cross_fitted_parts(drawn, added, cancer)
    assert before["toy"].outcome.images.tolist() != added.images.tolist()  # by fold
    assert set(before["toy"].outcome.images) == set(added.images)
    first = added.folds == "fold-1"
    poisoned = {name: np.where(first, 0, labels) for name, labels in added.labels.items()}
    after = cross_fitted_parts(drawn, replace(added, labels=poisoned), cancer)[1]["toy"]
    rows = before["toy"].outcome.folds == "fold-1"
    np.testing.assert_array_equal(
        before["toy"].outcome.probabilities[rows], after.outcome.probabilities[rows]
    )
    assert (before["toy"].outcome.probabilities[~rows] != after.outcome.probabilities[~rows]).any()
    alone = cross_fitted(drawn, cancer)["toy"].outcome.probabilities
    assert (shipped["toy"].outcome.probabilities != alone).any()
    with_added = cross_fitted(drawn, cancer, added=added)["toy"].outcome.probabilities
    np.testing.assert_array_equal(with_added, shipped["toy"].outcome.probabilities)
