"""The picture of a run's epochs says what it shows."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from cancerapy.training.curves import draw_curves


def test_the_panels_show_what_the_history_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *parts, **named: drawn.append(figure))
    history: list[dict[str, float | str]] = [
        {"stage": "head", "epoch": 1.0, "loss": 0.7, "accuracy": 0.6},
        {
            "stage": "last layers", "epoch": 1.0, "loss": 0.5, "accuracy": 0.0,
            "inner_accuracy": 0.8, "inner_loss": 0.4, "score": 0.9,
        },
    ]  # fmt: skip
    draw_curves(history, tmp_path / "curves.png", "toy")
    shown = {
        axes.get_ylabel(): {
            line.get_label(): line.get_xydata().tolist()  # type: ignore[union-attr]
            for line in axes.lines[:-1]  # the last marks the switch
        }
        for axes in drawn[0].axes
    }
    assert shown == {
        "accuracy": {"training": [[1, 0.6], [2, 0.0]], "inner part": [[2, 0.8]]},
        "loss": {"training": [[1, 0.7], [2, 0.5]], "inner part": [[2, 0.4]]},
        "mean one-vs-rest AUC": {"inner part": [[2, 0.9]]},
    }


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
    # The history has losses only, so there is one panel.
    (axes,) = drawn[0].axes
    assert [line.get_xdata()[0] for line in axes.lines[1:]] == switch  # type: ignore[index]
    legend = axes.get_legend()
    assert legend is not None
    labels = ["training", *["last layers released"] * len(switch)]
    assert [text.get_text() for text in legend.get_texts()] == labels
    assert drawn[0].get_suptitle() == "toy"


def test_a_picture_is_written(tmp_path: Path) -> None:
    draw_curves(TWO_STAGES, tmp_path / "curves.png", "toy")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
