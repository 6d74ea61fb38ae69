"""What is said of the report's recipe follows from the figures of copies and of patients."""

from collections.abc import Callable

from cancerapy.evaluation.rows import Row
from cancerapy.reproduce import load_experiment
from cancerapy.reproduce.findings import Findings

MakeRow = Callable[..., Row]
COPIES, FROZEN, LAST = "INbreast copies, last layers", "CBIS-DDSM, frozen", "CBIS-DDSM, last layers"


def _conclude(rows: list[Row]) -> str:
    return load_experiment("mobilenet-breast").conclude(Findings(rows, {}))


def test_copies_stand_beside_the_report_and_patients_beside_copies(make_row: MakeRow) -> None:
    rows = [make_row(COPIES, value=0.95), make_row(FROZEN, value=0.6), make_row(LAST, value=0.7)]
    told = _conclude([make_row("INbreast copies, frozen", value=0.9), *rows])
    assert "recipe reaches, frozen, 90.0 % (80.0 to 100.0)" in told
    assert "the last layers trained 95.0 % (85.0 to 105.0), more than the report's 83 %." in told
    assert "it reaches 60.0 % (50.0 to 70.0) frozen and 70.0 % (60.0 to 80.0) with" in told
    told = _conclude([make_row(COPIES, value=0.6), *rows[1:]])
    assert "60.0 % (50.0 to 70.0), less than the report's 83 %." in told


def test_what_is_missing_is_said() -> None:
    told = _conclude([])
    assert "reaches, frozen, not measured yet, beside the report's 80 %" in told
    assert "the last layers trained not measured yet, beside the report's 83 %." in told
    assert "it reaches not measured yet frozen" in told


def test_training_is_told_at_the_switch_and_at_the_end(make_row: MakeRow) -> None:
    curve = [
        {"stage": "head", "accuracy": 0.7},
        {"stage": "head", "accuracy": 0.8125},
        {"stage": "last layers", "accuracy": 0.9},
    ]
    rows = [make_row(COPIES, "accuracy", 0.9), make_row(COPIES, "training_accuracy", 0.9)]
    told = load_experiment("mobilenet-breast").conclude(Findings(rows, {COPIES: curve}))
    assert "it had 81.2 % after the five frozen epochs and 90.0 % (80.0 to 100.0) at the" in told
    assert "in training it had" not in _conclude(rows).lower()
