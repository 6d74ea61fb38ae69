"""The picture of learning curves: classical machine learning dashed, networks solid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cancerapy.reproduce.data_growth import LearningCurvePart, size_name
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.growing_field import ALL

_COLORS = ("#bf616a", "#d08770", "#5e81ac", "#2e7d6b", "#4c566a")


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel of the picture.

    Args:
        title: Above it.
        label: What the curves show.
        parts: The curves.
    """

    title: str
    label: str
    parts: Sequence[LearningCurvePart]


def sizes_measured(findings: Findings, part: LearningCurvePart) -> dict[int | str, float]:
    """Return the sizes that a part has rows of, with the number of images, ascending."""
    epochs = sorted({float(row["epoch"]) for row in findings.curves.get(part.name, ())})
    start, end = size_name(part.name, "").removesuffix(" images"), " images"
    named = {row.origin.model for row in findings.rows}
    sizes = sorted(
        int(text)
        for model in named
        if model.startswith(start)
        and (text := model.removeprefix(start).removesuffix(end)).isdigit()
    )
    keys: list[int | str] = [*sizes, ALL]
    return dict(zip(keys, epochs, strict=True)) if epochs else {}


def draw_growth(
    findings: Findings, panels: Sequence[Panel], path: Path, metadata: Mapping[str, str]
) -> None:
    """Draw a panel a cancer: a figure by the number of images to learn from, with intervals.

    Dots are single draws of the images.
    """
    figure = Figure(figsize=(4.6 * len(panels), 4.6), layout="constrained")
    lines = {}
    for number, panel in enumerate(panels, 1):
        axes = figure.add_subplot(1, len(panels), number)
        for part, color in zip(panel.parts, _COLORS, strict=False):
            line = _draw_curve(axes, findings, part, color)
            if line is not None:
                lines[part.learner.name] = line
        axes.set_xscale("log")
        ticks = sorted(
            {round(n) for p in panel.parts for n in sizes_measured(findings, p).values()}
        )
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.minorticks_off()
        axes.set(title=panel.title, xlabel="images to learn from", ylabel=panel.label)
        axes.grid(alpha=0.25)
    figure.legend(lines.values(), lines.keys(), loc="outside lower center", ncols=3)
    figure.savefig(path, dpi=110, metadata=dict(metadata))


def _draw_curve(
    axes: Axes, findings: Findings, part: LearningCurvePart, color: str
) -> Line2D | None:
    metric = part.field.metric
    sizes = sizes_measured(findings, part)
    if not sizes:
        return None
    found = [findings.of(size_name(part.name, size), metric) for size in sizes]
    table = np.array([[f.value, f.low, f.high] if f else [np.nan] * 3 for f in found])
    x = list(sizes.values())
    style = "-" if part.learner.is_network else "--"
    (line,) = axes.plot(x, table[:, 0], f"o{style}", ms=4, color=color)
    axes.fill_between(x, table[:, 1], table[:, 2], color=color, alpha=0.1, lw=0)
    draws = findings.curves[part.name]
    axes.plot(
        [float(row["epoch"]) for row in draws],
        [float(row[metric]) for row in draws],
        ".",
        ms=3,
        alpha=0.5,
        color=color,
    )
    return line
