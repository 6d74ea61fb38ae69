"""The picture of a run's epochs says what it shows."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from cancerapy.training.curves import draw_curves


def test_the_axes_name_loss_and_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *parts, **named: drawn.append(figure))
    history: list[dict[str, float | str]] = [
        {"stage": "head", "epoch": 1.0, "loss": 0.7},
        {"stage": "last layers", "epoch": 1.0, "loss": 0.5, "score": 0.9},
    ]
    draw_curves(history, tmp_path / "curves.png", "toy")
    loss, score = drawn[0].axes
    assert score.get_ylabel() == "mean one-vs-rest AUC"
    assert loss.lines[0].get_ydata().tolist() == [0.7, 0.5]  # type: ignore[union-attr]
    assert score.lines[0].get_xydata().tolist() == [[2, 0.9]]  # type: ignore[union-attr]
