"""Scale, offsets and tables of answers."""

import numpy as np
from scipy.optimize import approx_fprime
from scipy.special import log_softmax

from cancerapy.policy.answers_fit import _Problem, fit_answers


def _draw(n: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw a truth, logits that are twice too sure and off by one, and an answer that tells."""
    generator = np.random.default_rng(1)
    y = (generator.random(n) < 0.25).astype(np.int64)
    ratio = 2 * np.where(y == 1, 1, -1) + 2 * generator.normal(size=n)
    honest = np.stack([np.log(0.75) - ratio / 2, np.log(0.25) + ratio / 2], axis=1)
    log_p = log_softmax(2 * honest + np.array([1.0, 0.0]), axis=1)
    level = (generator.random(n) < np.where(y == 1, 0.8, 0.3)).astype(np.int64)
    level[generator.random(n) < 0.3] = -1
    return log_p, y, level


def test_what_was_put_in_comes_out() -> None:
    log_p, y, level = _draw()
    fitted = fit_answers(log_p, y, np.ones(len(y)), {"q": level}, {"q": 2})
    assert abs(fitted.scale - 0.5) < 0.05
    assert abs(fitted.offset[1] - fitted.offset[0] - 0.5) < 0.15
    np.testing.assert_allclose(fitted.likelihood["q"], [[0.7, 0.2], [0.3, 0.8]], atol=0.05)
    np.testing.assert_allclose(fitted.likelihood["q"].sum(0), 1)


def test_an_answer_that_tells_nothing_gets_a_flat_table() -> None:
    log_p, y, _ = _draw()
    level = np.random.default_rng(2).integers(0, 2, len(y))
    table = fit_answers(log_p, y, np.ones(len(y)), {"q": level}, {"q": 2}).likelihood["q"]
    np.testing.assert_allclose(table[:, 0], table[:, 1], atol=0.03)


def test_the_gradient_is_that_of_the_loss() -> None:
    log_p, y, level = _draw(200)
    other = np.random.default_rng(5).integers(-1, 3, 200)
    weights = np.random.default_rng(6).random(200)
    problem = _Problem(
        log_p, y, weights / weights.sum(), {"q": level, "r": other}, {"q": 2, "r": 3}
    )
    x = np.random.default_rng(4).normal(0, 0.5, problem.n_parameters)
    numeric = approx_fprime(x, lambda at: problem.loss(at)[0], 1e-6)
    np.testing.assert_allclose(problem.loss(x)[1], numeric, atol=2e-5)


def test_without_questions_scale_and_offset_are_fitted_alone() -> None:
    log_p, y, _ = _draw()
    fitted = fit_answers(log_p, y, np.ones(len(y)), {}, {})
    assert fitted.likelihood == {}
    assert abs(fitted.scale - 0.5) < 0.05
