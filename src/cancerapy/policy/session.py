"""Measures the agent of one cancer: rows, pictures and the tables of the documentation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cancerapy.cancers import Cancer
from cancerapy.data.progress import StepProgress, silent
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.record import LEAKING
from cancerapy.evaluation.rows import Origin, Row, rows_of, write_rows
from cancerapy.policy.beliefs import WAYS, Beliefs, cross_fit
from cancerapy.policy.figures import (
    belief_differences,
    belief_figures,
    cost_difference,
    course_figures,
)
from cancerapy.policy.material import Material
from cancerapy.policy.page import refresh_page
from cancerapy.policy.pictures import draw_sensitivity
from cancerapy.policy.policies import AGENT, FIXED, Course, run_agent, run_costs, run_fixed
from cancerapy.policy.sensitivity import FACTORS, LOWEST_COST, VARIED, Sensitivity, vary

PREVALENCES = (None, 0.005, 0.02, 0.1, 0.3)
"""Shares of malignant findings; ``None`` is the data set's own."""

SEVERAL = "several images"
"""Subgroup: examinations with more than one image."""


@dataclass(frozen=True, slots=True)
class _Writer:
    """Makes rows that share an origin."""

    origin: Origin

    def rows(
        self, model: str, figures: list[Figure], beliefs: Beliefs, subgroup: str = ""
    ) -> list[Row]:
        own = replace(
            self.origin,
            model=model,
            subgroup=subgroup,
            n=len(beliefs.y_true),
            groups=len(np.unique(beliefs.groups)),
        )
        return rows_of(own, figures)


def measure_agent(
    material: Material,
    cancer: Cancer,
    results: Path,
    docs: Path,
    *,
    command: str,
    prevalences: Sequence[float] = (),
    progress: StepProgress = silent,
) -> list[Path]:
    """Measure everything and write ``results/agent/<cancer>.csv``, a picture and the tables.

    Args:
        material: Predictions by examination.
        cancer: The cancer.
        results: The results folder.
        docs: The documentation's folder.
        command: The command that measures.
        prevalences: Further shares of malignant findings beside ``PREVALENCES``, between 0 and 1:
            a clinic's own.
        progress: Told of each part.

    Returns:
        The files written.
    """
    beliefs = cross_fit(material, cancer, progress)
    writer = _Writer(_origin(material, cancer, beliefs, command))
    rows = _belief_rows(beliefs, writer)
    shares = list(dict.fromkeys((*PREVALENCES, *prevalences)))
    for number, prevalence in enumerate(shares):
        progress("policies", number, len(shares))
        rows += _policy_rows(beliefs, cancer, prevalence, writer)
    progress("policies", len(shares), len(shares))
    curves = [
        vary(beliefs, cancer.costs, name, WAYS[-1], prevalence)
        for prevalence in (None, 0.02)
        for name in VARIED
    ]
    rows += [row for curve in curves for row in _sensitivity_rows(curve, beliefs, writer)]
    file = results / "agent" / f"{cancer.id}.csv"
    file.unlink(missing_ok=True)
    write_rows(file, rows)
    picture = docs / "images" / f"agent-{cancer.id}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(draw_sensitivity(curves, cancer))
    return [file, picture, *refresh_page(results, docs)]


def name_prevalence(prevalence: float | None) -> str:
    """Return how the rows call a prevalence."""
    return "prevalence=own" if prevalence is None else f"prevalence={prevalence:g}"


def select(beliefs: Beliefs, keep: np.ndarray) -> Beliefs:
    """Return the beliefs of some examinations; their images stay as they are."""
    return replace(
        beliefs,
        y_true=beliefs.y_true[keep],
        groups=beliefs.groups[keep],
        n_images=beliefs.n_images[keep],
        probabilities={way: p[keep] for way, p in beliefs.probabilities.items()},
        base=beliefs.base[keep],
    )


def ways_of(beliefs: Beliefs) -> list[str]:
    """Return the ways that differ: without answers or further images some are the same."""
    has_answers, has_more = bool(beliefs.material.answers), bool((beliefs.n_images > 1).any())
    return [
        way
        for way in WAYS
        if (has_answers or not way.endswith("answers")) and (has_more or not way.startswith("all"))
    ]


def _belief_rows(beliefs: Beliefs, writer: _Writer) -> list[Row]:
    rows = []
    several = select(beliefs, beliefs.n_images > 1)
    for subgroup, own in (("", beliefs), (SEVERAL, several)):
        if len(np.unique(own.y_true)) < 2:
            continue
        bootstrap = GroupBootstrap(own.groups)
        ways = ways_of(beliefs)
        for way in ways:
            rows += writer.rows(way, belief_figures(own, way, bootstrap), own, subgroup)
        for way in ways[1:]:
            figures = belief_differences(own, way, ways[0], bootstrap)
            rows += writer.rows(f"{way} minus {ways[0]}", figures, own, subgroup)
    return rows


def _policy_rows(
    beliefs: Beliefs, cancer: Cancer, prevalence: float | None, writer: _Writer
) -> list[Row]:
    bootstrap, ways = GroupBootstrap(beliefs.groups), ways_of(beliefs)
    courses: dict[str, Course] = {
        name: run_fixed(name, beliefs, cancer.costs) for name in FIXED
    } | {f"{LOWEST_COST}, {way}": run_costs(way, beliefs, cancer.costs, prevalence) for way in ways}
    courses[AGENT] = run_agent(beliefs, cancer, prevalence)
    rows, name = [], name_prevalence(prevalence)
    for policy, course in courses.items():
        figures = course_figures(course, beliefs, prevalence, bootstrap)
        rows += writer.rows(policy, figures, beliefs, name)
    for policy in courses:
        if policy == AGENT:
            continue
        figure = cost_difference(courses[AGENT], courses[policy], beliefs, prevalence, bootstrap)
        rows += writer.rows(f"{AGENT} minus {policy}", [figure], beliefs, name)
    for way in ways[1:]:
        pair = [courses[f"{LOWEST_COST}, {own}"] for own in (way, ways[0])]
        figure = cost_difference(pair[0], pair[1], beliefs, prevalence, bootstrap)
        rows += writer.rows(f"{way} minus {ways[0]}", [figure], beliefs, name)
    return rows


def _sensitivity_rows(curve: Sensitivity, beliefs: Beliefs, writer: _Writer) -> list[Row]:
    rows = []
    nan = float("nan")
    for place, factor in enumerate(FACTORS):
        name = f"{name_prevalence(curve.prevalence)}, {curve.varied} x {factor:g}"
        for policy, values in {**curve.curves, "costs as assumed": curve.unaware}.items():
            figure = Figure("cost_per_1000", float(values[place]), nan, nan)
            rows += writer.rows(f"sensitivity: {policy}", [figure], beliefs, name)
    return rows


def _origin(material: Material, cancer: Cancer, beliefs: Beliefs, command: str) -> Origin:
    record = material.record
    return Origin(
        task=f"{cancer.id}/{material.factor}",
        protocol=record.protocol,
        leaking=LEAKING if record.leaking else "",
        model="",
        plan=record.plan_digest,
        manifest=record.manifest_digest,
        split=record.split_digest,
        seed=record.seed,
        groups=len(np.unique(beliefs.groups)),
        n=len(beliefs.y_true),
        size="",
        command=command,
    )
