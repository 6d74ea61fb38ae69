"""What is said of Adam and of the search follows from the intervals."""

from collections.abc import Callable
from dataclasses import replace

from cancerapy.evaluation.rows import Row
from cancerapy.reproduce import load_experiment
from cancerapy.reproduce.experiments import tuning
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.search_part import SearchPart
from cancerapy.tuning.dimensions import list_parameters

MakeRow = Callable[..., Row]
EXPERIMENT = load_experiment("tuning")


def _difference(make_row: MakeRow, name: str, low: float, high: float) -> list[Row]:
    """Return the score of an optimizer and its difference to Adam, with these bounds."""
    row = make_row(name, "macro_auc_difference", (low + high) / 2)
    figure = replace(row.figure, low=low, high=high)
    return [make_row(name, "macro_auc"), Row(row.origin, figure)]


def _conclude(rows: list[Row]) -> str:
    return EXPERIMENT.conclude(Findings(rows, {}))


def test_adam_is_judged_by_the_intervals(make_row: MakeRow) -> None:
    adam = [make_row("adam", "macro_auc")]
    same = _difference(make_row, "nadam", -0.01, 0.02)
    worse = _difference(make_row, "sgd", -0.3, -0.1)
    better = _difference(make_row, "rmsprop", 0.1, 0.2)
    told = _conclude([*adam, *same])
    assert "nothing to be worse: once each optimizer has a rate of its own" in told
    assert "- nadam: no difference shown (0.5 points, -1.0 to 2.0)" in told
    assert "only shown against sgd. The intervals are over 8 slides" in _conclude(
        [*adam, *same, *worse]
    )
    told = _conclude([*adam, *better, *worse])
    assert "The report is not right about Adam here: better is rmsprop." in told
    assert "- sgd: worse by 20.0 points (10.0 to 30.0)" in told


def test_failed_trainings_are_said(make_row: MakeRow) -> None:
    rows = _difference(make_row, "sgd", -0.3, -0.1)
    rows.append(make_row("sgd", "failed_trainings", 4.0))
    told = _conclude([make_row("adam", "macro_auc"), *rows])
    assert "- sgd: worse by 20.0 points (10.0 to 30.0) (4 trainings failed)" in told


def test_a_rate_at_the_end_of_its_grid_is_said(make_row: MakeRow) -> None:
    rows = [make_row("adam", "macro_auc"), *_difference(make_row, "sgd", -0.3, -0.1)]
    assert "grid" not in _conclude(rows)
    rows.append(make_row("sgd", "rate_at_edge", 1.0))
    assert "the rate of sgd is an end of the grid" in _conclude(rows)


def test_the_search_is_judged_on_what_was_held_out(make_row: MakeRow) -> None:
    values = {
        "states:finished": 9.0, "states:pruned": 3.0, "best_proxy_auc": 0.95, "accuracy": 0.7,
        "accuracy_before": 0.6, "importance:dropout": 0.2, "importance:optimizer": 0.8,
    }  # fmt: skip
    rows = [make_row("search", metric, value) for metric, value in values.items()]
    told = _conclude(rows)
    assert told.startswith("The optimizers have not been compared yet.")
    assert "(9 finished, 3 pruned states) ended with a state of AUC 0.950" in told
    assert "right in 70.0 % (60.0 to 80.0) and the plan before the search in 60.0 %" in told
    assert "What mattered most to the score was optimizer and dropout." in told


def test_nothing_measured_is_said_to_be_so() -> None:
    assert "No search has been run yet." in _conclude([])


def test_every_search_is_told_and_the_widest_is_drawn(make_row: MakeRow) -> None:
    rows = [make_row("search", "states:finished", 2.0)]
    assert "The search (2 finished states)" in _conclude(rows)
    assert tuning._shown(Findings(rows, {})) == "search"
    rows.append(make_row("search, whole space", "states:pruned", 5.0))
    told = _conclude(rows)
    assert "The search (2 finished states)" in told
    assert "The search of the whole space (5 pruned states)" in told
    assert told.count("whether the goal was reached") == 1
    assert tuning._shown(Findings(rows, {})) == "search, whole space"


def test_the_whole_space_holds_every_setting_that_tuning_is_asked_for() -> None:
    (whole,) = (part for part in EXPERIMENT.parts if part.name == "search, whole space")
    assert isinstance(whole, SearchPart)
    assert set(whole.search) == {
        "optimizer", "learning_rate", "freeze_to", "dropout", "focal_gamma", "class_weight",
        "class_weight_const", "input_size", "augmentation_strength",
    }  # fmt: skip
    assert set(whole.search) <= {*list_parameters()}
