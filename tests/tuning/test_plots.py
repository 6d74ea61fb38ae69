"""Pictures of a search: they are drawn for every study, an empty one as well."""

from pathlib import Path

import numpy as np
import optuna
import pytest
from PIL import Image

from cancerapy.evaluation.intervals import Interval
from cancerapy.tuning.compared import Compared
from cancerapy.tuning.plots import (
    parameter_importance,
    plot_compared,
    plot_importance,
    plot_search,
    plot_values,
)
from cancerapy.tuning.trials_table import Row, read_rows


def _row(number: int, status: str, score: float | None, optimizer: str = "adam") -> Row:
    return Row(number, number, status, score, {}, 2.0, 2.0 * (number + 1), {"optimizer": optimizer})


ROWS = [
    _row(0, "finished", 0.6),
    _row(1, "pruned", 0.4, "sgd"),
    _row(2, "failed", None, "sgd"),
    _row(3, "finished", 0.8, "nadam"),
    _row(4, "running", None),
]


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB")).astype(int)


def _has(pixels: np.ndarray, colour: str) -> bool:
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return bool((np.abs(pixels - wanted).max(axis=2) < 12).any())


def test_the_course_of_a_search(tmp_path: Path) -> None:
    plot_search(ROWS, tmp_path / "a.png", "toy", 0.9)
    plot_search(ROWS[:1], tmp_path / "b.png", "toy")
    whole, short = _pixels(tmp_path / "a.png"), _pixels(tmp_path / "b.png")
    for colour in ("#d55e00", "#b00020", "#009e73"):  # best so far, failed, goal
        assert _has(whole, colour)
    assert not _has(short, "#b00020")
    assert not _has(short, "#009e73")


@pytest.mark.parametrize("rows", [[], ROWS[2:3]])
def test_a_search_without_a_score_is_drawn(rows: list[Row], tmp_path: Path) -> None:
    plot_search(rows, tmp_path / "a.png", "toy")
    plot_values(rows, "optimizer", tmp_path / "b.png", "toy")
    assert not _has(_pixels(tmp_path / "a.png"), "#d55e00")
    assert not _has(_pixels(tmp_path / "b.png"), "#d55e00")


def test_scores_by_value(tmp_path: Path) -> None:
    plot_values(ROWS, "optimizer", tmp_path / "a.png", "toy")
    plot_values(ROWS[1:2], "optimizer", tmp_path / "b.png", "toy")
    assert _has(_pixels(tmp_path / "a.png"), "#d55e00")  # a median
    assert not _has(_pixels(tmp_path / "b.png"), "#d55e00")  # pruned alone has none


@pytest.fixture
def study() -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=1))

    def measure(trial: optuna.Trial) -> float:
        trial.suggest_float("mixup", 0, 1)
        trial.suggest_categorical("sampling", ["over"])
        return 0.5 + 0.4 * trial.suggest_float("dropout", 0, 1)

    study.optimize(measure, n_trials=30)
    return study


def test_what_decides_the_score_matters_most(study: optuna.Study, tmp_path: Path) -> None:
    shares = parameter_importance(study, read_rows(study))
    assert [*shares] == ["dropout", "mixup"]
    assert shares["dropout"] > 0.7
    assert sum(shares.values()) == pytest.approx(1)
    plot_importance(shares, tmp_path / "a.png", "toy")
    assert _has(_pixels(tmp_path / "a.png"), "#0072b2")


def test_too_few_states_say_nothing_about_importance(study: optuna.Study, tmp_path: Path) -> None:
    assert parameter_importance(study, read_rows(study)[:5]) == {}
    plot_importance({}, tmp_path / "a.png", "toy")
    assert not _has(_pixels(tmp_path / "a.png"), "#0072b2")


def test_optimizers_side_by_side(tmp_path: Path) -> None:
    sure, unsure = Interval(-0.2, -0.1), Interval(-0.1, 0.1)
    rows = [
        Compared("adam", (1e-3,), False, 0.8, Interval(0.7, 0.9), 0.0, Interval(0, 0), 1, 0),
        Compared("sgd", (1e-2,), False, 0.65, Interval(0.6, 0.7), -0.15, sure, 1, 0),
    ]
    plot_compared(rows, tmp_path / "a.png", "toy")
    assert _has(_pixels(tmp_path / "a.png"), "#d55e00")
    rows[1] = Compared("sgd", (1e-2,), False, 0.8, Interval(0.7, 0.9), 0.0, unsure, 1, 0)
    plot_compared(rows, tmp_path / "b.png", "toy")
    assert not _has(_pixels(tmp_path / "b.png"), "#d55e00")
