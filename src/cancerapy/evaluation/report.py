"""One HTML file that holds everything measured of a model; opens without a connection."""

import base64
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

from cancerapy.atomic import write_atomically
from cancerapy.contract import STATEMENT
from cancerapy.evaluation import plots
from cancerapy.evaluation.assessment import Assessment, Comparison
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.report_style import STYLE
from cancerapy.evaluation.rows import Origin
from cancerapy.evaluation.subgroups import MIN_IMAGES, TOO_FEW, Subgroup

NAMES = {
    "accuracy": "Accuracy",
    "balanced_accuracy": "Balanced accuracy",
    "macro_f1": "Macro-F1",
    "macro_auc": "AUC, mean over classes",
    "malignancy_auc": "AUC of malignancy",
    "ece": "Expected calibration error (ECE)",
    "classwise_ece": "ECE by class, mean",
    "brier": "Brier score",
    "nll": "Negative log-likelihood",
    "point_sensitivity": "Sensitivity for malignancy at the operating point",
    "point_specificity": "Specificity for malignancy at the operating point",
    "conformal_coverage": "Coverage of the conformal set",
    "conformal_size": "Classes in the conformal set, mean",
    "answered_share": "Share that gets a plain answer",
    "answered_accuracy": "Accuracy among these",
}
"""Figures of a task in the order shown, with their words."""

_SHORT = {**NAMES, "ece": "ECE", "macro_auc": "AUC"}
_PER_CENT = {
    "accuracy",
    "balanced_accuracy",
    "point_sensitivity",
    "point_specificity",
    "conformal_coverage",
    "answered_share",
    "answered_accuracy",
    "sensitivity",
    "specificity",
    "precision",
    "f1",
}
_BY_CLASS = ("sensitivity", "specificity", "precision", "f1", "auc")
_RIVALRY = ("accuracy", "balanced_accuracy", "macro_f1", "macro_auc", "ece")
_OF_SUBGROUPS = ("accuracy", "balanced_accuracy", "malignancy_auc", "ece")


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One task of the report: where its figures come from, and what they are."""

    origin: Origin
    assessment: Assessment


def write_report(path: Path, title: str, sections: Sequence[Section]) -> None:
    """Write the report.

    It holds numbers and plots only, never an image of a patient nor the name of one.

    Args:
        path: The HTML file.
        title: What was measured.
        sections: The tasks in the order shown, at least one.

    Raises:
        StorageError: The file could not be written.
    """
    origin = sections[0].origin
    leaking = (
        '<p class="leaking"><strong>LEAKING.</strong> Images of one group stand on both sides of '
        "these folds. The figures are too good; they serve only to be compared with "
        "publications that did the same.</p>"
        if origin.leaking
        else ""
    )
    links = " ".join(
        f'<a href="#{escape(_anchor(s))}">{escape(s.origin.task)}</a>' for s in sections
    )
    body = "".join(_section(section) for section in sections)
    write_atomically(
        path,
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1><p>{escape(STATEMENT)}</p>{leaking}"
        f'<nav aria-label="Tasks">{links}</nav>{body}{_provenance(origin)}</main></body></html>\n',
    )


def format_figure(figure: Figure | None, *, is_difference: bool = False) -> str:
    """Return value and interval as read by people; shares in per cent.

    Args:
        figure: What to show; nothing or an undefined value is a dash.
        is_difference: Show the sign, and shares in points.
    """
    if figure is None or math.isnan(figure.value):
        return "-"
    is_share = figure.metric.partition(":")[0] in _PER_CENT
    factor, digits = (100, 1) if is_share else (1, 3)
    sign = "+" if is_difference else ""
    unit = (" points" if is_difference else " %") if is_share else ""
    text = f"{factor * figure.value:{sign}.{digits}f}{unit}"
    if math.isnan(figure.low) or math.isnan(figure.high):
        return text
    low, high = (f"{factor * bound:{sign}.{digits}f}" for bound in (figure.low, figure.high))
    return f"{text} ({low} to {high})"


def _section(section: Section) -> str:
    origin, assessment = section.origin, section.assessment
    outcome = assessment.calibrated.outcome
    parts = [
        f'<section id="{escape(_anchor(section))}"><h2>{escape(outcome.task.title)} '
        f"<code>{escape(origin.task)}</code></h2>",
        f"<p>{origin.n:,} images of {origin.groups:,} groups. "
        "Intervals hold 95 % of resamples of whole groups. The predicted class is the most "
        "probable one; probabilities of each fold are calibrated on other images.</p>",
        _table(
            ["Figure", "Value (95 % interval)"],
            [
                [_text(words), format_figure(assessment.figure(m))]
                for m, words in NAMES.items()
                if assessment.figure(m) is not None
            ],
        ),
        '<div class="plots">',
        _picture(plots.plot_confusion(outcome), "Confusion matrix"),
        _picture(plots.plot_roc(outcome), "ROC curves, one class against the rest"),
        _picture(plots.plot_reliability(outcome), "Reliability: accuracy at each confidence"),
        "</div>",
        _class_table(assessment),
        *(_subgroup_part(fact, table) for fact, table in assessment.subgroups.items()),
        _comparison_part(assessment),
        "</section>",
    ]
    return "".join(parts)


def _class_table(assessment: Assessment) -> str:
    outcome = assessment.calibrated.outcome
    lines = [
        [
            _text(label.label),
            str(int((outcome.y_true == index).sum())),
            *(format_figure(assessment.figure(f"{metric}:{label.id}")) for metric in _BY_CLASS),
        ]
        for index, label in enumerate(outcome.task.classes)
    ]
    header = ["Class", "Images", "Sensitivity", "Specificity", "Precision", "F1", "AUC"]
    return f"<h3>By class</h3>{_table(header, lines)}"


def _subgroup_part(fact: str, table: Sequence[Subgroup]) -> str:
    metrics = [
        m for m in _OF_SUBGROUPS if any(s.figures is not None and m in s.figures for s in table)
    ]
    lines = []
    for subgroup in table:
        figures = subgroup.figures
        cells = (
            [TOO_FEW] * len(metrics)
            if figures is None
            else [format_figure(figures.get(metric)) for metric in metrics]
        )
        counts = [str(subgroup.n_images), str(subgroup.n_groups), str(subgroup.n_classes)]
        lines.append([_text(subgroup.value), *counts, *cells])
    header = [fact.capitalize(), "Images", "Groups", "Classes", *(_SHORT[m] for m in metrics)]
    measured = [(s.value, s.figures["accuracy"]) for s in table if s.figures is not None]
    plot = _accuracy_plot(fact, measured) if len(measured) > 1 else ""
    return (
        f"<h3>By {_text(fact)}</h3><p>Fewer than {MIN_IMAGES} images are {TOO_FEW} to judge. "
        "A balanced accuracy is over the classes that occur in the row.</p>"
        f"{_table(header, lines)}{plot}"
    )


def _accuracy_plot(fact: str, measured: Sequence[tuple[str, Figure]]) -> str:
    values, lows, highs = (
        np.array([getattr(figure, part) for _, figure in measured])
        for part in ("value", "low", "high")
    )
    picture = plots.plot_by_group([name for name, _ in measured], values, lows, highs)
    return f'<div class="plots">{_picture(picture, f"Accuracy by {fact}")}</div>'


def _comparison_part(assessment: Assessment) -> str:
    if not assessment.comparisons:
        return ""
    own = ["<strong>this model</strong>", *(format_figure(assessment.figure(m)) for m in _RIVALRY)]
    header = [_SHORT[metric] for metric in _RIVALRY]
    figures = [_comparison_line(c.name, c.figures) for c in assessment.comparisons]
    gains = [_gain_line(comparison) for comparison in assessment.comparisons]
    return (
        "<h3>Against baselines and other models, on the same folds</h3>"
        f"{_table(['Model', *header], [own, *figures])}"
        "<p>This model minus the other, paired image by image. A difference counts where its "
        "interval excludes zero (bold).</p>"
        f"{_table(['Other', 'Images', *header], gains)}"
    )


def _comparison_line(name: str, figures: Iterable[Figure]) -> list[str]:
    by_name = {figure.metric: figure for figure in figures}
    return [_text(name), *(format_figure(by_name.get(metric)) for metric in _RIVALRY)]


def _gain_line(comparison: Comparison) -> list[str]:
    by_name = {figure.metric: figure for figure in comparison.differences}
    cells = []
    for metric in _RIVALRY:
        figure = by_name.get(metric)
        text = format_figure(figure, is_difference=True)
        is_clear = figure is not None and figure.interval.excludes_zero
        cells.append(f"<strong>{text}</strong>" if is_clear else text)
    return [_text(comparison.name), str(comparison.n_images), *cells]


def _provenance(origin: Origin) -> str:
    facts = {
        "Protocol": origin.protocol,
        "Model": origin.model,
        "Plan": origin.plan,
        "Data set": origin.manifest,
        "Split": origin.split,
        "Seed": origin.seed,
        "Machine": origin.machine,
        "Commit": origin.commit,
        "Command": origin.command,
        "Date": origin.date,
    }
    lines = [[_text(name), f"<code>{escape(v)}</code>"] for name, v in facts.items() if v]
    return f"<section><h2>How this was measured</h2>{_table(['', ''], lines)}</section>"


def _table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are HTML already, the first of a line is its heading."""
    head = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in header)
    body = "".join(
        f'<tr><th scope="row">{line[0]}</th>{"".join(f"<td>{cell}</td>" for cell in line[1:])}</tr>'
        for line in lines
    )
    top = f"<thead><tr>{head}</tr></thead>" if any(header) else ""
    return f'<div class="scroll"><table>{top}<tbody>{body}</tbody></table></div>'


def _picture(png: bytes, caption: str) -> str:
    data = base64.b64encode(png).decode()
    alt = escape(caption, quote=True)
    return (
        f'<figure><img alt="{alt}" src="data:image/png;base64,{data}">'
        f"<figcaption>{_text(caption)}</figcaption></figure>"
    )


def _anchor(section: Section) -> str:
    return "task-" + section.origin.task.replace("/", "--")


def _text(text: str) -> str:
    return escape(text)
