"""Pictures are drawn from findings and carry the digest of what they show."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from PIL import Image

from cancerapy.evaluation.rows import Row
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.pictures import draw_bars, draw_curves_of, draw_search, mean_over_folds

CURVE = [
    {"fold": fold, "stage": stage, "epoch": 1.0, "loss": loss, "accuracy": 0.5}
    for fold, loss in (("fold-1", 0.4), ("fold-2", 0.6))
    for stage in ("head", "last layers")
]


def test_the_mean_over_folds_is_by_stage_and_epoch() -> None:
    assert mean_over_folds(CURVE) == [
        {"stage": "head", "epoch": 1.0, "loss": 0.5, "accuracy": 0.5},
        {"stage": "last layers", "epoch": 1.0, "loss": 0.5, "accuracy": 0.5},
    ]


def test_curves_mark_the_switch_and_leave_out_what_was_not_run(
    tmp_path: Path, drawn: list[Figure]
) -> None:
    path = tmp_path / "a.png"
    draw_curves_of(Findings([], {"first": CURVE}), ["first", "never"], path, {"Source": "abc"})
    accuracy, loss = drawn[0].axes
    assert [line.get_label() for line in loss.lines] == ["training", "last layers released"]
    assert loss.lines[0].get_xydata().tolist() == [[1, 0.5], [2, 0.5]]  # type: ignore[union-attr]
    assert accuracy.get_title() == "first"
    with Image.open(path) as picture:
        assert picture.info["Source"] == "abc"


def test_bars_have_their_intervals(
    tmp_path: Path, drawn: list[Figure], make_row: Callable[..., Row]
) -> None:
    findings = Findings([make_row("first", value=0.8), make_row("second", value=0.6)], {})
    metrics: Mapping[str, str] = {"accuracy": "accuracy"}
    draw_bars(findings, ["first", "never", "second"], metrics, tmp_path / "b.png", {})
    (axes,) = drawn[0].axes
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([80, 60])  # type: ignore[attr-defined]
    (bars,) = [part for part in axes.containers if isinstance(part, BarContainer)]
    (lines,) = bars.errorbar.lines[2]
    assert [ends[:, 1].tolist() for ends in lines.get_segments()] == [
        pytest.approx([70, 90]),
        pytest.approx([50, 70]),
    ]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["first", "second"]


def test_the_search_is_drawn_by_class_with_its_choices(tmp_path: Path, drawn: list[Figure]) -> None:
    rows = [
        {"fold": fold, "const": const, "a": a, "b": 1 - a, "spread": 0.1, "chosen": float(const)}
        for fold, shift in (("fold-1", 0.0), ("fold-2", 0.2))
        for const, a in ((0.0, 0.2 + shift), (1.0, 0.4 + shift))
    ]
    draw_search(Findings([], {"tuned": rows}), "tuned", ("a", "b"), tmp_path / "c.png", {})
    (axes,) = drawn[0].axes
    np.testing.assert_allclose(axes.lines[0].get_xydata(), [[0, 30], [1, 50]])
    assert [line.get_xdata()[0] for line in axes.lines[2:]] == [1.0, 1.0]  # type: ignore[index]
