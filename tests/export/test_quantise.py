"""When int8 may replace float16: no class loses more than a point of sensitivity."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Cancer, ClassLabel, Task
from cancerapy.data.manifest import build_manifest
from cancerapy.errors import DataError
from cancerapy.evaluation.outcome import Outcome
from cancerapy.export.quantise import MOST_LOST, figures_of, find_held_out, sensitivity_lost
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan, resolve_plan
from cancerapy.training.progress import RichDisplay
from cancerapy.training.run_folder import RunFolder

TASK = Task("t", "T", tuple(ClassLabel(name, name, ".", {"kind": name}) for name in ("a", "b")))


def outcome(hits_a: int, hits_b: int, n_a: int = 100, n_b: int = 200) -> Outcome:
    """Return answers with so many hits of ``n_a`` images of a and ``n_b`` of b."""
    y_true = np.repeat([0, 1], [n_a, n_b])
    right = np.concatenate([np.arange(n_a) < hits_a, np.arange(n_b) < hits_b])
    y_pred = np.where(right, y_true, 1 - y_true)
    names = np.array([f"{i}.png" for i in range(len(y_true))])
    groups = np.array([f"g{i // 15}" for i in range(len(y_true))])
    return Outcome(TASK, names, groups, np.full(len(names), "f"), y_true, np.eye(2)[y_pred])


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ((90, 180), (90, 180), 0.0),
        ((90, 180), (89, 190), 0.01),
        ((90, 180), (95, 176), 0.02),
        ((90, 180), (100, 200), 0.0),
    ],
)
def test_the_class_that_loses_most_decides(
    before: tuple[int, int], after: tuple[int, int], lost: float
) -> None:
    assert sensitivity_lost(outcome(*before), outcome(*after)) == pytest.approx(lost, abs=1e-12)
    assert MOST_LOST == 0.01


def test_a_class_without_images_cannot_be_judged() -> None:
    with pytest.raises(DataError, match="t has none of b"):
        sensitivity_lost(outcome(90, 0, 100, 0), outcome(90, 0, 100, 0))


def test_figures_have_intervals_around_them() -> None:
    figures = {figure.metric: figure for figure in figures_of(outcome(90, 180))}
    assert list(figures) == ["accuracy", "balanced_accuracy", "sensitivity:a", "sensitivity:b"]
    assert figures["sensitivity:a"].value == pytest.approx(0.9)
    assert figures["accuracy"].value == pytest.approx(0.9)
    for figure in figures.values():
        assert figure.low < figure.value < figure.high


@pytest.fixture
def material(toy_run: Path, toy_cancer: Cancer) -> Material:
    """The toy set and a plan for it."""
    plan = resolve_plan(toy_cancer, {"backbone": "SmallCNN", "weights": "none"})
    manifest = build_manifest(toy_cancer, toy_cancer.sources[0], toy_run / "data")
    return Material(toy_cancer, plan, manifest, None, None, RichDisplay("toy"))


def _run(folder: Path, plan: Plan, protocol: str, material: Material) -> RunFolder:
    run = RunFolder(folder)
    run.write_plan(plan, {"protocol": protocol, "manifest": material.manifest.digest})
    run.weights_file.touch()
    return run


@pytest.mark.parametrize("teacher_weight", [0.0, 0.5])
def test_a_run_is_judged_by_what_left_a_part_out(
    material: Material, tmp_path: Path, teacher_weight: float
) -> None:
    own = replace(material.plan, teacher_weight=teacher_weight)
    taught = "-0123456789" if teacher_weight else ""
    final = _run(tmp_path / f"{own.name}{taught}" / "final", own, "final after grouped-2", material)
    other = replace(material.plan, dropout=0.5)
    _run(tmp_path / other.name / "holdout", other, "holdout", material)
    holdout = _run(tmp_path / material.plan.name / "holdout", material.plan, "holdout", material)
    (held_out,) = find_held_out(final, material)
    assert held_out.run == holdout
    assert held_out.protocol == "holdout"


@pytest.mark.parametrize(
    ("teacher_weight", "advice"), [(0.0, "plan.json', or"), (0.5, "plan.json --set teacher_w")]
)
def test_a_run_alone_is_told_what_to_train(
    material: Material, tmp_path: Path, teacher_weight: float, advice: str
) -> None:
    own = replace(material.plan, teacher_weight=teacher_weight)
    final = _run(tmp_path / own.name / "final", own, "final after grouped-2", material)
    with pytest.raises(DataError, match="no run of plan") as caught:
        find_held_out(final, material)
    assert material.plan.digest in caught.value.message
    assert f"train toy --plan {final.path / 'plan.json'}" in caught.value.message
    assert advice in caught.value.message
