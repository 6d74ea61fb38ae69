"""A part that trains the plain network of ``models.mlp`` and predicts images it did not see."""

import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from cancerapy.arrays import Indices
from cancerapy.data.splits import inner_part
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.predictions import write_fold
from cancerapy.models import mlp
from cancerapy.models.mlp import Reals, Weights
from cancerapy.models.mlp_fit import Fit, MLPPlan, Row, fit_mlp
from cancerapy.models.mlp_span import find_span
from cancerapy.reproduce._spec import Context, CurveRow, Yield
from cancerapy.reproduce.plain.drawn_images import FOLD, Drawn
from cancerapy.reproduce.plain.drawn_part import DrawnPart
from cancerapy.reproduce.plain.plan_file import read_mlp_plan
from cancerapy.reproduce.trained import PLANS, measure_part
from cancerapy.training.progress import RichDisplay

STAGE = "plain"
"""Stage of the curves' rows; their ``epoch`` is the iteration."""

INNER = 0.2
"""Grouped part of the training side that stops the training or chooses a strength."""

ITERATIONS = "iterations"
"""Metric: steps that led to the weights that predict."""

CPU_SECONDS = "cpu_seconds"
"""Metric: time of all processor cores together, which other work on the machine hardly changes."""

_N_QUICK_ITERATIONS = 40


@dataclass(frozen=True, slots=True)
class PlainNetworkPart(DrawnPart):
    """A plain network trained once.

    The test part is watched, so that its curve can be drawn, and chooses nothing. With a patience
    in the plan, a grouped fifth of the training side is watched instead and stops the training.

    Args:
        in_span: Train in the span of the images, see ``models.mlp_span``: the same steps except
            for rounding, in a fraction of the time, so that the time is no figure of the part.
    """

    in_span: bool = False

    def run(self, context: Context) -> Yield:
        """Train, predict the test part and measure."""
        plan = shorten(read_mlp_plan(context.plans / PLANS / self.plan), context)
        with RichDisplay(f"{self.load_cancer().id}, {self.name}") as display:
            drawn = self.images.open(context, display)
            fit, logits, seconds = _fit(drawn, plan, display, in_span=self.in_span)
        folder = self.predictions(context)
        _write(folder, drawn, logits)
        drawn.write_record(folder, self.protocol, asdict(plan))
        reached = next(row for row in fit.history if row["iteration"] == fit.iteration)
        values = {"training_accuracy": reached["accuracy"], ITERATIONS: fit.iteration, **seconds}
        nan = float("nan")
        figures = [Figure(name, value, nan, nan) for name, value in values.items()]
        return Yield(measure_part(self, context, figures), [curve_row(row) for row in fit.history])


def shorten(plan: MLPPlan, context: Context) -> MLPPlan:
    """Return the plan, of a few iterations in a quick run."""
    n_iterations = min(plan.iterations, _N_QUICK_ITERATIONS)
    return replace(plan, iterations=n_iterations) if context.quick else plan


def inner_rows(drawn: Drawn, seed: int) -> tuple[Indices, Indices]:
    """Return the rows of the training side to fit and, of other groups, those that choose."""
    factor = drawn.cancer.network.factors[0].name
    return inner_part(drawn.manifest, drawn.split.train, factor, INNER, seed)


def curve_row(row: Row) -> CurveRow:
    """Return a row of the history as curves have it; ``inner`` is the part that was watched."""
    return {
        "fold": FOLD,
        "stage": STAGE,
        "epoch": row["iteration"],
        "accuracy": row["accuracy"],
        "inner_accuracy": row["validation_accuracy"],
        "loss": row["loss"],
        "inner_loss": row["validation_loss"],
    }


def _fit(
    drawn: Drawn, plan: MLPPlan, display: RichDisplay, *, in_span: bool
) -> tuple[Fit, Reals, dict[str, float]]:
    """Return the trained network, the logits of the test part, and the times of the training."""
    rows, *others = drawn.split.train, drawn.split.test
    if plan.patience:
        rows, inner = inner_rows(drawn, plan.seed)
        others.append(inner)
    sides = [drawn.inputs(side) for side in (rows, *others)]
    # Else the mean brightness of 120,000 pixels, all above 0, leaves descent little room.
    centre = sides[0].mean(axis=0)
    for side in sides:
        side -= centre
    start = None
    if in_span:
        display.say("turning the images into their span")
        sides, start = _turn(sides, plan)
    began = time.monotonic(), time.process_time()
    fit = fit_mlp(
        sides[0],
        drawn.labels(rows),
        plan,
        (sides[-1], drawn.labels(others[-1])),
        lambda row: display.step("iterations", int(row["iteration"]), plan.iterations),
        start,
    )
    passed = time.monotonic() - began[0], time.process_time() - began[1]
    seconds = dict(zip(("training_seconds", CPU_SECONDS), passed, strict=True))
    return fit, mlp.forward(fit.weights, sides[1])[1], {} if in_span else seconds


def _turn(sides: list[Reals], plan: MLPPlan) -> tuple[list[Reals], Weights]:
    """Return all images in their span, and the weights there that the plan starts with."""
    first = mlp.init_weights(sides[0].shape[1], plan.n_hidden, plan.seed, sides[0].dtype)
    span = find_span(np.concatenate(sides))
    ends = np.cumsum([len(side) for side in sides])[:-1]
    return np.split(span.coordinates, ends), span.to_coordinates(first)


def _write(folder: Path, drawn: Drawn, logits: Reals) -> None:
    """Write the predictions of the test part; one logit becomes those of both values."""
    rows, factors = drawn.split.test, drawn.cancer.network.factors
    write_fold(
        folder / f"{FOLD}.csv",
        [drawn.manifest.samples[row].path for row in rows],
        drawn.manifest.groups[rows],
        FOLD,
        factors,
        {factors[0].name: drawn.labels(rows)},
        np.stack([np.zeros_like(logits), logits], axis=1),
    )
