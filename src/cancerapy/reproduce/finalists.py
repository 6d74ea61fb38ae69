"""The best state of a search and the plan before it, on the fold that the search has not seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cancerapy.arrays import Indices, Logits
from cancerapy.data.manifest import Manifest
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.reproduce.trained import assess_plainly
from cancerapy.training.cross_validation import make_splits, split_digest
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan
from cancerapy.training.session import open_material
from cancerapy.tuning.dimensions import plan_values
from cancerapy.tuning.problem import Problem
from cancerapy.tuning.proxy import proxy_plan, restrict_manifest
from cancerapy.tuning.state import train_and_predict
from cancerapy.tuning.trials_table import Row


@dataclass(frozen=True, slots=True)
class Judged:
    """What the held-out fold says.

    Args:
        figures: Of the best state, by metric.
        before: Of the plan before the search.
        differences: Best state minus plan before, in pairs.
        plan: Digest of the best state's plan.
        split: Digest of the fold.
        n_images: Images of the fold.
        n_groups: Its groups.
    """

    figures: Mapping[str, Figure]
    before: Mapping[str, Figure]
    differences: Mapping[str, Figure]
    plan: str
    split: str
    n_images: int
    n_groups: int


@dataclass(frozen=True, slots=True)
class _Sides:
    """Proxy and held-out fold in one manifest, with the rows of each side."""

    manifest: Manifest
    fit: Indices
    inner: Indices
    judged: Indices
    split: str


def judge_finalists(problem: Problem, best: Row) -> Judged:
    """Train both as the states were trained, and judge them on the held-out fold.

    Args:
        problem: The search.
        best: Its best state.
    """
    moves: dict[str, Any] = {}
    for name, value in best.params.items():
        moves |= plan_values(name, value)
    plan, request = problem.plan(moves), problem.request
    with open_material(problem.cancer, request.plan, request.settings, request.source) as whole:
        sides = _divide(problem, whole.manifest)
        own = _predict(problem, whole, sides, plan)
        before = _predict(problem, whole, sides, request.plan)
    (assessment, *_) = assess_plainly(own, problem.cancer, {"before": before})
    (comparison, *_) = assessment.comparisons
    return Judged(
        {figure.metric: figure for figure in assessment.figures},
        {figure.metric: figure for figure in comparison.figures},
        {figure.metric: figure for figure in comparison.differences},
        plan.digest,
        sides.split,
        len(sides.judged),
        len(np.unique(sides.manifest.groups[sides.judged])),
    )


def _divide(problem: Problem, manifest: Manifest) -> _Sides:
    """Find the images of the proxy and of the held-out fold in the whole data set."""
    data, fidelity = problem.data, problem.request.fidelity
    main = problem.cancer.network.factors[0].name
    splits = make_splits(manifest, main, fidelity.protocol, problem.seed)
    (split,) = (split for split in splits if split.name == data.fold)
    place = {sample.path: row for row, sample in enumerate(manifest.samples)}
    proxy = np.array([place[sample.path] for sample in data.manifest.samples])
    together = np.sort(np.concatenate([proxy, split.test]))

    def rows_of(chosen: Indices) -> Indices:
        return np.searchsorted(together, chosen)

    return _Sides(
        restrict_manifest(manifest, together),
        rows_of(proxy[data.fit]),
        rows_of(proxy[data.inner]),
        rows_of(split.test),
        split_digest([split]),
    )


def _predict(problem: Problem, whole: Material, sides: _Sides, plan: Plan) -> OutOfFold:
    low = proxy_plan(plan, problem.request.fidelity)
    material = Material(
        whole.cancer, low, sides.manifest, whole.cache_folder, whole.weights_folder, whole.display
    )
    folder = problem.folder / "finalists" / plan.digest
    logits: Logits = train_and_predict(material, sides.fit, sides.inner, sides.judged, folder)
    network, manifest, rows = problem.cancer.network, sides.manifest, sides.judged
    return OutOfFold(
        np.array([manifest.samples[row].path for row in rows]),
        manifest.groups[rows],
        np.full(len(rows), problem.data.fold),
        network,
        {factor.name: manifest.labels(factor.name)[rows] for factor in network.factors},
        logits,
    )
