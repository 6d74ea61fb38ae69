"""The picture of the simulation: balanced accuracy by round of every way to learn."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from cancerapy.learning.policies import (
    ALL,
    MACHINE,
    RANDOM,
    RANDOM_FEW,
    SEARCHING,
    UNCERTAINTY,
    UNCERTAINTY_FEW,
)
from cancerapy.learning.simulation import METRICS, round_name
from cancerapy.learning.stream import N_ROUNDS

if TYPE_CHECKING:
    from cancerapy.learning.page import LearningRows

SOURCE_KEY = "Source"
"""Metadata of the picture: the digest of the rows it was drawn from."""

_COLORS = {
    MACHINE: "#bf616a",
    RANDOM: "#5e81ac",
    UNCERTAINTY: "#2e7d6b",
    RANDOM_FEW: "#a3b8d9",
    UNCERTAINTY_FEW: "#a3cfc0",
    ALL: "#4c566a",
}
_WORDS = {"balanced_accuracy": "balanced accuracy, %", "accuracy": "accuracy, %"}


def draw_rounds(rows: "LearningRows", path: Path) -> None:
    """Draw a panel a figure; dashed with label-error search, bands are 95 % intervals.

    Args:
        rows: What was measured.
        path: The PNG to write.
    """
    figure = Figure(figsize=(11, 5), layout="constrained")
    numbers = range(N_ROUNDS + 1)
    lines = {}
    for place, metric in enumerate(METRICS, 1):
        axes = figure.add_subplot(1, len(METRICS), place)
        for own, color in _COLORS.items():
            policies = [own, *([SEARCHING[own]] if own in SEARCHING else [])]
            for policy in policies:
                found = [rows.of(round_name(policy, number), metric) for number in numbers]
                table = 100 * np.array([[f.value, f.low, f.high] for f in found])
                style = "--" if policy.search else "-"
                (line,) = axes.plot(numbers, table[:, 0], style, color=color, marker=".")
                lines[policy.name] = line
                if not policy.search:
                    axes.fill_between(numbers, table[:, 1], table[:, 2], color=color, alpha=0.08)
        axes.set(xlabel="round of uploads", ylabel=_WORDS[metric])
        axes.grid(alpha=0.25)
    figure.legend(lines.values(), lines.keys(), loc="outside lower center", ncols=3)
    figure.savefig(path, dpi=110, metadata={SOURCE_KEY: rows.digest})
