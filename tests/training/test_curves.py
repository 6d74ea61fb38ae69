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


History = list[dict[str, float | str]]
TWO_STAGES: History = [
    {"stage": "head", "epoch": 1.0, "loss": 0.7},
    {"stage": "head", "epoch": 2.0, "loss": 0.6},
    {"stage": "last layers", "epoch": 1.0, "loss": 0.5},
]


@pytest.mark.parametrize(
    ("history", "switch"), [(TWO_STAGES, [2.5]), (TWO_STAGES[:2], []), (TWO_STAGES[2:], [])]
)
def test_the_switch_between_the_stages_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, history: History, switch: list[float]
) -> None:
    drawn: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *parts, **named: drawn.append(figure))
    draw_curves(history, tmp_path / "curves.png", "toy")
    # Nothing was scored, so there is no second axis.
    (axes,) = drawn[0].axes
    assert [line.get_xdata()[0] for line in axes.lines[1:]] == switch  # type: ignore[index]
    legend = axes.get_legend()
    assert legend is not None
    labels = ["loss", *["last layers released"] * len(switch)]
    assert [text.get_text() for text in legend.get_texts()] == labels
    assert axes.get_title() == "toy"


def test_a_picture_is_written(tmp_path: Path) -> None:
    draw_curves(TWO_STAGES, tmp_path / "curves.png", "toy")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
