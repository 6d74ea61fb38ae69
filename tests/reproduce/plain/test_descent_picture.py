"""The picture of the plain network's curves."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.plain.descent_picture import draw_descent

ROWS: list[Mapping[str, float | str]] = [
    {
        "stage": "plain",
        "epoch": 10.0 * n,
        "accuracy": 0.5 + 0.1 * n,
        "inner_accuracy": 0.5,
        "loss": 0.7 - 0.1 * n,
        "inner_loss": 0.7 + 0.1 * n,
    }
    for n in range(4)
]


@pytest.mark.parametrize(("measured", "n_rows"), [(["a"], 1), (["a", "b"], 2)])
def test_a_row_for_every_part_that_was_measured(
    measured: list[str], n_rows: int, tmp_path: Path
) -> None:
    findings = Findings([], dict.fromkeys(measured, ROWS))
    watched = {"a": "test, watched only", "b": "inner part", "c": "test"}
    draw_descent(findings, watched, tmp_path / "curves.png", {"Source": "abc"})
    with Image.open(tmp_path / "curves.png") as picture:
        assert picture.size == (990, round(n_rows * 2.8 * 110))
        assert picture.info["Source"] == "abc"
        # Two lines a panel: the training side's colour and the other's.
        colors = {color for _, color in picture.convert("RGB").getcolors(1 << 24)}
    assert {(0x4C, 0x56, 0x6A), (0xBF, 0x61, 0x6A)} <= colors
