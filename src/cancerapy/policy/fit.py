"""Evidence from out-of-fold predictions: scale, offsets, answers, and how far images repeat."""

from dataclasses import replace
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from cancerapy.agent.belief import effective_images
from cancerapy.agent.examination import malignant_values
from cancerapy.arrays import Floats, Indices
from cancerapy.cancers import AnswerTable, Cancer, Evidence
from cancerapy.evaluation.discrimination import auc
from cancerapy.policy.answers_fit import Fitted, fit_answers
from cancerapy.policy.material import Material

EDGES = (30.0, 40.0, 50.0, 60.0, 70.0, 80.0)
"""Where the ranges of a number begin: decades of age."""

_CORRELATIONS = np.linspace(0, 1, 101)
_DIGITS = 5


def fit_evidence(
    material: Material,
    cancer: Cancer,
    keep: NDArray[np.bool_] | None = None,
    *,
    command: str = "",
) -> Evidence:
    """Fit what images and answers say.

    Args:
        material: Predictions by examination.
        cancer: The cancer.
        keep: Images that are used, (N,); all by default.
        command: The command that fits, for the record.
    """
    rows = np.flatnonzero(np.ones(len(material.y_true), bool) if keep is None else keep)
    tables = {name: _empty_table(cancer, material, name) for name in material.answers}
    levels = {name: _levels(table, material.answers[name][rows]) for name, table in tables.items()}
    weights = material.weights[rows]
    fitted = fit_answers(
        material.log_p[rows],
        material.y_true[rows],
        weights,
        levels,
        {name: len(table.levels) for name, table in tables.items()},
    )
    n_values = len(material.values)
    counts = np.bincount(material.y_true[rows], weights, minlength=n_values) + 1e-9
    prior = counts / counts.sum()
    ratio = image_ratios(material.log_p[rows], fitted, prior)
    evidence = Evidence(
        material.factor,
        material.values,
        _rounded(prior),
        round(fitted.scale, _DIGITS),
        _rounded(fitted.offset),
        {
            name: replace(table, likelihood=tuple(map(_rounded, fitted.likelihood[name])))
            for name, table in tables.items()
        },
        _fit_correlation(ratio, material.y_true[rows], material.examinations[rows], prior),
        0.0,
        material.record.plan_digest,
        command,
    )
    flags = np.array(malignant_values(cancer, evidence))
    return replace(evidence, separation=_separation(ratio, prior, flags, material.y_true[rows]))


def image_ratios(log_p: Floats, fitted: Fitted, prior: Floats) -> Floats:
    """Return ``log P(value | image) - log prior`` of each image, (N, V)."""
    scores = fitted.scale * log_p + fitted.offset
    scores = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return np.asarray(scores - np.log(prior))


def _empty_table(cancer: Cancer, material: Material, name: str) -> AnswerTable:
    question = next(q for q in cancer.questions if q.id == name)
    if question.kind == "number":
        bounds = [f"{low:g} to {high - 1:g}" for low, high in pairwise(EDGES)]
        words = (f"under {EDGES[0]:g}", *bounds, f"{EDGES[-1]:g} or more")
        return AnswerTable(words, EDGES, ())
    given = set(material.answers[name].tolist())
    return AnswerTable(tuple(choice for choice in question.choices if choice in given), (), ())


def _levels(table: AnswerTable, answers: NDArray[np.str_]) -> Indices:
    found = {answer: table.level_of(answer) for answer in set(answers.tolist())}
    numbers = {answer: -1 if level is None else level for answer, level in found.items()}
    return np.array([numbers[answer] for answer in answers.tolist()], dtype=np.int64)


def _fit_correlation(
    ratio: Floats, y_true: Indices, examinations: Indices, prior: Floats
) -> float | None:
    """Return the correlation under which joined images make the true values most likely."""
    _, first, counts = np.unique(examinations, return_index=True, return_counts=True)
    several = counts > 1
    if not several.any():
        return None
    means = np.add.reduceat(ratio, first, axis=0)[several] / counts[several][:, None]
    truth = y_true[first][several]
    losses = []
    for correlation in _CORRELATIONS:
        n = [effective_images(int(count), float(correlation)) for count in counts[several]]
        scores = np.log(prior) + np.array(n)[:, None] * means
        own = scores[np.arange(len(truth)), truth]
        losses.append(float((np.logaddexp.reduce(scores, axis=1) - own).mean()))
    return round(float(_CORRELATIONS[int(np.argmin(losses))]), 2)


def _separation(ratio: Floats, prior: Floats, malignant: NDArray[np.bool_], y: Indices) -> float:
    """Return ``sqrt(2)`` times the normal quantile of the AUC of malignancy."""
    scores = ratio + np.log(prior)
    if not malignant.any() or malignant.all():
        return 0.0
    odds = np.logaddexp.reduce(scores[:, malignant], axis=1) - np.logaddexp.reduce(
        scores[:, ~malignant], axis=1
    )
    area = min(max(auc(malignant[y], odds), 0.5), 0.9999)
    return 0.0 if np.isnan(area) else round(2**0.5 * NormalDist().inv_cdf(area), 3)


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), _DIGITS) for value in values)
