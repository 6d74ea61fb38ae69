"""Who trains and who is judged when the best state meets the plan before the search."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.arrays import Indices, Logits
from cancerapy.reproduce import Context, finalists
from cancerapy.reproduce.finalists import judge_finalists
from cancerapy.reproduce.proxy_trial import ProxyTrial
from cancerapy.training.material import Material
from cancerapy.tuning.problem import prepare_problem
from cancerapy.tuning.trials_table import FINISHED, Row


def test_the_judged_images_are_those_of_the_held_out_fold_alone(
    make_trial: Callable[..., ProxyTrial], context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = prepare_problem(make_trial().request(replace(context, quick=True), "search"))
    seen: list[float] = []

    def train(
        material: Material, fit: Indices, inner: Indices, judged: Indices, folder: Path
    ) -> Logits:
        paths = np.array([sample.path for sample in material.manifest.samples])
        own = np.array([sample.path for sample in problem.data.manifest.samples])
        assert paths[fit].tolist() == own[problem.data.fit].tolist()
        assert paths[inner].tolist() == own[problem.data.inner].tolist()
        assert {*material.manifest.groups[judged]} == {*problem.data.held_out}
        seen.append(material.plan.dropout)
        labels = material.manifest.labels("finding")[judged]
        right = material.plan.dropout == 0.125
        return np.eye(2, dtype=np.float32)[labels if right else 1 - labels]

    monkeypatch.setattr(finalists, "train_and_predict", train)
    judged = judge_finalists(problem, Row(0, 0, FINISHED, 0.9, {}, 1.0, 1.0, {"dropout": 0.125}))
    assert seen == [0.125, problem.request.plan.dropout]
    assert (judged.n_images, judged.n_groups) == (4, 2)
    assert judged.figures["accuracy"].value == 1
    assert judged.before["accuracy"].value == 0
    assert judged.differences["accuracy"].value == 1
    assert judged.plan == problem.plan({"dropout": 0.125}).digest
