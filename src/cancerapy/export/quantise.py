"""Has an int8 graph earned its place? Both forms of one network on images that it has not seen.

The network to be shipped has seen every image, so it cannot be asked. Instead a network of the
same plan is taken that left a part out (each fold, or the hold-out run), both forms are made of it,
and they are compared on that part. This measures the loss by the arithmetic, not the model. For a
distilled network it is the same plan with labels alone: whoever has teachers leaves nothing out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cancerapy.arrays import Images, Indices, Logits
from cancerapy.bundle.schema import FactorFields
from cancerapy.cancers import Network, Task
from cancerapy.data.splits import Split
from cancerapy.errors import DataError
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.evaluation.measure import Figure, figure_of
from cancerapy.evaluation.outcome import Outcome, build_outcome
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.resampled import confusion_figures, resample_confusion
from cancerapy.evaluation.rows import Origin, Row, rows_of, write_rows
from cancerapy.evaluation.tables import TRIAL
from cancerapy.export.agreement import training_source
from cancerapy.export.litert import to_litert
from cancerapy.export.parity import litert_outputs
from cancerapy.export.request import ExportRequest
from cancerapy.runtime.interpreter import Graph
from cancerapy.runtime.probabilities import task_probabilities
from cancerapy.training.cross_validation import make_splits, split_digest
from cancerapy.training.final import load_final
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan, plan_of_run
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.session import open_material

MOST_LOST = 0.01
"""Sensitivity that any class may lose to int8 arithmetic, 0..1."""

N_REPRESENTATIVE = 200
_FORMS = ("float16", "int8")


@dataclass(frozen=True)
class HeldOut:
    """A run that left a part out.

    Args:
        run: Its folder.
        protocol: The protocol it belongs to.
        split: Who was on which side.
    """

    run: RunFolder
    protocol: str
    split: Split


def int8_is_as_good(request: ExportRequest, run: RunFolder, plan: Plan, flips: str) -> bool:
    """Compare int8 with float16 on held-out images, and keep what was measured as result rows.

    Args:
        request: What is exported.
        run: The run to be shipped; runs beside it that left a part out are looked for.
        plan: Its plan; of a distilled network, the same with labels alone is judged.
        flips: Test-time flips of the graph.

    Returns:
        Whether no class of any task loses more than ``MOST_LOST`` of its sensitivity.

    Raises:
        DataError: No run of this plan left a part out.
    """
    source = training_source(request.cancer, run.read_facts())
    judged = plan.without_teachers
    with open_material(request.cancer, judged, request.settings, source.folder) as material:
        held_out = find_held_out(run, material)
        answered = [_answer(material, part, flips) for part in held_out]
    sizes = [max(sizes) for sizes in zip(*(sizes for _, sizes in answered), strict=True)]
    predicted = [
        _out_of_fold(material, held_out, [logits[form] for logits, _ in answered])
        for form in range(len(_FORMS))
    ]
    rows: list[Row] = []
    lost = []
    for task in request.cancer.tasks:
        outcomes = [_outcome(form, request.cancer.network, task) for form in predicted]
        lost.append(sensitivity_lost(*outcomes))
        for name, outcome, n_bytes in zip(_FORMS, outcomes, sizes, strict=True):
            origin = _origin(material, held_out, outcome, f"{name}: {plan.backbone}", n_bytes)
            rows += rows_of(origin, figures_of(outcome))
    write_rows(request.settings.results / f"{request.cancer.id}.csv", rows)
    return max(lost) <= MOST_LOST + 1e-9  # exactly one point, as a float, is still allowed


def sensitivity_lost(before: Outcome, after: Outcome) -> float:
    """Return the most that any class's sensitivity falls from ``before`` to ``after``, 0..1.

    Raises:
        DataError: A class has no image, so that nothing can be said of it.
    """
    counts = np.bincount(before.y_true, minlength=before.n_classes)
    if not counts.all():
        absent = [c for c, n in zip(before.task.class_ids, counts, strict=True) if not n]
        raise DataError(
            "Every class needs held-out images before int8 can replace float16; "
            f"{before.task.id} has none of {', '.join(absent)}. Take a hold-out run, or export "
            "without --quantise."
        )
    kept = [
        np.bincount(o.y_true[o.y_pred == o.y_true], minlength=o.n_classes) / counts
        for o in (before, after)
    ]
    return float(max(0.0, (kept[0] - kept[1]).max()))


def figures_of(outcome: Outcome) -> list[Figure]:
    """Return accuracy, balanced accuracy and each class's sensitivity, with 95 % intervals."""
    bootstrap = GroupBootstrap(outcome.groups)
    k = outcome.n_classes
    draws = confusion_figures(resample_confusion(bootstrap, outcome.y_true, outcome.y_pred, k))
    confusion = np.zeros((k, k))
    np.add.at(confusion, (outcome.y_true, outcome.y_pred), 1)
    values = confusion_figures(confusion)
    named = [(name, values[name], draws[name]) for name in ("accuracy", "balanced_accuracy")]
    named += [
        (f"sensitivity:{c}", values["sensitivity"][i], draws["sensitivity"][:, i])
        for i, c in enumerate(outcome.task.class_ids)
    ]
    return [figure_of(name, float(value), drawn, bootstrap) for name, value, drawn in named]


def find_held_out(run: RunFolder, material: Material) -> list[HeldOut]:
    """Return finished runs of the material's plan and data that left different parts out.

    The hold-out run is preferred; else all folds of the protocol with the most held-out images
    are taken.

    Args:
        run: The run to be shipped. Others are looked for beside it.
        material: The data set, and the run's plan without teachers.

    Raises:
        DataError: There is none.
    """
    found: dict[str, list[HeldOut]] = {}
    folder = _plan_folder(run, material.plan)
    for weights in sorted(folder.glob("**/model.weights.h5")):
        candidate = RunFolder(weights.parent)
        facts = candidate.read_facts()
        protocol = str(facts["protocol"])
        same = facts["manifest"] == material.manifest.digest
        same &= plan_of_run(candidate.read_plan()) == material.plan
        if not same or facts.get("leaking") or protocol.startswith("final"):
            continue
        for split in _splits(material, protocol):
            if protocol == "holdout" or split_digest([split]) == facts["split"]:
                found.setdefault(protocol, []).append(HeldOut(candidate, protocol, split))
    if not found:
        alone = " --set teacher_weight=0" if run.read_plan().get("teacher_weight") else ""
        raise DataError(
            "int8 is judged on images that the network has not seen; in "
            f"'{folder}' no run of plan {material.plan.digest} left any out. Train one with "
            f"'cancerapy train {material.cancer.id} --plan {run.path / 'plan.json'}{alone}', or "
            "export without --quantise.",
            code="run_missing",
        )
    return max(
        found.values(),
        key=lambda parts: (parts[0].protocol == "holdout", sum(len(p.split.test) for p in parts)),
    )


def _answer(material: Material, held_out: HeldOut, flips: str) -> tuple[list[Logits], list[int]]:
    """Return logits of the held-out images by each form, and the forms' sizes in bytes."""
    pictures = np.asarray(material.pixels[held_out.split.test])
    seen = _spread(held_out.split.train, N_REPRESENTATIVE)
    model = load_final(held_out.run.path)[0].served(flips)
    graphs = [
        to_litert(model),
        to_litert(model, representative=np.asarray(material.pixels[seen])),
    ]
    return [_logits(graph, pictures) for graph in graphs], [len(graph) for graph in graphs]


def _plan_folder(run: RunFolder, plan: Plan) -> Path:
    """Return the folder of all runs of ``plan``; that of a distilled run lies beside it."""
    beside = (folder / plan.name for folder in run.path.parents)
    return next((folder for folder in beside if folder.is_dir()), run.path)


def _splits(material: Material, protocol: str) -> Sequence[Split]:
    main = material.cancer.network.factors[0].name
    return make_splits(material.manifest, main, protocol, material.plan.seed)


def _spread(rows: Indices, most: int) -> Indices:
    """Return at most ``most`` of ``rows``, evenly spread and in order."""
    places = np.unique(np.linspace(0, len(rows) - 1, most).round().astype(int))
    return np.asarray(rows[places], dtype=np.int64)


def _logits(graph: bytes, pictures: Images) -> Logits:
    logits: Logits = litert_outputs(Graph(graph), pictures)["logits"]
    return logits


def _out_of_fold(
    material: Material, held_out: Sequence[HeldOut], logits: Sequence[Logits]
) -> OutOfFold:
    rows, manifest = np.concatenate([part.split.test for part in held_out]), material.manifest
    return OutOfFold(
        np.array([manifest.samples[row].path for row in rows]),
        manifest.groups[rows],
        np.repeat([p.split.name for p in held_out], [len(p.split.test) for p in held_out]),
        material.cancer.network,
        {f.name: manifest.labels(f.name)[rows] for f in material.cancer.network.factors},
        np.concatenate(logits),
    )


def _outcome(predicted: OutOfFold, network: Network, task: Task) -> Outcome:
    """Judge by the most probable class; a temperature per factor would not change which it is.

    That holds for tasks of one factor; for joint tasks both forms are judged at temperature 1.
    """
    factors = [FactorFields(factor.name, factor.values, 1.0) for factor in network.factors]
    selects = [label.selects for label in task.classes]
    return build_outcome(predicted, task, task_probabilities(predicted.logits, factors, selects))


def _origin(
    material: Material, held_out: Sequence[HeldOut], outcome: Outcome, model: str, n_bytes: int
) -> Origin:
    return Origin(
        task=outcome.task.id,
        protocol=f"{TRIAL}{held_out[0].protocol}",
        leaking="",
        model=model,
        plan=material.plan.digest,
        manifest=material.manifest.digest,
        split=split_digest([part.split for part in held_out]),
        seed=str(material.plan.seed),
        groups=outcome.n_groups,
        n=len(outcome),
        size=f"{n_bytes / 1e6:.2f}",
        command=f"cancerapy export {material.cancer.id} --quantise",
    )
