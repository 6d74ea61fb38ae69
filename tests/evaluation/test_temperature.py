"""The temperature against a search over a grid and against the truth."""

import numpy as np
import pytest

from cancerapy.evaluation.temperature import HIGHEST, LOWEST, fit_temperature


def draw(temperature: float, n: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Labels drawn from softmax(logits / temperature)."""
    generator = np.random.default_rng(3)
    logits = generator.normal(0, 3, (n, 4))
    weights = np.exp(logits / temperature)
    limits = np.cumsum(weights / weights.sum(1, keepdims=True), axis=1)
    return logits, (generator.random(n)[:, None] > limits).sum(1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_made_the_labels_is_found(temperature: float) -> None:
    assert fit_temperature(draw(temperature)) == pytest.approx(temperature, rel=0.05)


def test_it_is_the_minimum_of_the_negative_log_likelihood() -> None:
    logits, labels = draw(1.7, 500)

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        own = scaled[np.arange(500), labels]
        return float((np.log(np.exp(scaled).sum(1)) - own).mean())

    found = fit_temperature((logits, labels))
    assert loss(found) <= min(loss(t) for t in np.geomspace(0.2, 9, 400)) + 1e-9


def test_unknown_labels_have_no_say() -> None:
    logits, labels = draw(1.7, 500)
    more = np.concatenate([logits, np.full((100, 4), 50.0)])
    unknown = np.concatenate([labels, np.full(100, -1)])
    assert fit_temperature((more, unknown)) == pytest.approx(fit_temperature((logits, labels)))
    assert fit_temperature((logits, np.full(500, -1))) == 1.0


def test_it_stays_in_its_range() -> None:
    logits = np.tile([0.5, -0.5], (30, 1))
    right, wrong = np.zeros(30, dtype=int), np.ones(30, dtype=int)
    assert fit_temperature((logits, right)) == pytest.approx(LOWEST, rel=0.01)
    assert fit_temperature((logits, wrong)) == pytest.approx(HIGHEST, rel=0.01)


def test_two_readings_share_the_temperature_between_their_own() -> None:
    sure, timid = draw(0.5), draw(2.0)
    both = fit_temperature(sure, timid)
    assert fit_temperature(sure) < both < fit_temperature(timid)
    again = fit_temperature((np.tile(sure[0], (3, 1)), np.tile(sure[1], 3)), timid)
    assert again == pytest.approx(both, rel=1e-3), "a reading counts once, not by its images"
