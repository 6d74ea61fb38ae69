"""The constant of equation 1 is chosen on the training side by the gap between the classes."""

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cancerapy.reproduce import Context
from cancerapy.reproduce import tuned_const as module
from cancerapy.reproduce.trained import TrainedPart
from cancerapy.reproduce.tuned_const import CHOSEN, TunedConstPart

MakePart = Callable[..., TrainedPart]


def test_every_fold_is_trained_with_the_constant_of_the_smallest_gap(
    make_part: MakePart, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONSTS", (0.0, 0.2, 0.4))
    gaps = {0.0: [0.9, 0.1], 0.2: [0.6, 0.5], 0.4: [0.2, 0.8]}
    judged: list[tuple[int, int]] = []

    def judge(material: object, fit: np.ndarray, inner: np.ndarray, run: object) -> list[float]:
        judged.append((len(fit), len(inner)))
        return gaps[material.plan.class_weight_const]  # type: ignore[attr-defined]

    monkeypatch.setattr(module, "_sensitivities", judge)
    base = make_part("weights", class_weight=True, epochs=0, freeze_to="block_4_pool")
    part = TunedConstPart("weights, tuned", base)
    found = part.run(context)
    assert len(judged) == 6
    # Of the 8 images of a training side a fifth chooses, by whole patients of both classes.
    assert {fit + inner for fit, inner in judged} == {8}
    assert {inner % 2 for _, inner in judged} == {0}
    chosen = [row["const"] for row in found.curves if row["chosen"]]
    assert chosen == [0.2, 0.2]
    assert [round(float(row["spread"]), 6) for row in found.curves[:3]] == [0.8, 0.1, 0.6]
    figures = {row.figure.metric: row.figure.value for row in found.rows}
    assert figures[CHOSEN] == pytest.approx(0.2)
    assert {row.origin.model for row in found.rows} == {"weights, tuned"}
    (origin,) = {row.origin for row in found.rows}
    whole = base.resolve_plan(context.plans)
    assert (origin.plan, origin.seed) == (whole.digest, "0")
    assert origin.manifest
    assert origin.split
    # The search is kept: the second run only measures.
    assert part.run(context).curves == found.curves
    assert len(judged) == 6
    # One of other constants is not taken for this one.
    monkeypatch.setattr(module, "CONSTS", (0.0, 0.4))
    again = part.run(context)
    assert len(judged) == 10
    assert [row["const"] for row in again.curves if row["chosen"]] == [0.4, 0.4]


def test_the_search_trains_on_the_training_side_alone(
    make_part: MakePart, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONSTS", (0.0, 0.3))
    base = make_part("weights", class_weight=True, epochs=0, freeze_to="block_4_pool")
    part = TunedConstPart("weights, tuned", base)
    found = part.run(replace(context, quick=True))
    assert [row["const"] for row in found.curves] == [0.0, 0.3] * 2
    for row in found.curves:
        assert 0 <= float(row["dark"]) <= 1
        assert row["spread"] == pytest.approx(abs(float(row["dark"]) - float(row["light"])))
    folder = part.predictions(replace(context, quick=True))
    kept = json.loads((folder / "fold-1.search.json").read_text())
    assert kept == [dict(row) for row in found.curves if row["fold"] == "fold-1"]
