"""A part that trains by a plan file and measures the predictions of the folds."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from cancerapy.bundle.schema import FactorFields
from cancerapy.cancers import Cancer, load_cancer
from cancerapy.data.manifest import Manifest
from cancerapy.evaluation.assessment import Assessment, assess
from cancerapy.evaluation.calibration import Calibration
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.predictions import OutOfFold, read_predictions
from cancerapy.evaluation.record import read_record
from cancerapy.evaluation.rows import Origin, Row, rows_of
from cancerapy.reproduce._spec import Context, CurveRow, Yield
from cancerapy.training.plan import Plan, read_plan, resolve_plan

PLANS = "reproduce"
"""Folder of the experiments' plan files among the plans."""

N_QUICK = 120
"""Most images of a quick run, by whole groups."""


class PredictingPart(Protocol):
    """A part that leaves predictions in a folder, so that it can be compared with another."""

    @property
    def name(self) -> str:
        """What is set, in words."""

    @property
    def protocol(self) -> str:
        """How the images are divided."""

    @property
    def folds(self) -> tuple[str, ...]:
        """Folds that are trained; empty: all of the protocol."""

    def load_cancer(self) -> Cancer:
        """Return the cancer that is trained."""

    def predictions(self, context: Context) -> Path:
        """Return the folder of the predictions."""


@dataclass(frozen=True, slots=True)
class TrainedPart:
    """A cross-validation by a plan file.

    Args:
        name: What is set, in words.
        cancer: Id of the cancer, or what makes a variant of one.
        plan: Plan file below ``plans/reproduce``.
        protocol: Protocol of the cross-validation.
        source: Folder of the data set; empty: the cancer's own.
        folds: Folds that are trained; empty: all of the protocol.
        tasks: Tasks that are measured; empty: all.
    """

    name: str
    cancer: str | Callable[[], Cancer]
    plan: str
    protocol: str
    source: str = ""
    folds: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()

    def load_cancer(self) -> Cancer:
        """Return the cancer that is trained."""
        return load_cancer(self.cancer) if isinstance(self.cancer, str) else self.cancer()

    def resolve_plan(self, plans: Path, *, quick: bool = False) -> Plan:
        """Return the plan in full.

        Raises:
            PlanError: The file is missing or its values are not those of a plan.
        """
        values = read_plan(plans / PLANS / self.plan)
        cancer = self.load_cancer()
        plan = resolve_plan(cancer, values)
        return resolve_plan(cancer, values, quick_changes(plan)) if quick else plan

    def predictions(self, context: Context) -> Path:
        """Return the folder of this part's predictions."""
        name = f"{self.load_cancer().id}-{self.protocol}"
        return context.folder(self.name) / "results" / "predictions" / name

    def run(self, context: Context) -> Yield:
        """Train the folds that are missing and measure all of them."""
        # Keras comes with these: listing the experiments does not wait for it.
        from cancerapy.training.cross_validation import cross_validate
        from cancerapy.training.session import open_material

        cancer, folder = self.load_cancer(), context.folder(self.name)
        plan = self.resolve_plan(context.plans, quick=context.quick)
        with open_material(cancer, plan, context.settings, self.source or None) as material:
            if context.quick:
                material = replace(material, manifest=keep_few(material.manifest))
            cross_validate(
                material,
                self.protocol,
                folder / "runs",
                folder / "results",
                allow_leak="LEAKING" in self.protocol,
                only=lambda name: not self.folds or name in self.folds,
            )
            runs = sorted((folder / "runs" / plan.name / self.protocol).iterdir())
            return Yield(
                measure_part(self, context, training_figures(runs), self.tasks),
                [row for run in runs for row in epochs_of(run)],
            )


def measure_part(
    part: PredictingPart, context: Context, more: Sequence[Figure] = (), tasks: Sequence[str] = ()
) -> list[Row]:
    """Measure the predictions that a part has left in its folder.

    Args:
        part: It.
        context: What it was run with.
        more: Figures of the training, added to those of every task.
        tasks: Tasks that are measured; empty: all.
    """
    rows = []
    out_of_fold = read_predictions(part.predictions(context))
    for assessment in assess_plainly(out_of_fold, part.load_cancer()):
        if not tasks or assessment.calibrated.outcome.task.id in tasks:
            figures = [*assessment.figures, *more]
            rows += rows_of(origin_of(part, context, assessment), figures)
    return rows


def origin_of(
    part: PredictingPart, context: Context, assessment: Assessment, name: str = ""
) -> Origin:
    """Return what a figure of a part was measured on; ``name`` in place of the part's own."""
    record = read_record(part.predictions(context), part.protocol)
    outcome = assessment.calibrated.outcome
    return Origin(
        task=outcome.task.id,
        protocol=context.protocol(", ".join([part.protocol, *part.folds])),
        leaking="LEAKING" if record.leaking else "",
        model=name or part.name,
        plan=record.plan_digest,
        manifest=record.manifest_digest,
        split=record.split_digest,
        seed=record.seed,
        groups=outcome.n_groups,
        n=len(outcome),
        size="",
        command=context.command,
    )


def assess_plainly(
    out_of_fold: OutOfFold, cancer: Cancer, others: Mapping[str, OutOfFold] | None = None
) -> list[Assessment]:
    """Measure predictions as they come, without a temperature or a threshold."""
    factors = tuple(
        FactorFields(factor.name, factor.values, 1.0) for factor in cancer.network.factors
    )
    return assess(out_of_fold, cancer, others=others, calibration=Calibration(factors, {}))


def quick_changes(plan: Plan) -> dict[str, Any]:
    """Return what a quick run changes of a plan."""
    return {
        "head_epochs": min(plan.head_epochs, 1),
        "epochs": min(plan.epochs, 1),
        "views": min(plan.views, 4),
    }


def keep_few(manifest: Manifest) -> Manifest:
    """Keep groups, drawn at random, up to ``N_QUICK`` images; of a large group a tenth of these."""
    rng = np.random.default_rng(0)
    names = rng.permutation(np.unique(manifest.groups))
    kept: list[int] = []
    for name in names:
        own = np.flatnonzero(manifest.groups == name)
        rows = rng.permutation(own)[: max(1, N_QUICK // 10)].tolist()
        if len(kept) + len(rows) <= N_QUICK:
            kept += rows
    kept.sort()
    return replace(
        manifest,
        samples=tuple(manifest.samples[row] for row in kept),
        sha256=tuple(manifest.sha256[row] for row in kept),
        groups=manifest.groups[kept],
    )


def epochs_of(run: Path) -> list[CurveRow]:
    """Return the epochs of a fold's training, as its history has them."""
    with (run / "history.csv").open(encoding="utf-8", newline="") as handle:
        lines = list(csv.DictReader(handle))
    return [
        {"fold": run.name, **{k: v if k == "stage" else float(v) for k, v in line.items() if v}}
        for line in lines
    ]


def training_figures(runs: Sequence[Path]) -> list[Figure]:
    """Return the accuracy on the training sides at their last epochs, and the time of training."""
    last = [epochs_of(run)[-1] for run in runs if epochs_of(run)]
    accuracy = [float(row["accuracy"]) for row in last if "accuracy" in row]
    seconds = [json.loads((run / "outcome.json").read_text())["seconds"] for run in runs]
    nan = float("nan")
    figures = [Figure("training_seconds", float(np.mean(seconds)), nan, nan)]
    if accuracy:
        figures.append(Figure("training_accuracy", float(np.mean(accuracy)), nan, nan))
    return figures
