"""Scale, offsets and tables of answers, fitted together so that what is missing leaves no gap.

The model is ``P(value | image, answers)`` proportional to

    exp(scale x log p + offset) x product over answers of P(answer | value),

with every table a probability of answers, so that an answer that is not given changes nothing and
the expected probability after asking is the probability before. Every image enters with no answer,
with each answer alone and with all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from cancerapy.arrays import Floats, Indices

PENALTY = 1e-4
"""Of the squared log-ratios, beside a mean negative log-likelihood."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What was fitted.

    Args:
        scale: Of the log-probabilities.
        offset: By value, (V,).
        likelihood: By question, ``P(answer | value)``, (levels, V).
    """

    scale: float
    offset: Floats
    likelihood: Mapping[str, Floats]


def fit_answers(
    log_p: Floats,
    y_true: Indices,
    weights: Floats,
    levels: Mapping[str, Indices],
    n_levels: Mapping[str, int],
) -> Fitted:
    """Fit the model by penalised maximum likelihood.

    Args:
        log_p: Log-probabilities of the images, (N, V).
        y_true: Index of the true value, (N,).
        weights: Of the images, (N,).
        levels: By question the level of each image's answer, (N,); -1 where unknown.
        n_levels: By question the number of levels.
    """
    problem = _Problem(log_p, y_true, weights / weights.sum(), levels, n_levels)
    start = np.zeros(problem.n_parameters)
    found = minimize(problem.loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    log_scale, offset, ratios = problem.unpack(found.x)
    return Fitted(
        float(np.exp(log_scale)),
        offset - offset.mean(),
        {name: problem.tables(name, ratios[name]) for name in levels},
    )


class _Problem:
    """Loss and gradient; parameters: log scale, offsets, log-ratios of each question."""

    def __init__(
        self,
        log_p: Floats,
        y_true: Indices,
        weights: Floats,
        levels: Mapping[str, Indices],
        n_levels: Mapping[str, int],
    ) -> None:
        self._log_p, self._levels, self._n_levels = log_p, levels, n_levels
        self._n_values = log_p.shape[1]
        self._truth = np.eye(self._n_values)[y_true]
        self._weights = weights[:, None]
        self._common = {
            name: self._shares(levels[name], n_levels[name], weights) for name in levels
        }
        names: list[str] = list(levels)
        subsets: list[Sequence[str]] = [(), *((name,) for name in names)]
        self._subsets = subsets if len(names) < 2 else [*subsets, names]
        self.n_parameters = 1 + self._n_values * (1 + sum(n_levels.values()))

    @staticmethod
    def _shares(levels: Indices, n: int, weights: Floats) -> Floats:
        """Return how common each level is, (n,), none of them impossible."""
        known = levels >= 0
        counts = np.bincount(levels[known], weights[known], minlength=n) + 0.5 / len(levels)
        return np.asarray(counts / counts.sum())

    def unpack(self, x: Floats) -> tuple[float, Floats, dict[str, Floats]]:
        """Return log scale, offsets (V,) and log-ratios (levels, V) by question."""
        place = 1 + self._n_values
        ratios = {}
        for name in self._levels:
            size = self._n_levels[name] * self._n_values
            ratios[name] = x[place : place + size].reshape(-1, self._n_values)
            place += size
        return float(x[0]), x[1 : 1 + self._n_values], ratios

    def tables(self, name: str, ratios: Floats) -> Floats:
        """Return ``P(answer | value)`` of a question, (levels, V)."""
        shares = self._common[name][:, None] * np.exp(ratios)
        return np.asarray(shares / shares.sum(0))

    def loss(self, x: NDArray[np.float64]) -> tuple[float, Floats]:
        """Return the mean negative log-likelihood with penalty, and its gradient."""
        log_scale, offset, ratios = self.unpack(x)
        base = np.exp(log_scale) * self._log_p + offset
        tables = {name: self.tables(name, own) for name, own in ratios.items()}
        says = {name: self._evidence(name, tables[name]) for name in ratios}
        total = PENALTY * sum(float((own**2).sum()) for own in ratios.values())
        gradient = {name: 2 * PENALTY * own for name, own in ratios.items()}
        residual_sum = np.zeros_like(base)
        for subset in self._subsets:
            log_q = log_softmax(base + sum(says[name] for name in subset), axis=1)
            total -= float((self._weights * self._truth * log_q).sum()) / len(self._subsets)
            residual = self._weights * (np.exp(log_q) - self._truth) / len(self._subsets)
            residual_sum += residual
            for name in subset:
                gradient[name] = gradient[name] + self._pull(name, tables[name], residual)
        slope = float((residual_sum * self._log_p).sum()) * np.exp(log_scale)
        parts = [[slope], residual_sum.sum(0), *(own.ravel() for own in gradient.values())]
        return total, np.concatenate(parts)

    def _evidence(self, name: str, table: Floats) -> Floats:
        """Return ``log P(answer | value) - log P(answer)`` of each image, (N, V)."""
        ratio = np.log(table / self._common[name][:, None])
        padded = np.vstack([ratio, np.zeros(self._n_values)])  # the last row: unknown, -1
        return np.asarray(padded[self._levels[name]])

    def _pull(self, name: str, table: Floats, residual: Floats) -> Floats:
        known = self._levels[name] >= 0
        result = np.zeros_like(table)
        np.add.at(result, self._levels[name][known], residual[known])
        return np.asarray(result - table * residual[known].sum(0))
