"""The curves of a run: loss and score over the epochs of both stages, the switch marked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure


def draw_curves(history: Sequence[Mapping[str, float | str]], path: Path, title: str) -> None:
    """Draw loss and inner score by epoch.

    Args:
        history: Rows with ``stage``, ``epoch``, ``loss`` and, where an inner part judged,
            ``score``.
        path: The PNG to write.
        title: Title of the figure.
    """
    figure = Figure(figsize=(7, 4), layout="constrained")
    loss_axes = figure.add_subplot()
    x = np.arange(1, len(history) + 1)
    loss_axes.plot(x, [row["loss"] for row in history], "o-", color="#4c566a", label="loss")
    loss_axes.set(xlabel="epoch", ylabel="training loss", title=title)
    loss_axes.set_xticks(x)
    lines: list[Any] = list(loss_axes.lines)
    scored = [
        (number, row["score"]) for number, row in zip(x, history, strict=True) if row.get("score")
    ]
    if scored:
        score_axes = loss_axes.twinx()
        lines += score_axes.plot(
            *zip(*scored, strict=True), "s-", color="#bf616a", label="inner score"
        )
        score_axes.set_ylabel("mean one-vs-rest AUC")
        score_axes.set_ylim(0, 1)
    n_first = sum(row["stage"] == "head" for row in history)
    if 0 < n_first < len(history):
        lines.append(
            loss_axes.axvline(n_first + 0.5, color="#888", ls="--", label="last layers released")
        )
    loss_axes.legend(lines, [line.get_label() for line in lines], loc="center right")
    loss_axes.grid(alpha=0.25)
    figure.savefig(path, dpi=110)
