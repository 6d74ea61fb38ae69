"""In the span of the images the plain network trains as it does on their pixels."""

import numpy as np
import pytest

from cancerapy.errors import DataError
from cancerapy.models.mlp import init_weights
from cancerapy.models.mlp_fit import MLPPlan, fit_mlp
from cancerapy.models.mlp_span import find_span


@pytest.mark.parametrize(("shape", "n_directions"), [((12, 5000), 12), ((12, 5), 5)])
def test_coordinates_keep_every_angle_and_length(shape: tuple[int, int], n_directions: int) -> None:
    inputs = np.random.default_rng(0).normal(size=shape)
    span = find_span(inputs)
    assert span.coordinates.shape == (12, n_directions)
    directions = inputs.T @ span.factors
    np.testing.assert_allclose(directions.T @ directions, np.eye(n_directions), atol=1e-9)
    np.testing.assert_allclose(span.coordinates @ directions.T, inputs, atol=1e-9)


def test_images_with_their_mean_taken_away_span_a_direction_less() -> None:
    inputs = np.random.default_rng(0).normal(size=(12, 50)).astype(np.float32)
    span = find_span(inputs - inputs.mean(axis=0))
    assert span.coordinates.shape == (12, 11)
    assert span.coordinates.dtype == np.float32


@pytest.mark.parametrize("remedy", [{}, {"l2": 0.05}, {"dropout": 0.4}])
def test_training_is_that_of_the_pixels(remedy: dict[str, float]) -> None:
    rng = np.random.default_rng(1)
    inputs, labels = rng.normal(size=(20, 60)), np.arange(20) % 2
    plan = MLPPlan(iterations=60, learning_rate=0.05, seed=3, l2=remedy.get("l2", 0.0))
    plan = MLPPlan(**{**vars(plan), **remedy})
    watched = inputs[14:], labels[14:]
    of_pixels = fit_mlp(inputs[:14], labels[:14], plan, watched)
    span = find_span(inputs)
    start = span.to_coordinates(init_weights(60, plan.n_hidden, plan.seed, inputs.dtype))
    of_span = fit_mlp(
        span.coordinates[:14],
        labels[:14],
        plan,
        (span.coordinates[14:], labels[14:]),
        start=start,
    )
    assert of_pixels.history[0]["loss"] - of_pixels.history[-1]["loss"] > 0.1
    for one, other in zip(of_pixels.history, of_span.history, strict=True):
        assert one == pytest.approx(other, abs=1e-9)


def test_it_refuses_what_is_no_number() -> None:
    with pytest.raises(DataError, match="1 of the 2 given images have some that are not"):
        find_span(np.array([[1.0, np.nan], [1.0, 2.0]]))
