"""An evaluation in a few lines of plain text."""

from collections.abc import Sequence

from cancerapy.evaluation.report import Section, format_figure

_SHOWN = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced",
    "macro_f1": "macro-F1",
    "macro_auc": "AUC",
    "ece": "ECE",
}


def summarise(sections: Sequence[Section]) -> str:
    """Return one line a task and one line a comparison, in aligned columns.

    Args:
        sections: The measured tasks; leaking ones say so beside the task.
    """
    lines = [["task", "images", *_SHOWN.values()]]
    for section in sections:
        origin, assessment = section.origin, section.assessment
        name = f"{origin.task} {origin.leaking}".strip()
        own = [format_figure(assessment.figure(metric)) for metric in _SHOWN]
        lines.append([name, str(origin.n), *own])
        for comparison in assessment.comparisons:
            gains = {figure.metric: figure for figure in comparison.differences}
            cells = [format_figure(gains.get(m), is_difference=True) for m in _SHOWN]
            lines.append([f"  against {comparison.name}", str(comparison.n_images), *cells])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    padded = ("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)
