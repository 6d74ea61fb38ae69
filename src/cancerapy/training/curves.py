"""The curves of a run: accuracy and loss over the epochs of both stages, the switch marked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

History = Sequence[Mapping[str, float | str]]

_PANELS = {
    "accuracy": ("accuracy", "inner_accuracy"),
    "loss": ("loss", "inner_loss"),
    "mean one-vs-rest AUC": ("score",),
}
"""Label of each panel's axis, with the columns of the history that it shows."""

_LINES = {
    "accuracy": ("training", "#4c566a"),
    "loss": ("training", "#4c566a"),
    "inner_accuracy": ("inner part", "#bf616a"),
    "inner_loss": ("inner part", "#bf616a"),
    "score": ("inner part", "#bf616a"),
}


def draw_curves(history: History, path: Path, title: str) -> None:
    """Draw accuracy, loss and score by epoch, as far as the history has them.

    Args:
        history: Rows with ``stage``, ``epoch``, ``loss`` and, where known, ``accuracy`` of the
            training side and ``inner_accuracy``, ``inner_loss`` and ``score`` of the inner part.
        path: The PNG to write.
        title: Title of the figure.
    """
    panels = {
        label: columns
        for label, columns in _PANELS.items()
        if any(_points(history, column) for column in columns)
    }
    figure = Figure(figsize=(4.2 * len(panels), 3.6), layout="constrained")
    figure.suptitle(title)
    for number, (label, columns) in enumerate(panels.items(), 1):
        axes = figure.add_subplot(1, len(panels), number)
        for column in columns:
            if points := _points(history, column):
                name, color = _LINES[column]
                axes.plot(*zip(*points, strict=True), "o-", ms=4, color=color, label=name)
        axes.set(xlabel="epoch", ylabel=label)
        if label != "loss":
            axes.set_ylim(0, 1)
        _finish(axes, history)
    figure.savefig(path, dpi=110)


def _points(history: History, column: str) -> list[tuple[int, float]]:
    """Return (epoch over both stages, value) wherever the history has a value."""
    return [
        (number, float(row[column]))
        for number, row in enumerate(history, 1)
        if row.get(column) not in (None, "")
    ]


def _finish(axes: Axes, history: History) -> None:
    n_first = sum(row["stage"] == "head" for row in history)
    if 0 < n_first < len(history):
        axes.axvline(n_first + 0.5, color="#888", ls="--", label="last layers released")
    ticks = np.arange(1, len(history) + 1)
    axes.set_xticks(ticks[:: -(-len(ticks) // 10)])
    axes.grid(alpha=0.25)
    axes.legend(fontsize="small")
