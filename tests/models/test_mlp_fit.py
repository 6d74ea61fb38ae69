"""Gradient descent on toys: what it learns, what each remedy does, what is refused."""

import math
from typing import Any

import numpy as np
import pytest

from cancerapy.errors import DataError, PlanError
from cancerapy.models import mlp
from cancerapy.models.mlp import (
    Weights,
    compute_gradients,
    compute_loss,
    init_weights,
    predict_probabilities,
)
from cancerapy.models.mlp_fit import Fit, MLPPlan, Row, fit_mlp

XOR = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], np.float32)
XOR_LABELS = np.array([0, 1, 1, 0])

Part = tuple[np.ndarray, np.ndarray]


@pytest.fixture
def parts() -> tuple[Part, Part]:
    """12 training and 40 validation images whose first of 30 inputs tells the class."""
    rng = np.random.default_rng(9)

    def draw(n: int) -> Part:
        labels = np.arange(n) % 2
        inputs = rng.normal(size=(n, 30))
        inputs[:, 0] += 3 * labels - 1.5
        return inputs, labels

    return draw(12), draw(40)


OVERFITTING = MLPPlan(iterations=300, learning_rate=0.1, record_every=5)


def _same(one: Weights, other: Weights) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_it_learns_what_no_straight_line_separates() -> None:
    fit = fit_mlp(XOR, XOR_LABELS, MLPPlan(iterations=1000, learning_rate=0.3))
    np.testing.assert_allclose(predict_probabilities(fit.weights, XOR), XOR_LABELS, atol=0.05)
    assert fit.history[-1]["accuracy"] == 1
    assert 0 < fit.history[-1]["loss"] < 0.05 < fit.history[0]["loss"]


def test_a_step_goes_down_the_gradient() -> None:
    plan = MLPPlan(n_hidden=3, iterations=1, learning_rate=0.5, l2=0.1, seed=6)
    first = init_weights(2, 3, seed=6)
    gradients = compute_gradients(first, XOR, XOR_LABELS, l2=0.1)
    found = fit_mlp(XOR, XOR_LABELS, plan).weights
    for old, slope, new in zip(first, gradients, found, strict=True):
        assert slope.any()
        np.testing.assert_allclose(new, old - 0.5 * slope, rtol=0, atol=1e-6)


def test_the_history_is_of_the_recorded_iterations(parts: tuple[Part, Part]) -> None:
    (inputs, labels), validation = parts
    shown: list[Row] = []
    plan = MLPPlan(iterations=10, record_every=4, l2=0.2, dropout=0.5)
    fit = fit_mlp(inputs, labels, plan, validation, shown.append)
    assert [row["iteration"] for row in fit.history] == [0, 4, 8, 10]
    assert shown == fit.history
    last = fit.history[-1]
    # All units on and without the penalty.
    assert last["loss"] == pytest.approx(compute_loss(fit.weights, inputs, labels))
    assert last["validation_loss"] == pytest.approx(compute_loss(fit.weights, *validation))
    for name, (images, truth) in {"": (inputs, labels), "validation_": validation}.items():
        found = predict_probabilities(fit.weights, images) >= 0.5
        assert last[f"{name}accuracy"] == pytest.approx(np.mean(found == truth))
    assert set(fit_mlp(inputs, labels, plan).history[0]) == {"iteration", "loss", "accuracy"}


def test_the_seed_decides(parts: tuple[Part, Part]) -> None:
    inputs, labels = parts[0]
    plan = MLPPlan(iterations=20, learning_rate=0.05, dropout=0.3, seed=1)
    first = fit_mlp(inputs, labels, plan)
    again = fit_mlp(inputs, labels, plan)
    assert _same(first.weights, again.weights)
    assert first.history == again.history
    other = fit_mlp(inputs, labels, MLPPlan(iterations=20, learning_rate=0.05, dropout=0.3, seed=2))
    assert not _same(first.weights, other.weights)


def test_dropout_changes_the_steps_and_not_the_start(parts: tuple[Part, Part]) -> None:
    inputs, labels = parts[0]
    fits = [
        fit_mlp(inputs, labels, MLPPlan(iterations=200, learning_rate=0.1, dropout=rate))
        for rate in (0.0, 0.5)
    ]
    plain, dropped = (fit.history for fit in fits)
    assert plain[0] == dropped[0]
    # It holds back the learning of what is particular to the training images.
    assert plain[-1]["loss"] < dropped[-1]["loss"] < dropped[0]["loss"]


def test_each_step_and_each_seed_drops_others(monkeypatch: pytest.MonkeyPatch) -> None:
    draw, drawn = mlp.draw_dropout, []

    def note(rng: np.random.Generator, shape: tuple[int, int], rate: float) -> np.ndarray:
        drawn.append(draw(rng, shape, rate))
        return drawn[-1]

    monkeypatch.setattr(mlp, "draw_dropout", note)
    for seed in (1, 2):
        fit_mlp(XOR, XOR_LABELS, MLPPlan(n_hidden=20, iterations=2, dropout=0.5, seed=seed))
    assert [one.shape for one in drawn] == [(4, 20)] * 4
    assert len({one.tobytes() for one in drawn}) == 4


def test_the_penalty_alone_shrinks_the_weights_by_a_factor_a_step() -> None:
    """Dark images open no unit, so nothing else moves the weights: (1 - 2 rate l2) each step."""
    dark = np.zeros((4, 5))
    plan = MLPPlan(n_hidden=3, iterations=10, learning_rate=0.5, l2=0.1, seed=2)
    first = init_weights(5, 3, seed=2, dtype=np.float64)
    found = fit_mlp(dark, np.array([0, 1, 1, 1]), plan).weights
    np.testing.assert_allclose(found.hidden, first.hidden * 0.9**10)
    np.testing.assert_allclose(found.output, first.output * 0.9**10)
    assert 0.3 < found.output_bias[0] < math.log(3), "on its way to the classes' log odds"


def test_the_penalty_lowers_weights_and_raises_the_training_loss(
    parts: tuple[Part, Part],
) -> None:
    inputs, labels = parts[0]
    free, held = (
        fit_mlp(inputs, labels, MLPPlan(iterations=200, learning_rate=0.1, l2=l2))
        for l2 in (0.0, 0.01)
    )
    norms = [np.sum(fit.weights.hidden**2) for fit in (free, held)]
    assert 0.1 * norms[0] < norms[1] < 0.9 * norms[0]
    assert free.history[-1]["loss"] < held.history[-1]["loss"]


def test_early_stopping_keeps_the_weights_of_the_lowest_validation_loss(
    parts: tuple[Part, Part],
) -> None:
    (inputs, labels), validation = parts
    plan = MLPPlan(iterations=300, learning_rate=0.1, record_every=5, patience=20)
    fit = fit_mlp(inputs, labels, plan, validation)
    losses = [row["validation_loss"] for row in fit.history]
    lowest = int(np.argmin(losses))
    assert 0 < lowest < len(losses) - 1
    assert fit.iteration == 5 * lowest
    assert fit.history[-1]["iteration"] == fit.iteration + 20 < 300
    assert compute_loss(fit.weights, *validation) == pytest.approx(losses[lowest], rel=1e-12)
    short = MLPPlan(iterations=fit.iteration, learning_rate=0.1, record_every=5)
    assert _same(fit.weights, fit_mlp(inputs, labels, short).weights)


def test_without_patience_the_validation_part_chooses_nothing(parts: tuple[Part, Part]) -> None:
    (inputs, labels), validation = parts
    watched = fit_mlp(inputs, labels, OVERFITTING, validation)
    assert watched.iteration == 300
    losses = [row["validation_loss"] for row in watched.history]
    assert min(losses) < losses[-1], "stopping would have chosen others"
    assert _same(watched.weights, fit_mlp(inputs, labels, OVERFITTING).weights)


def test_whole_labels_leave_single_precision_single() -> None:
    fit = fit_mlp(XOR, XOR_LABELS, MLPPlan(iterations=2, dropout=0.5, l2=0.1))
    assert {array.dtype for array in fit.weights} == {np.dtype(np.float32)}


@pytest.mark.parametrize("validated", [False, True])
def test_a_training_that_diverges_says_so(validated: bool) -> None:
    validation = (XOR, XOR_LABELS) if validated else None
    with pytest.raises(
        DataError,
        match=r"^Losses must be finite numbers; 'loss' of iteration 5 is nan\. The training "
        r"diverged: lower its learning rate and run it again\.$",
    ):
        fit_mlp(XOR, XOR_LABELS, MLPPlan(learning_rate=1e30, record_every=5), validation)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("n_hidden", 0, "at least 1"),
        ("iterations", 0, "at least 1"),
        ("learning_rate", 0.0, "above 0 and finite"),
        ("learning_rate", math.inf, "above 0 and finite"),
        ("learning_rate", math.nan, "above 0 and finite"),
        ("dropout", 1.0, "at least 0 and below 1"),
        ("dropout", -0.1, "at least 0 and below 1"),
        ("l2", -1.0, "at least 0 and finite"),
        ("patience", -1, "at least 0"),
        ("record_every", 0, "at least 1"),
        ("seed", -1, "at least 0"),
    ],
)
def test_a_plan_out_of_range_is_refused(name: str, value: Any, allowed: str) -> None:
    with pytest.raises(
        PlanError, match=rf"^'{name}' must be {allowed}; it is {value}\.$"
    ) as raised:
        MLPPlan(**{name: value})
    assert raised.value.field == name


def test_patience_needs_a_validation_part() -> None:
    with pytest.raises(
        PlanError, match=r"^'patience' must be 0 where there is no validation part; it is 7\. Set "
    ) as raised:
        fit_mlp(XOR, XOR_LABELS, MLPPlan(patience=7))
    assert raised.value.field == "patience"


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (
            np.array([0, 1, 1]),
            r"^There must be one label for each of the 4 {part} images; their shape "
            r"is \(3,\)\. Give a vector in the order of the images\.$",
        ),
        (XOR_LABELS[:, None], r"the 4 {part} images; their shape is \(4, 1\)\."),
        (
            np.array([0, 1, 2, 3]),
            r"^Labels must be 0 or 1; 2 of the {part} images have others, the first "
            r"2\. This network tells two classes apart\.$",
        ),
        (np.array([0, 1, np.nan, 1]), r"1 of the {part} images have others, the first nan\."),
    ],
)
@pytest.mark.parametrize("part", ["training", "validation"])
def test_labels_that_cannot_be_are_refused(part: str, labels: np.ndarray, message: str) -> None:
    with pytest.raises(DataError, match=message.format(part=part)):
        _fit_with(part, XOR, labels)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (np.full((4, 2), np.nan), r"4 of the 4 {part} images have some that are not"),
        (np.ones(4), r"the {part} ones have \(4,\)\."),
        (np.ones((4, 2), int), r"the {part} ones are int64\."),
    ],
)
@pytest.mark.parametrize("part", ["training", "validation"])
def test_inputs_that_cannot_be_are_refused(part: str, inputs: np.ndarray, message: str) -> None:
    with pytest.raises(DataError, match=message.format(part=part)):
        _fit_with(part, inputs, XOR_LABELS)


def test_validation_images_are_as_large_as_those_of_the_training() -> None:
    with pytest.raises(DataError, match=r"\(images, 2\); the validation ones have \(4, 3\)\."):
        _fit_with("validation", np.ones((4, 3)), XOR_LABELS)


def _fit_with(part: str, inputs: np.ndarray, labels: np.ndarray) -> Fit:
    plan = MLPPlan(iterations=1)
    if part == "training":
        return fit_mlp(inputs, labels, plan, (XOR, XOR_LABELS))
    return fit_mlp(XOR, XOR_LABELS, plan, (inputs, labels))
