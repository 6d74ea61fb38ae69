from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.arrays import Logits
from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import read_predictions
from cancerapy.reproduce._spec import Context
from cancerapy.reproduce.data_growth import (
    METRICS,
    N_DRAWS,
    LearningCurvePart,
    growth_name,
    size_name,
)
from cancerapy.reproduce.findings import Findings, add_findings, read_findings
from cancerapy.reproduce.growing_field import ALL
from cancerapy.reproduce.learners import Lesson
from cancerapy.reproduce.trained import keep_few
from cancerapy.training.plan import resolve_plan
from cancerapy.training.session import open_material


def _predictions(growing_context: Context, part: LearningCurvePart) -> list[Path]:
    return sorted(growing_context.folder(part.name).rglob("*.csv"))


def test_every_size_has_rows_and_all_images_bear_the_parts_name(
    good: LearningCurvePart, growing_context: Context
) -> None:
    found = good.run(growing_context)
    name = "toy, nearest mean"
    assert {row.origin.model for row in found.rows} == {
        name,
        size_name(name, 4),
        size_name(name, 16),
        growth_name(name, 4),
    }
    assert {row.figure.metric for row in found.rows} == set(METRICS)
    assert {(row.origin.n, row.origin.groups) for row in found.rows} == {(60, 30)}
    findings = Findings(found.rows, {name: found.curves})
    end, start, growth = (
        findings.of(model, "balanced_accuracy")
        for model in (name, size_name(name, 4), growth_name(name, 4))
    )
    assert end is not None
    assert start is not None
    assert growth is not None
    assert 0.9 < end.value <= 1
    assert end.low <= end.value <= end.high
    assert growth.value == pytest.approx(end.value - start.value)


def test_the_curve_has_a_point_for_each_draw(
    good: LearningCurvePart, growing_context: Context
) -> None:
    curves = good.run(growing_context).curves
    assert [(row["fold"], row["epoch"]) for row in curves] == [
        *((f"draw-{n}", 4.0) for n in (1, 2, 3)),
        *((f"draw-{n}", 16.0) for n in (1, 2, 3)),
        ("draw-1", 40.0),
    ]
    assert {row["stage"] for row in curves} == {"nearest mean"}


def test_an_interrupted_run_only_learns_what_is_missing(
    good: LearningCurvePart, growing_context: Context
) -> None:
    first = good.run(growing_context)
    files = _predictions(growing_context, good)
    assert len(files) == 3 * (2 * N_DRAWS + 1)
    files[4].unlink()
    asked: list[int] = []

    def answer(lesson: Lesson) -> Logits:
        asked.append(len(lesson.train))
        return good.learner.answer(lesson)

    again = replace(good, learner=replace(good.learner, answer=answer)).run(growing_context)
    assert len(asked) == 1
    assert [row.figure for row in again.rows] == [row.figure for row in first.rows]


def test_a_quick_run_is_kept_apart(good: LearningCurvePart, growing_context: Context) -> None:
    quick = replace(growing_context, quick=True)
    found = good.run(quick)
    assert {row.origin.protocol for row in found.rows} == {"quick-grouped-3"}
    assert not _predictions(growing_context, good)


def test_a_quick_run_has_something_of_every_large_group(
    good: LearningCurvePart, growing_context: Context
) -> None:
    cancer = good.field.load_cancer()
    with open_material(cancer, resolve_plan(cancer), growing_context.settings) as material:
        manifest = material.manifest
    large = replace(
        manifest,
        samples=manifest.samples * 10,
        sha256=manifest.sha256 * 10,
        groups=np.repeat(["a", "b", "c"], 200),
    )
    names, counts = np.unique(keep_few(large).groups, return_counts=True)
    assert dict(zip(names.tolist(), counts.tolist(), strict=True)) == {"a": 12, "b": 12, "c": 12}


def test_rows_and_curves_are_kept(good: LearningCurvePart, growing_context: Context) -> None:
    add_findings(growing_context.settings.results, "data-growth", good, good.run(growing_context))
    kept = read_findings(growing_context.settings.results, "data-growth")
    assert kept.has(good.name)
    assert len(kept.curves[good.name]) == 7


def test_measuring_needs_a_run(good: LearningCurvePart, growing_context: Context) -> None:
    with pytest.raises(DataError, match="needs the predictions of 'toy, nearest mean'"):
        good.measure(growing_context)


def test_a_test_side_is_the_same_at_every_size(
    good: LearningCurvePart, growing_context: Context
) -> None:
    good.run(growing_context)
    (folder,) = growing_context.folder(good.name).glob("*/")
    images = [
        read_predictions(draw).images.tolist()
        for size in ("4", "16", ALL)
        for draw in (folder / size).iterdir()
    ]
    assert len(images) == 7
    assert all(own == images[0] for own in images)
