"""Which candidates are worth a look: none other is as right and as fast; and a picture of it."""

import io
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, NullLocator, ScalarFormatter

from cancerapy.comparison.rows import CandidateRow

_DPI = 144
_BLUE = "#1d5fa8"
_GREY = "#9aa5b1"
_INK = "#1f2933"
_AREA_PER_MB = 14.0
"""Square of a point's diameter, in points, for each megabyte of the model."""
_LEAST_AREA = 20.0


def on_front(rows: Sequence[CandidateRow]) -> list[bool]:
    """Say of each candidate whether no other is at least as right and as fast, and better in one.

    Args:
        rows: Candidates with an accuracy and an inference time.
    """
    points = [(row.figures["accuracy"].value, row.costs["inference_ms"]) for row in rows]
    return [
        not any(
            right >= own_right and ms <= own_ms and (right, ms) != (own_right, own_ms)
            for right, ms in points
        )
        for own_right, own_ms in points
    ]


def can_be_drawn(row: CandidateRow) -> bool:
    """Whether a row has what the picture shows."""
    return not row.failed and "accuracy" in row.figures and "inference_ms" in row.costs


def plot_pareto(
    rows: Sequence[CandidateRow], title: str, metadata: Mapping[str, str] | None = None
) -> bytes:
    """Draw accuracy with its interval against inference time; the front is a line.

    Args:
        rows: The candidates of one comparison; those that cannot be drawn are left out.
        title: What was compared.
        metadata: Of the file.

    Returns:
        A PNG file; the area of a point is the size of the model.
    """
    shown = sorted(filter(can_be_drawn, rows), key=lambda row: row.costs["inference_ms"])
    canvas = Canvas(figsize=(7.2, 4.8), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(canvas)
    axes: Axes = canvas.subplots()
    is_best = on_front(shown)
    for row, best in zip(shown, is_best, strict=True):
        _draw_candidate(axes, row, best=best)
    front = [row for row, best in zip(shown, is_best, strict=True) if best]
    axes.plot(
        [row.costs["inference_ms"] for row in front],
        [100 * row.figures["accuracy"].value for row in front],
        color=_BLUE,
        linewidth=1.2,
        linestyle="--",
        drawstyle="steps-post",
        zorder=1,
        label="Pareto front: none is better in both (grey: one is)",
    )
    _finish(axes, shown, title)
    buffer = io.BytesIO()
    canvas.savefig(buffer, format="png", metadata={"Software": None, **(metadata or {})})
    return buffer.getvalue()


def _draw_candidate(axes: Axes, row: CandidateRow, *, best: bool) -> None:
    figure, ms, size_mb = row.figures["accuracy"], row.costs["inference_ms"], row.costs["size_mb"]
    colour = _BLUE if best else _GREY
    area = max(_LEAST_AREA, _AREA_PER_MB * size_mb)
    axes.vlines(ms, 100 * figure.low, 100 * figure.high, color=colour, linewidth=1, zorder=2)
    axes.scatter(
        ms, 100 * figure.value, s=area, color=colour, alpha=0.75, edgecolor="white", zorder=3
    )
    reach = np.sqrt(area) / 2
    axes.annotate(
        f"{row.candidate}\n{size_mb:.1f} MB",
        (ms, 100 * figure.value),
        xytext=(0.8 * reach + 2, -0.8 * reach - 2),  # below the front, which rises
        textcoords="offset points",
        va="top",
        fontsize=8,
        color=_INK,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
        zorder=4,
    )


def _finish(axes: Axes, shown: Sequence[CandidateRow], title: str) -> None:
    axes.set_title(title, fontsize=10, loc="left", color=_INK)
    axes.set_xscale("log")
    times = [row.costs["inference_ms"] for row in shown] or [1.0]
    axes.set_xlim(min(times) / 1.4, max(times) * 2.6)  # room for the last one's name
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("one image on one thread, ms (log scale); area of a point: size of the model")
    axes.set_ylabel("accuracy, % (95 % interval over groups)")
    axes.grid(axis="y", color="#e4e7eb", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, loc="lower right")
