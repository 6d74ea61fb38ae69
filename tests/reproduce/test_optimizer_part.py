"""An optimizer's part trains its own grid and the first one's, and compares the two."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cancerapy.evaluation.rows import Row
from cancerapy.evaluation.words import DIFFERENCE
from cancerapy.reproduce import Context
from cancerapy.reproduce.optimizer_part import FAILED, SCORE, OptimizerPart
from cancerapy.reproduce.proxy_trial import ProxyTrial
from cancerapy.tuning import optimizer_grid

MakeTrial = Callable[..., ProxyTrial]
RATES = {"adam": (1e-3, 1e-2), "sgd": (1e-2, 1e-1)}


def _figures(rows: list[Row]) -> dict[str, float]:
    return {row.figure.metric: row.figure.value for row in rows}


def test_an_optimizer_has_its_score_and_its_difference_to_the_first(
    make_trial: MakeTrial, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[str] = []
    working = optimizer_grid.train_and_predict

    def train(material: object, *parts: object) -> object:
        trained.append(parts[-1].name)  # type: ignore[attr-defined]
        return working(material, *parts)  # type: ignore[arg-type]

    monkeypatch.setattr(optimizer_grid, "train_and_predict", train)
    trial = make_trial()
    quick = replace(context, quick=True)
    adam, sgd = (list(OptimizerPart(name, trial, RATES).run(quick).rows) for name in RATES)
    # The first one's grid is trained once, and of every grid a quick run takes the first rate.
    assert sorted(trained) == sorted(
        f"{name}-{rate}-part-{part}"
        for name, rate in (("adam", "0.001"), ("sgd", "0.01"))
        for part in (1, 2, 3)
    )
    assert SCORE + DIFFERENCE not in _figures(adam)
    assert _figures(sgd)["learning_rate"] == 0.01
    assert _figures(sgd)[FAILED] == 0
    assert _figures(sgd)[SCORE + DIFFERENCE] == pytest.approx(
        _figures(sgd)[SCORE] - _figures(adam)[SCORE]
    )
    (origin,) = {row.origin for row in sgd}
    # Six patients outside the held-out fold, of whom a quick run takes an image of each class.
    assert (origin.model, origin.task, origin.protocol) == ("sgd", "toy", "quick-grouped-4 proxy")
    assert (origin.n, origin.groups, origin.command) == (6, 6, quick.command)


def test_the_first_optimizer_is_the_one_named_first() -> None:
    part = OptimizerPart("sgd", None, RATES)  # type: ignore[arg-type]
    assert part.first == "adam"
