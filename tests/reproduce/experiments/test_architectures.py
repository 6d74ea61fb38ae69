"""What is said of the architectures follows from their figures and costs."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from cancerapy.evaluation.rows import Row
from cancerapy.reproduce import load_experiment
from cancerapy.reproduce.findings import Findings

MakeRow = Callable[..., Row]
EXPERIMENT = load_experiment("architectures")
FIRST, SMALL, LARGE = "MobileNetEdgeTPU", "MobileNetV2", "ResNet101V2"


def _candidate(
    make_row: MakeRow, name: str, accuracy: float, ms: float, protocol: str = "slides"
) -> list[Row]:
    values = {"accuracy": accuracy, "inference_ms": ms, "size_mb": 5.0}
    return [make_row(name, metric, v, protocol=protocol) for metric, v in values.items()]


def _three(make_row: MakeRow, small_ms: float = 2.0) -> list[Row]:
    return [
        *_candidate(make_row, FIRST, 0.8, 4.0),
        *_candidate(make_row, SMALL, 0.7, small_ms),
        *_candidate(make_row, LARGE, 0.6, 20.0, "slides, frozen features of conv5"),
        make_row(SMALL, "accuracy_difference", -0.3),
        make_row(LARGE, "accuracy_difference", 0.05),
    ]


def test_the_front_and_the_costs_are_told(make_row: MakeRow) -> None:
    told = EXPERIMENT.conclude(Findings(_three(make_row), {}))
    assert f"no other network is both as right and as fast: {FIRST}, {SMALL}." in told
    assert f"- {SMALL}: worse by 30.0 points (20.0 to 40.0)" in told
    assert "takes it 2 ms on one thread, and the others 2.0 to 10.0 times as long" in told
    assert "The report is right that MobileNetV2" in told
    assert "as far as there are starting weights here, to `conv5`" in told
    assert f"(5.0 points, -5.0 to 15.0) in accuracy against {FIRST}, in 5.0 times its time" in told


def test_a_slow_mobile_network_would_be_no_mobile_network(make_row: MakeRow) -> None:
    told = EXPERIMENT.conclude(Findings(_three(make_row, small_ms=8.0), {}))
    assert "That MobileNetV2 is one for small devices is not shown: an image takes it 8 ms" in told
    assert f"as right and as fast: {FIRST}." in told


def test_what_is_missing_is_said(make_row: MakeRow) -> None:
    told = EXPERIMENT.conclude(Findings(_candidate(make_row, FIRST, 0.8, 4.0), {}))
    assert "cannot be judged yet" in told
    assert "cannot be said before it has been measured" in told


def test_the_picture_carries_its_digest(tmp_path: Path, make_row: MakeRow) -> None:
    (picture,) = EXPERIMENT.pictures
    picture.draw(Findings(_three(make_row), {}), tmp_path / "p.png", {"Source": "abc"})
    with Image.open(tmp_path / "p.png") as drawn:
        assert drawn.info["Source"] == "abc"
