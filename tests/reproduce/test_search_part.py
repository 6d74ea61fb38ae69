"""A search by its seconds, and what its best state is worth where nothing was chosen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.evaluation.words import DIFFERENCE
from cancerapy.reproduce import Context
from cancerapy.reproduce.proxy_trial import ProxyTrial
from cancerapy.reproduce.search_part import BEFORE, BEST, SearchPart, to_curve
from cancerapy.tuning.trials_table import FAILED, FINISHED, PRUNED
from cancerapy.tuning.trials_table import Row as State

MakeTrial = Callable[..., ProxyTrial]


def test_the_best_state_is_judged_on_the_held_out_fold(
    make_trial: MakeTrial, context: Context
) -> None:
    quick = replace(context, quick=True)
    part = SearchPart("search", make_trial(), 60.0, ("dropout",))
    found = part.run(quick)
    figures = {row.figure.metric: row.figure.value for row in found.rows}
    for metric in ("accuracy", "macro_auc"):
        expected = figures[metric] - figures[metric + BEFORE]
        assert figures[metric + DIFFERENCE] == pytest.approx(expected)
    assert [row["status"] for row in found.curves] == ["finished"] * 2
    assert figures["states:finished"] == 2
    assert figures[BEST] == max(float(row["score"]) for row in found.curves)
    assert 0 <= float(found.curves[0]["dropout"]) <= 0.6
    (origin,) = {row.origin for row in found.rows}
    # One of four folds with two of the eight patients, all of whose images are judged.
    assert (origin.n, origin.groups, origin.protocol) == (4, 2, "quick-grouped-4, fold-1")
    (plan,) = context.settings.runs.rglob("best-plan.json")
    assert plan.is_relative_to(quick.folder("search"))


def test_a_search_whose_seconds_are_spent_is_not_gone_on_with(
    make_trial: MakeTrial, context: Context
) -> None:
    quick = replace(context, quick=True)
    trial = make_trial()
    first = SearchPart("search", trial, 60.0, ("dropout",)).run(quick)
    again = SearchPart("search", trial, 0.01, ("dropout",)).run(quick)
    assert again.curves == first.curves
    assert [row.figure.metric for row in again.rows] == [row.figure.metric for row in first.rows]


def test_a_search_without_a_finished_state_is_refused(
    make_trial: MakeTrial, context: Context, tmp_path: Path
) -> None:
    part = SearchPart("search", make_trial(), 0.0, ("dropout",))
    with pytest.raises(DataError, match=r"^A search needs at least one finished state; in 0 sec"):
        part.run(replace(context, quick=True))


def test_the_curve_has_the_best_so_far_of_finished_states() -> None:
    states = [
        State(0, 0, FINISHED, 0.7, {}, 5.0, 5.0, {"optimizer": "adam", "class_weight": True}),
        State(1, 1, PRUNED, 0.9, {}, 2.0, 7.0, {"dropout": 0.5}),
        State(2, 2, FAILED, None, {}, 1.0, 8.0, {}),
        State(3, 3, FINISHED, 0.8, {}, 4.0, 12.0, {"batch_size": 16}),
    ]
    rows = to_curve(states)
    assert [row.get("best") for row in rows] == [0.7, 0.7, None, 0.8]
    assert [row["seconds"] for row in rows] == [5.0, 7.0, 8.0, 12.0]
    assert (rows[0]["optimizer"], rows[0]["class_weight"]) == ("adam", "true")
    assert "score" not in rows[2]
    assert (rows[1]["dropout"], rows[3]["batch_size"]) == (0.5, 16.0)
