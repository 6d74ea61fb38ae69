"""A part trains by its plan file, goes on where it was, and measures its folds."""

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.data.manifest import build_manifest
from cancerapy.errors import PlanError
from cancerapy.evaluation.predictions import read_predictions
from cancerapy.reproduce import Context
from cancerapy.reproduce import trained as module
from cancerapy.reproduce.trained import TrainedPart

MakePart = Callable[..., TrainedPart]


def test_a_part_is_trained_and_measured(make_part: MakePart, context: Context) -> None:
    part = make_part("plain head", epochs=0, head_epochs=20, head_learning_rate=0.1)
    found = part.run(context)
    figures = {row.figure.metric: row.figure.value for row in found.rows}
    out_of_fold = read_predictions(part.predictions(context))
    truth, guess = out_of_fold.labels["finding"], out_of_fold.logits.argmax(1)
    assert len(truth) == 16
    assert figures["accuracy"] == pytest.approx((truth == guess).mean())
    last = [row["accuracy"] for row in found.curves if row["epoch"] == 20]
    assert figures["training_accuracy"] == pytest.approx(sum(map(float, last)) / 2)
    assert figures["training_seconds"] > 0
    (origin,) = {row.origin for row in found.rows}
    assert (origin.model, origin.task, origin.n, origin.groups) == ("plain head", "toy", 16, 8)
    assert (origin.protocol, origin.command) == ("grouped-2", context.command)
    assert {row["fold"] for row in found.curves} == {"fold-1", "fold-2"}
    assert [row["stage"] for row in found.curves] == ["head"] * 40


def test_finished_folds_are_not_trained_again(make_part: MakePart, context: Context) -> None:
    part = make_part("two stages")
    first = part.run(context)
    assert [row["stage"] for row in first.curves] == ["head", "head", "last layers"] * 2
    file = part.predictions(context) / "fold-1.csv"
    stamp = file.stat().st_mtime_ns
    (part.predictions(context) / "fold-2.csv").unlink()
    second = part.run(context)
    assert file.stat().st_mtime_ns == stamp
    assert [r.figure.metric for r in second.rows] == [r.figure.metric for r in first.rows]


def test_one_fold_is_measured_where_one_is_asked_for(make_part: MakePart, context: Context) -> None:
    part = replace(make_part("one fold"), folds=("fold-1",))
    found = part.run(context)
    assert {row.origin.n for row in found.rows} == {8}
    assert {row.origin.protocol for row in found.rows} == {"grouped-2, fold-1"}


def test_a_quick_run_takes_few_images_and_one_epoch(
    make_part: MakePart, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "N_QUICK", 13)
    part = make_part("quick one")
    found = part.run(replace(context, quick=True))
    assert {row.origin.n for row in found.rows} == {8}  # a tenth of 13 of each of eight patients
    assert {row.origin.protocol for row in found.rows} == {"quick-grouped-2"}
    assert [row["stage"] for row in found.curves] == ["head", "last layers"] * 2
    assert len(part.run(context).curves) == 6  # the whole run starts afresh


@pytest.mark.parametrize(("most", "n_groups", "n_images"), [(5, 5, 5), (20, 8, 16), (300, 8, 16)])
def test_few_images_are_of_as_many_groups_as_there_is_room_for(
    toy_cancer: Cancer,
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    n_groups: int,
    n_images: int,
) -> None:
    monkeypatch.setattr(module, "N_QUICK", most)
    assert context.settings.data
    few = module.keep_few(build_manifest(toy_cancer, toy_cancer.sources[0], context.settings.data))
    assert (len(np.unique(few.groups)), len(few.samples)) == (n_groups, n_images)
    assert len(few.sha256) == n_images


def test_a_plan_file_with_an_unknown_key_is_refused(make_part: MakePart, context: Context) -> None:
    part = make_part("wrong", colour="red")
    with pytest.raises(PlanError, match=r"^A plan has no field 'colour'\."):
        part.run(context)
    file = context.plans / "reproduce" / part.plan
    file.write_text(json.dumps({"epochs": -1}))
    with pytest.raises(PlanError, match=r"^'epochs' must be at least 0; it is -1\."):
        part.run(context)
    file.unlink()
    with pytest.raises(PlanError, match=r"^A plan file must be readable JSON"):
        part.run(context)
