"""Pictures that several experiments share, drawn from findings alone: no image of a patient."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cancerapy.reproduce._spec import CurveRow
from cancerapy.reproduce.findings import Findings

TRAINING, OTHER, ACCENT = "#4c566a", "#bf616a", "#5e81ac"
_PANELS = {"accuracy": ("accuracy", "inner_accuracy"), "loss": ("loss", "inner_loss")}


def draw_curves_of(
    findings: Findings, parts: Sequence[str], path: Path, metadata: Mapping[str, str]
) -> None:
    """Draw accuracy and loss by epoch of some parts, a row each, the mean over their folds.

    A dashed line marks the switch from the frozen network to the last layers.
    """
    parts = [part for part in parts if findings.curves.get(part)]
    figure = Figure(figsize=(9, 3.1 * max(1, len(parts))), layout="constrained")
    for row, part in enumerate(parts):
        epochs = mean_over_folds(findings.curves[part])
        for column, (label, names) in enumerate(_PANELS.items()):
            axes = figure.add_subplot(len(parts), 2, 2 * row + column + 1)
            _draw_panel(axes, epochs, names)
            axes.set(xlabel="epoch", ylabel=label, title=part if column == 0 else "")
    figure.savefig(path, dpi=110, metadata=dict(metadata))


def _draw_panel(axes: Axes, epochs: Sequence[CurveRow], names: Sequence[str]) -> None:
    for name, label, color in zip(names, ("training", "left out"), (TRAINING, OTHER), strict=True):
        points = [(n, float(e[name])) for n, e in enumerate(epochs, 1) if name in e]
        if points:
            axes.plot(*zip(*points, strict=True), "o-", ms=4, color=color, label=label)
    n_first = sum(epoch["stage"] == "head" for epoch in epochs)
    if 0 < n_first < len(epochs):
        axes.axvline(n_first + 0.5, color="#888", ls="--", label="last layers released")
    if names[0] == "accuracy":
        axes.set_ylim(0, 1)
    axes.grid(alpha=0.25)
    axes.legend(fontsize="small")


def mean_over_folds(rows: Sequence[CurveRow]) -> list[dict[str, float | str]]:
    """Return the mean of every figure over the folds, by stage and epoch."""
    grouped: dict[tuple[str, float], list[CurveRow]] = {}
    for row in rows:
        grouped.setdefault((str(row["stage"]), float(row["epoch"])), []).append(row)
    result: list[dict[str, float | str]] = []
    for (stage, epoch), same in grouped.items():
        names = [name for name in same[0] if name not in ("fold", "stage", "epoch")]
        means: dict[str, float | str] = {
            name: float(np.mean([float(row[name]) for row in same if name in row]))
            for name in names
        }
        result.append({"stage": stage, "epoch": epoch, **means})
    return result


def draw_bars(
    findings: Findings,
    parts: Sequence[str],
    metrics: Mapping[str, str],
    path: Path,
    metadata: Mapping[str, str],
    *,
    task: str | None = None,
) -> None:
    """Draw figures of parts side by side, with their intervals, in per cent.

    Args:
        findings: What was measured.
        parts: Names of the parts, from left to right; those not measured are left out.
        metrics: Metrics with their words in the legend.
        path: The PNG to write.
        metadata: Its metadata.
        task: Task whose figures are drawn; by default each part's first.
    """
    parts = [part for part in parts if findings.has(part)]
    figure = Figure(figsize=(max(6, 1.3 * len(parts)), 4), layout="constrained")
    axes = figure.add_subplot()
    width = 0.8 / len(metrics)
    for number, (metric, words) in enumerate(metrics.items()):
        found = [findings.of(part, metric, task) for part in parts]
        values = [math.nan if f is None else 100 * f.value for f in found]
        errors = [
            [0.0 if f is None or math.isnan(f.low) else 100 * (f.value - f.low) for f in found],
            [0.0 if f is None or math.isnan(f.high) else 100 * (f.high - f.value) for f in found],
        ]
        place = np.arange(len(parts)) + (number - (len(metrics) - 1) / 2) * width
        axes.bar(place, values, width, yerr=np.maximum(errors, 0), capsize=2, label=words)
    is_crowded = len(parts) > 5
    axes.set_xticks(
        np.arange(len(parts)),
        [part.replace(", ", ",\n") for part in parts],
        rotation=30 if is_crowded else 0,
        ha="right" if is_crowded else "center",
        rotation_mode="anchor",
        fontsize="small",
    )
    axes.set(ylabel="%", ylim=(0, 100))
    axes.grid(axis="y", alpha=0.25)
    figure.legend(fontsize="small", ncols=min(4, len(metrics)), loc="outside upper right")
    figure.savefig(path, dpi=110, metadata=dict(metadata))


def draw_search(
    findings: Findings,
    part: str,
    classes: Sequence[str],
    path: Path,
    metadata: Mapping[str, str],
) -> None:
    """Draw the sensitivity of each class by the constant that was tried, and the choices."""
    rows = findings.curves.get(part, ())
    consts = sorted({float(row["const"]) for row in rows})
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    for name in classes:
        values = [[float(r[name]) for r in rows if float(r["const"]) == c] for c in consts]
        means = np.array([100 * np.mean(v) for v in values])
        axes.plot(consts, means, "o-", ms=4, label=name)
        low, high = (np.array([100 * edge(v) for v in values]) for edge in (np.min, np.max))
        axes.fill_between(consts, low, high, alpha=0.12)
    for row in rows:
        if float(row["chosen"]):
            axes.axvline(float(row["const"]), color="#888", ls="--", lw=0.8)
    axes.set(xlabel="const of equation 1", ylabel="sensitivity on the inner part, %", ylim=(0, 100))
    axes.set_title("mean over the folds (area: all folds; dashed: chosen)", fontsize="medium")
    axes.grid(alpha=0.25)
    axes.legend()
    figure.savefig(path, dpi=110, metadata=dict(metadata))
