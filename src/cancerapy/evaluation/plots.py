"""The report's pictures, as PNG bytes. They hold numbers only, never an image of a patient."""

import io
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from sklearn.metrics import roc_curve

from cancerapy.arrays import Floats
from cancerapy.evaluation.calibration_error import N_BINS, reliability_table
from cancerapy.evaluation.discrimination import auc_per_class, confusion
from cancerapy.evaluation.outcome import Outcome

_DPI = 144
_INK = "#1f2933"
_BLUE = "#1d5fa8"
_LONG_NAME = 6
_FEW_IMAGES = 20


def plot_confusion(outcome: Outcome) -> bytes:
    """Draw the confusion matrix: colour and per cent by row (true class), counts below."""
    counts = confusion(outcome.y_true, outcome.y_pred, outcome.n_classes)
    totals = counts.sum(1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    names = list(outcome.task.class_ids)
    side = max(3.6, 0.6 * len(names) + 1.5)
    canvas, axes = _canvas(side, side)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row in range(len(names)):
        for column in range(len(names)):
            colour = "white" if shares[row, column] > 0.55 else _INK
            text = f"{100 * shares[row, column]:.0f} %\n{counts[row, column]}"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=7.5)
    if max(map(len, names)) > _LONG_NAME:
        axes.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
    else:
        axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return _png(canvas)


def plot_roc(outcome: Outcome) -> bytes:
    """Draw the ROC curve of each class against the rest, with its area."""
    areas = auc_per_class(outcome.y_true, outcome.probabilities)
    canvas, axes = _canvas(4.6, 4.4)
    axes.plot([0, 1], [0, 1], color="#9aa5b1", linewidth=0.8, linestyle=":")
    # with two classes the second curve is the first one mirrored
    shown = [1] if outcome.n_classes == 2 else range(outcome.n_classes)
    for index, colour in zip(shown, _colours(len(shown)), strict=True):
        if np.isnan(areas[index]):
            continue
        is_positive = outcome.y_true == index
        false_rate, true_rate, _ = roc_curve(is_positive, outcome.probabilities[:, index])
        name = outcome.task.class_ids[index]
        axes.plot(false_rate, true_rate, color=colour, label=f"{name}  {areas[index]:.3f}")
    _unit_square(axes, "1 - specificity", "sensitivity")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=8, title="class and area", title_fontsize=8)
    return _png(canvas)


def plot_reliability(outcome: Outcome) -> bytes:
    """Draw accuracy against confidence of the predicted class, and how often each occurs.

    Bins with fewer than 20 images are hollow.
    """
    is_correct = outcome.y_pred == outcome.y_true
    table = reliability_table(outcome.probabilities.max(1), is_correct)
    canvas = Canvas(figsize=(4.6, 5.0), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(canvas)
    upper, lower = canvas.subplots(2, 1, height_ratios=(4, 1), sharex=True)
    filled = table[:, 2] > 0
    upper.plot([0, 1], [0, 1], color="#9aa5b1", linewidth=0.8, linestyle=":")
    upper.plot(table[filled, 0], table[filled, 1], color=_BLUE, linewidth=1.2)
    for few, face in ((True, "white"), (False, _BLUE)):
        shown = filled & ((table[:, 2] < _FEW_IMAGES) == few)
        upper.plot(
            table[shown, 0], table[shown, 1], "o", color=_BLUE, markersize=5, markerfacecolor=face
        )
    _unit_square(upper, "", "accuracy")
    centres = (np.arange(N_BINS) + 0.5) / N_BINS
    lower.bar(centres, table[:, 2], width=0.9 / N_BINS, color=_BLUE)
    lower.set_ylabel("images")
    lower.set_xlabel("confidence in the predicted class")
    lower.spines[["top", "right"]].set_visible(False)
    return _png(canvas)


def plot_by_group(names: Sequence[str], values: Floats, lows: Floats, highs: Floats) -> bytes:
    """Draw one figure by subgroup with its interval, the first on top.

    Args:
        names: Subgroups, n.
        values: The figure, (n,), 0..1.
        lows: Lower bounds, (n,); not-a-number where there is no interval.
        highs: Upper bounds, (n,).
    """
    canvas, axes = _canvas(5.6, 0.9 + 0.3 * len(names))
    places = np.arange(len(names))[::-1]
    axes.hlines(places, lows, highs, color=_BLUE, linewidth=1.4)
    axes.plot(values, places, "o", color=_BLUE, markersize=5)
    axes.set_yticks(places, names)
    axes.set_ylim(-0.7, len(names) - 0.3)
    lowest = float(np.nanmin(np.concatenate([values, lows])))
    axes.set_xlim(max(0.0, np.floor(10 * lowest - 0.5) / 10), 1.005)
    axes.set_xlabel("accuracy")
    axes.grid(axis="x", color="#e4e7eb", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return _png(canvas)


def _canvas(width_in: float, height_in: float) -> tuple[Canvas, Axes]:
    """Make a picture without pyplot, whose global state leaks between reports."""
    canvas = Canvas(figsize=(width_in, height_in), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(canvas)
    return canvas, canvas.subplots()


def _unit_square(axes: Axes, x_label: str, y_label: str) -> None:
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.01)
    axes.set_aspect("equal" if x_label else "auto")
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.spines[["top", "right"]].set_visible(False)


def _colours(count: int) -> list[str]:
    """Return colours that stay apart for people who see no red and green (Okabe and Ito)."""
    palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
    if count > len(palette):
        palette.append("#999933")
    return [palette[i % len(palette)] for i in range(count)]


def _png(canvas: Canvas) -> bytes:
    buffer = io.BytesIO()
    canvas.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
