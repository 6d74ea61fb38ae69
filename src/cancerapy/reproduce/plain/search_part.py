"""A part that chooses the learning rate and the strengths of the plain network's remedies."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from cancerapy.arrays import Indices
from cancerapy.cancers import Cancer
from cancerapy.data.cache import digest_of
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, rows_of
from cancerapy.models.mlp import Reals, Weights, init_weights
from cancerapy.models.mlp_fit import MLPPlan, Row, fit_mlp
from cancerapy.models.mlp_span import find_span
from cancerapy.reproduce._spec import Context, CurveRow, Yield
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.plain.drawn_images import Drawn, DrawnImages
from cancerapy.reproduce.plain.network_part import curve_row, inner_rows, shorten
from cancerapy.reproduce.plain.plan_file import read_candidates, read_mlp_plan
from cancerapy.reproduce.trained import PLANS
from cancerapy.training.progress import RichDisplay

REPORTED_TRAINING = 0.998
"""The report's accuracy on its training images."""

RAW = "learning_rate, mean image kept"
"""Stage of the rates that are tried without taking the mean image away; none is chosen."""

N_SETTINGS = "n_settings"
"""Metric: how many settings were tried and did not diverge."""

Judge = Callable[[Row], float]
"""What the chosen setting has least of."""


@dataclass(frozen=True, slots=True)
class PlainSearchPart:
    """Settings of the plain network tried on the training side alone; no test image is looked at.

    Each is trained on four fifths of the side's groups and watched on the fifth. The learning rate
    is the one whose accuracy on the images it trains on comes nearest to the report's, because it
    is the report's overfitted network that is to be remedied; of dropout and L2 the strength with
    the lowest loss on the inner part is chosen. All of this runs in the span of the images, which
    takes the steps of the pixels in a hundredth of the time.

    Args:
        name: What is searched, in words.
        images: Whose training side.
        plan: Plan file without remedies, below ``plans/reproduce``.
        candidates: File beside it that lists what is tried.
    """

    name: str
    images: DrawnImages
    plan: str
    candidates: str

    def load_cancer(self) -> Cancer:
        """Return the cancer that is trained, with its first factor."""
        return self.images.load_cancer()

    def run(self, context: Context) -> Yield:
        """Try all settings; the curves have a row for each, its value in place of an epoch."""
        plan = shorten(read_mlp_plan(context.plans / PLANS / self.plan), context)
        listed = read_candidates(context.plans / PLANS / self.candidates)
        with RichDisplay(f"{self.load_cancer().id}, {self.name}") as display:
            drawn = self.images.open(context, display)
            fit, inner = inner_rows(drawn, plan.seed)
            display.say("turning the images into their span")
            pixels = drawn.inputs(np.concatenate([fit, inner]))
            labels = drawn.labels(fit), drawn.labels(inner)
            bench = _Bench(pixels, labels, plan)
            curves = bench.try_all("learning_rate", listed["learning_rate"], None, stage=RAW)
            bench = _Bench(pixels - pixels[: len(fit)].mean(axis=0), labels, plan)
            rates = bench.try_all("learning_rate", listed["learning_rate"], _distance_to_report)
            bench.plan = replace(plan, learning_rate=_chosen(rates))
            curves += rates
            for name in ("dropout", "l2"):
                curves += bench.try_all(name, listed[name], lambda row: row["validation_loss"])
            display.say(f"{len(curves)} settings tried")
        n_settings = Figure(N_SETTINGS, len(curves), float("nan"), float("nan"))
        return Yield(rows_of(self._origin(context, drawn, inner, plan), [n_settings]), curves)

    def _origin(self, context: Context, drawn: Drawn, inner: Indices, plan: MLPPlan) -> Origin:
        return Origin(
            task=drawn.cancer.tasks[0].id,
            protocol=context.protocol(self.images.protocol),
            leaking="",
            model=self.name,
            plan=digest_of(asdict(plan))[:10],
            manifest=drawn.manifest.digest,
            split=drawn.digest,
            seed=str(plan.seed),
            groups=len(np.unique(drawn.manifest.groups[inner])),
            n=len(inner),
            size="",
            command=context.command,
        )


def chosen_settings(findings: Findings, part: str) -> dict[str, float]:
    """Return the values that a search has chosen, by the plan's field."""
    rows = findings.curves.get(part, ())
    return {str(row["stage"]): float(row["epoch"]) for row in rows if float(row["chosen"])}


class _Bench:
    """Trains settings on the first images and watches the others, all in their span.

    Args:
        pixels: Inputs of both, (N, inputs).
        labels: Of the images to train on, and of those watched.
        plan: What every setting changes one value of.
    """

    def __init__(self, pixels: Reals, labels: tuple[Indices, Indices], plan: MLPPlan) -> None:
        span = find_span(pixels)
        n_fit = len(labels[0])
        self._fit = span.coordinates[:n_fit], labels[0]
        self._watched = span.coordinates[n_fit:], labels[1]
        first = init_weights(pixels.shape[1], plan.n_hidden, plan.seed, pixels.dtype)
        self._start: Weights = span.to_coordinates(first)
        self.plan = plan

    def try_all(
        self, name: str, values: Sequence[float], judge: Judge | None, stage: str = ""
    ) -> list[CurveRow]:
        """Return a row of the curves for every value that does not diverge; one is chosen."""
        last: dict[float, Row] = {}
        for value in values:
            change: dict[str, Any] = {name: value}
            plan = replace(self.plan, **change)
            with suppress(DataError):  # it diverged, so it is not to be chosen
                fit = fit_mlp(*self._fit, plan, self._watched, start=self._start)
                last[value] = fit.history[-1]
        if not last:
            raise DataError(
                f"One '{name}' at least must not diverge; all of {list(values)} do. List lower "
                "ones in the file of candidates."
            )
        best = min(last, key=lambda value: judge(last[value])) if judge else None
        return [
            {
                **curve_row(row),
                "stage": stage or name,
                "epoch": value,
                "chosen": float(value == best),
            }
            for value, row in last.items()
        ]


def _distance_to_report(row: Row) -> float:
    return abs(row["accuracy"] - REPORTED_TRAINING)


def _chosen(rows: Sequence[CurveRow]) -> float:
    return next(float(row["epoch"]) for row in rows if row["chosen"])
