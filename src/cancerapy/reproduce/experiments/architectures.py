"""Architectures by what they can and what they cost: the report's two, and three others."""

from collections.abc import Mapping
from pathlib import Path

from cancerapy.comparison.pareto import on_front, plot_pareto
from cancerapy.comparison.rows import CandidateRow
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.words import DIFFERENCE, in_words, verdict
from cancerapy.reproduce._spec import Experiment, Picture
from cancerapy.reproduce.architecture_part import ArchitecturePart
from cancerapy.reproduce.findings import Findings

_CANCER, _PROTOCOL = "colorectal", "slides"
_FIRST = "MobileNetEdgeTPU"
_SMALL, _LARGE = "MobileNetV2", "ResNet101V2"
_PARTS = tuple(
    ArchitecturePart(name, _FIRST, _CANCER, _PROTOCOL)
    for name in (_FIRST, _SMALL, "InceptionV3Mixed8", "ResNet50", _LARGE)
)


def _conclude(findings: Findings) -> str:
    rows = _drawable(findings)
    n_groups = max((row.origin.groups for row in findings.rows), default=0)
    front = [row.candidate for row, best in zip(rows, on_front(rows), strict=True) if best]
    lines = [
        f"- {part.name}: {verdict(findings.of(part.name, 'accuracy' + DIFFERENCE))}"
        for part in _PARTS
        if part.name != _FIRST and findings.has(part.name)
    ]
    compared = [f"Accuracy against {_FIRST}, on the same images in pairs:", "", *lines, ""]
    return "\n".join(
        [
            *(compared if lines else ()),
            f"For each of these no other network is both as right and as fast: {', '.join(front)}. "
            f"{_on_small(findings)} {_on_large(findings)} The intervals are over {n_groups} "
            "slides, which is few, and frozen features say how good the starting weights are for "
            "these tissues, not how far training could take each network.",
        ]
    )


def _on_small(findings: Findings) -> str:
    others = [part.name for part in _PARTS if part.name != _SMALL]
    own = findings.of(_SMALL, "inference_ms")
    times = [figure for name in others if (figure := findings.of(name, "inference_ms"))]
    if own is None or not times:
        return "What the report says of MobileNetV2 cannot be judged yet."
    factors = sorted(figure.value / own.value for figure in times)
    span = f"{factors[0]:.1f} to {factors[-1]:.1f}" if len(factors) > 1 else f"{factors[0]:.1f}"
    claim = f"{_SMALL} is one for small devices"
    told = f"The report is right that {claim}" if factors[0] > 1 else f"That {claim} is not shown"
    return (
        f"{told}: an image takes it {in_words(own)} on one thread, and the others {span} times as "
        f"long. It has {in_words(findings.of(_SMALL, 'accuracy'))} accuracy."
    )


def _on_large(findings: Findings) -> str:
    if not findings.has(_LARGE):
        return (
            "Whether ResNet101, which the report takes where there are more classes, earns its "
            "size cannot be said before it has been measured."
        )
    difference = findings.of(_LARGE, "accuracy" + DIFFERENCE)
    cost, base = (findings.of(name, "inference_ms") for name in (_LARGE, _FIRST))
    times = f"{cost.value / base.value:.1f} times" if cost and base else "several times"
    origin = findings.origin(_LARGE)
    reach = origin.protocol.partition(" of ")[2] if origin else ""
    only = f" (as far as there are starting weights here, to `{reach}`)" if reach else ""
    return (
        f"{_LARGE}{only}, for the network that the report takes where there are more classes: "
        f"{verdict(difference)} in accuracy against {_FIRST}, in {times} its time."
    )


def _drawable(findings: Findings) -> list[CandidateRow]:
    """Return rows of a comparison that hold what the picture shows, from the findings."""
    rows = []
    for part in _PARTS:
        accuracy = findings.of(part.name, "accuracy")
        costs: dict[str, Figure | None] = {
            name: findings.of(part.name, name) for name in ("inference_ms", "size_mb")
        }
        if accuracy and all(costs.values()):
            rows.append(
                CandidateRow(
                    candidate=part.name,
                    protocol=_PROTOCOL,
                    source="",
                    epochs=0,
                    figures={"accuracy": accuracy},
                    costs={name: figure.value for name, figure in costs.items() if figure},
                )
            )
    return rows


def _draw(findings: Findings, path: Path, metadata: Mapping[str, str]) -> None:
    title = "Eight tissues of colorectal cancer, slides left out, frozen features"
    path.write_bytes(plot_pareto(_drawable(findings), title, metadata))


EXPERIMENT = Experiment(
    id="architectures",
    title="Architectures compared",
    place="sections 4.2.1 and 6",
    claim=(
        'MobileNetV2 "is a great for low computation device like mobile phones"; ResNet101 is '
        "taken where there are more classes. Comparing further architectures by computation time "
        "and accuracy is further work."
    ),
    protocols=(
        "Each network up to its last layer with starting weights, frozen, with a linear classifier "
        "of its own; 4,497 tiles at 150 x 150 px, each of nine slides left out in turn. Inference "
        "is one image through the exported LiteRT graph (float16) on one thread, all networks in "
        "turn, in milliseconds that the thread had a core; training is the features once and one "
        "fit, in seconds of all cores. `cancerapy compare colorectal` makes the same rows."
    ),
    parts=_PARTS,
    columns={
        "accuracy": "Accuracy",
        "accuracy" + DIFFERENCE: f"Against {_FIRST}",
        "balanced_accuracy": "Balanced accuracy",
        "macro_auc": "AUC",
        "inference_ms": "Inference",
        "size_mb": "Size",
        "memory_mb": "Memory",
        "parameters_millions": "Parameters",
        "multiply_adds_millions": "Multiply-adds",
        "training_seconds": "Training",
    },
    conclude=_conclude,
    pictures=(
        Picture(
            "architectures-pareto.png",
            "Accuracy against the time of one image; the area of a point is the model's size",
            _draw,
        ),
    ),
)
