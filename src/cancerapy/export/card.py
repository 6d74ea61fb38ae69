"""The model card, written from the bundle's own fields and the cancer's file."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cancerapy.bundle.schema import BundleFields, TaskFields
from cancerapy.cancers import Cancer
from cancerapy.contract import STATEMENT

_MAIN = (
    "accuracy", "balanced_accuracy", "macro_f1", "macro_auc", "malignancy_auc", "auc:",
    "sensitivity:", "specificity:", "ece", "brier",
)  # fmt: skip
"""Beginnings of the names of the figures that are shown, see ``evaluation.measure``."""


def write_card(fields: BundleFields, cancer: Cancer) -> str:
    """Return the card of a bundle in Markdown.

    References:
        Mitchell et al., "Model cards for model reporting", 2019, doi:10.1145/3287560.3287596
    """
    parts = [
        f"# {cancer.title}: model {fields.name}",
        f"> {STATEMENT}",
        cancer.description,
        _facts(fields),
        "## What it answers",
        *(_task(fields_, cancer) for fields_ in fields.tasks),
        "## How good it is",
        _results(fields.results),
        *_of_teachers(fields.provenance),
        "## When it does not answer",
        _gates(fields),
        "## On whom it was not measured",
        "\n".join(f"- {limit}" for limit in cancer.limits),
        "## Is the served graph the trained network?",
        _parity(fields.provenance.get("parity", [])),
        "## Where it comes from",
        _provenance(fields, cancer),
    ]
    return "\n\n".join(parts) + "\n"


def _table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    header = list(header)
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _facts(fields: BundleFields) -> str:
    steps = ", ".join(fields.input.steps)
    return _table(
        ("", ""),
        (
            ("made", fields.created),
            ("input", f"RGB {fields.input.height} x {fields.input.width} px, {fields.input.aspect}"
             + (f", after {steps}" if steps else "")),
            ("backbone", fields.provenance.get("backbone", "")),
            ("precision", fields.provenance.get("precision", "")),
            ("test-time flips", fields.provenance.get("flips", "none")),
        ),
    )  # fmt: skip


def _task(task: TaskFields, cancer: Cancer) -> str:
    labels = {label.id: label for label in cancer.task(task.id).classes}
    rows = [
        (
            labels[class_id].label,
            labels[class_id].meaning,
            {True: "yes", False: "no", None: ""}[labels[class_id].malignant],
            f"{task.conformal_thresholds[class_id]:.3f} ({task.conformal_kind[class_id]})",
        )
        for class_id in task.class_ids
    ]
    table = _table(("class", "meaning", "malignant", "conformal threshold"), rows)
    text = [f"### `{task.id}`: {cancer.task(task.id).title}", table]
    if task.operating_point:
        point = task.operating_point
        text.append(
            f"Malignancy is called from {point.threshold:.3f} on (`{point.name}`): sensitivity "
            f"{_interval(point.sensitivity, point.sensitivity_interval)}, specificity "
            f"{_interval(point.specificity, point.specificity_interval)}, out of fold."
        )
    return "\n\n".join(text)


def _interval(value: float, bounds: tuple[float, float]) -> str:
    return f"{value:.3f} ({bounds[0]:.3f} to {bounds[1]:.3f})"


def _results(results: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        (r["task"], r["protocol"], r["metric"], r["value"], f"{r['low']} to {r['high']}")
        for r in results
        if str(r["metric"]).startswith(_MAIN)
    ]
    if not rows:
        return "Not evaluated: no result rows were there when the bundle was made."
    table = _table(("task", "protocol", "metric", "value", "95 % interval"), rows)
    return (
        "Out of fold: each image judged by a network that saw nothing of its group. `macro_auc` "
        "is the mean over classes of one against the rest, `malignancy_auc` that of the "
        f"probability of malignancy. Intervals are bootstrapped over groups.\n\n{table}"
    )


def _of_teachers(provenance: Mapping[str, Any]) -> list[str]:
    members = provenance.get("members", [provenance])
    if not any(member.get("teachers") for member in members):
        return []
    return [
        "Figures and calibration are those of the same plan trained on labels alone. The network "
        "that is served has also learnt its teachers' answers; as these come from all folds, it "
        "cannot be measured on them. Only a data set that it has not seen can do that."
    ]


def _gates(fields: BundleFields) -> str:
    q = fields.quality
    return "\n".join(
        (
            f"- rejected: sharpness below {q.sharpness_min:g}, brightness outside "
            f"{q.brightness_range[0]:g} to {q.brightness_range[1]:g}, contrast below "
            f"{q.contrast_min:g}, saturation outside {q.saturation_range[0]:g} to "
            f"{q.saturation_range[1]:g}, or distance from the training images above "
            f"{q.ood_max:g}",
            *(
                f"- `{t.id}` is unsure: more or less than one class left at {t.coverage:.0%} "
                f"coverage, or the most probable class below {t.min_confidence:.0%}"
                for t in fields.tasks
            ),
        )
    )


def _parity(parities: Iterable[Mapping[str, Any]]) -> str:
    def shown(value: float | None) -> str:
        return "" if value is None else f"{value:.4f}"

    rows = [
        (
            p["pictures"],
            p["n"],
            f"{p['largest']:.5f}",
            f"{p['mean']:.6f}",
            f"{p['disagreement']:.2%}",
            shown(p["accuracy_before"]),
            shown(p["accuracy_after"]),
        )
        for p in parities
    ]
    header = (
        "pictures", "n", "largest difference", "mean difference", "other class",
        "accuracy Keras", "accuracy LiteRT",
    )  # fmt: skip
    note = (
        "Differences are those of the task in which they are largest, accuracies those of the "
        "first task. On real images they are of training images: they show parity, not quality."
    )
    return f"{_table(header, rows)}\n\n{note}"


def _provenance(fields: BundleFields, cancer: Cancer) -> str:
    rows = list(_told(fields.provenance))
    for number, member in enumerate(fields.provenance.get("members", []), 1):
        rows += [(f"member {number}: {name}", value) for name, value in _told(member)]
    rows += [(f"licence: {name}", value) for name, value in fields.licences.items()]
    rows += [("licence: this model", cancer.model_licence)]
    return _table(("", ""), rows)


def _told(provenance: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    apart = ("parity", "plan", "members")
    yield from ((name, f"`{value}`") for name, value in provenance.items() if name not in apart)
    for name, value in provenance.get("plan", {}).items():
        yield f"plan: {name}", f"`{json.dumps(value)}`"
