"""Pictures of a search: its course over time, what mattered, and the optimizers side by side."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import optuna
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from optuna.exceptions import ExperimentalWarning

from cancerapy.atomic import replacing
from cancerapy.tuning.compared import Compared
from cancerapy.tuning.trials_table import FAILED, FINISHED, PRUNED, Row

_BLUE, _ORANGE, _GREY = "#0072b2", "#d55e00", "#9aa5b1"
_DPI = 130
_N_FOR_IMPORTANCE = 6


def plot_search(
    rows: Sequence[Row],
    path: Path,
    title: str,
    goal: float | None = None,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Draw the score of every state, and the best so far, against the seconds spent.

    Args:
        rows: In the order in which they ended.
        path: The PNG to write.
        title: Title of the figure.
        goal: A line at this score, if there is one.
        metadata: Of the file.
    """
    figure, axes = _canvas(7.5, 4.2)
    for status, marker, colour in ((FINISHED, "o", _BLUE), (PRUNED, "v", _GREY)):
        shown = [row for row in rows if row.status == status and row.score is not None]
        x = [row.seconds_so_far for row in shown]
        axes.plot(
            x, [row.score or 0.0 for row in shown], marker, color=colour, label=status, alpha=0.85
        )
    finished = [row for row in rows if row.status == FINISHED and row.score is not None]
    if finished:
        best = np.maximum.accumulate([row.score or 0.0 for row in finished])
        end = rows[-1].seconds_so_far
        x = [*(row.seconds_so_far for row in finished), end]
        axes.step(x, [*best, best[-1]], where="post", color=_ORANGE, label="best so far")
    low = axes.get_ylim()[0]
    failed = [row.seconds_so_far for row in rows if row.status == FAILED]
    if failed:
        axes.plot(failed, [low] * len(failed), "x", color="#b00020", label="failed", clip_on=False)
    if goal is not None:
        axes.axhline(goal, color="#009e73", ls="--", lw=2, label=f"goal {goal:g}")
    axes.set(xlabel="seconds spent on states", ylabel="score on the proxy (mean AUC)", title=title)
    axes.set_xlim(left=0)
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    _save(figure, path, metadata)


def parameter_importance(study: optuna.Study, rows: Sequence[Row]) -> dict[str, float]:
    """Return the share of each parameter in the differences of the scores, greatest first.

    By PED-ANOVA over the finished states; a parameter that only some states have, or that all
    have alike, is left out.

    Returns:
        Shares that sum to 1; empty for fewer than six finished states or equal scores.

    References:
        Watanabe et al., "PED-ANOVA", IJCAI 2023, doi:10.24963/ijcai.2023/488
    """
    finished = [row for row in rows if row.status == FINISHED]
    if len(finished) < _N_FOR_IMPORTANCE or len({row.score for row in finished}) < 2:
        return {}
    names = [
        name
        for name in finished[0].params
        if all(name in row.params for row in finished)
        and len({row.params[name] for row in finished}) > 1
    ]
    if not names:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        found = optuna.importance.get_param_importances(study, params=names)
    return {name: float(share) for name, share in found.items() if np.isfinite(share)}


def plot_importance(
    shares: Mapping[str, float], path: Path, title: str, metadata: Mapping[str, str] | None = None
) -> None:
    """Draw the importance of the parameters, or say that there are too few states.

    Args:
        shares: See ``parameter_importance``.
        path: The PNG to write.
        title: Title of the figure.
        metadata: Of the file.
    """
    figure, axes = _canvas(6.5, 1.2 + 0.3 * max(4, len(shares)))
    if shares:
        names = list(shares)[::-1]
        axes.barh(names, [shares[name] for name in names], color=_BLUE)
        axes.set_xlabel("share of the differences in score (PED-ANOVA)")
    else:
        _say(axes, f"Needs {_N_FOR_IMPORTANCE} finished states of different scores.")
    axes.set_title(title)
    _save(figure, path, metadata)


def plot_values(rows: Sequence[Row], name: str, path: Path, title: str) -> None:
    """Draw the score of every state by its value of one parameter, with the median of each.

    States differ in all other parameters as well: this shows the search, it compares nothing.

    Args:
        rows: States.
        name: A parameter with a few values, for instance ``"optimizer"``.
        path: The PNG to write.
        title: Title of the figure.
    """
    figure, axes = _canvas(6.5, 4.0)
    shown = [row for row in rows if row.score is not None and name in row.params]
    values = sorted({str(row.params[name]) for row in shown})
    for place, value in enumerate(values):
        own = [row for row in shown if str(row.params[name]) == value]
        for status, marker, colour in ((FINISHED, "o", _BLUE), (PRUNED, "v", _GREY)):
            scores = [row.score or 0.0 for row in own if row.status == status]
            x = place + np.linspace(-0.15, 0.15, len(scores)) if len(scores) > 1 else [place]
            label = status if place == 0 else None
            axes.plot(x[: len(scores)], scores, marker, color=colour, alpha=0.8, label=label)
        finished = [row.score or 0.0 for row in own if row.status == FINISHED]
        if finished:
            axes.hlines(float(np.median(finished)), place - 0.3, place + 0.3, color=_ORANGE)
    if not shown:
        _say(axes, "No state has a score yet.")
    else:
        axes.set_xticks(range(len(values)), values)
        axes.set(xlabel=f"{name} (line: median of finished states)", ylabel="score (mean AUC)")
        axes.legend(frameon=False, fontsize=8)
    axes.set_title(title)
    _save(figure, path)


def plot_compared(
    compared: Sequence[Compared],
    path: Path,
    title: str,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Draw the score of each optimizer and its difference to the first, with 95 % intervals.

    Args:
        compared: See ``optimizers.compare_optimizers``.
        path: The PNG to write.
        title: Title of the figure.
        metadata: Of the file.
    """
    figure = Figure(figsize=(8.5, 1.4 + 0.45 * len(compared)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    places = np.arange(len(compared))[::-1]
    for place, row in zip(places, compared, strict=True):
        left.hlines(place, row.interval.low, row.interval.high, color=_BLUE)
        left.plot(row.score, place, "o", color=_BLUE)
        bounds = row.difference_interval
        colour = _ORANGE if bounds.excludes_zero else _GREY
        right.hlines(place, bounds.low, bounds.high, color=colour)
        right.plot(row.difference, place, "o", color=colour)
    right.axvline(0, color="#4c566a", lw=0.8, ls=":")
    left.set_yticks(places, [row.optimizer for row in compared])
    left.set_ylim(-0.6, len(compared) - 0.4)
    left.set_xlabel("score (mean AUC)")
    right.set_xlabel(f"difference to {compared[0].optimizer}")
    for axes in (left, right):
        axes.grid(axis="x", alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(title)
    _save(figure, path, metadata)


def _canvas(width_in: float, height_in: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width_in, height_in), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)
    return figure, axes


def _say(axes: Axes, text: str) -> None:
    axes.text(0.5, 0.5, text, ha="center", va="center", transform=axes.transAxes)
    axes.set_axis_off()


def _save(figure: Figure, path: Path, metadata: Mapping[str, str] | None = None) -> None:
    with replacing(path) as file:
        own = {"Software": None, **(metadata or {})}
        figure.savefig(file, format="png", dpi=_DPI, metadata=own)
