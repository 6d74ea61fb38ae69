"""The curves of the plain network, drawn from findings alone: no image of a patient."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.pictures import OTHER, TRAINING

_PANELS = {"accuracy": ("accuracy", "inner_accuracy"), "loss": ("loss", "inner_loss")}


def draw_descent(
    findings: Findings, watched: Mapping[str, str], path: Path, metadata: Mapping[str, str]
) -> None:
    """Draw accuracy and loss by iteration of some parts, a row each.

    Args:
        findings: What was measured.
        watched: Names of the parts, with what was watched beside the training images.
        path: The PNG to write.
        metadata: Its metadata.
    """
    parts = [part for part in watched if findings.curves.get(part)]
    figure = Figure(figsize=(9, 2.8 * max(1, len(parts))), layout="constrained")
    for number, part in enumerate(parts):
        rows = findings.curves[part]
        iterations = [float(row["epoch"]) for row in rows]
        for column, (label, names) in enumerate(_PANELS.items()):
            axes = figure.add_subplot(len(parts), 2, 2 * number + column + 1)
            words = ("training", watched[part])
            for name, line, color in zip(names, words, (TRAINING, OTHER), strict=True):
                axes.plot(iterations, _values(rows, name), color=color, label=line)
            axes.set(xlabel="iteration", ylabel=label, title=part if column == 0 else "")
            axes.set_ylim(0, 1.02 if label == "accuracy" else None)
            axes.grid(alpha=0.25)
            axes.legend(fontsize="small")
    figure.savefig(path, dpi=110, metadata=dict(metadata))


def _values(rows: Sequence[Mapping[str, float | str]], name: str) -> list[float]:
    return [float(row[name]) for row in rows]
