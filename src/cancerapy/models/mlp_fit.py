"""Gradient descent for the plain network of ``mlp``, with the report's remedies.

Each step takes all images. Against overfitting there are dropout, L2 and early stopping.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cancerapy.errors import DataError, PlanError
from cancerapy.models import mlp
from cancerapy.models.mlp import Reals, Weights

Row = dict[str, float]
"""``iteration`` (steps done), ``loss`` and ``accuracy`` of the training images and, with a
validation part, ``validation_loss`` and ``validation_accuracy``; accuracies are 0..1. All units
are on, and a loss is the cross-entropy without the penalty, so that the parts can be compared."""


@dataclass(frozen=True)
class MLPPlan:
    """How the network is built and trained; by default the report's, without remedies.

    Args:
        n_hidden: Units of the hidden layer.
        iterations: Steps of gradient descent.
        learning_rate: Length of a step, above 0; the report does not say its own. One that is
            too large rarely diverges: it closes ReLU units for good, and the loss stands still.
        dropout: Part of the hidden units that is off in a step, 0 up to below 1.
        l2: Penalty per squared weight, as ``keras.regularizers.L2`` counts; biases are free.
        patience: Stop after this many iterations without a lower validation loss and return the
            weights of the lowest. 0: never; the validation part is watched and chooses nothing.
        record_every: Iterations between two rows of the history; only these are judged.
        seed: Of the first weights and of dropout.

    Raises:
        PlanError: A value is out of range.
    """

    n_hidden: int = 7
    iterations: int = 2000
    learning_rate: float = 1e-3
    dropout: float = 0.0
    l2: float = 0.0
    patience: int = 0
    record_every: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the ranges; not a number is in none of them."""
        ranges = {
            "n_hidden": (self.n_hidden >= 1, "at least 1"),
            "iterations": (self.iterations >= 1, "at least 1"),
            "learning_rate": (0 < self.learning_rate < math.inf, "above 0 and finite"),
            "dropout": (0 <= self.dropout < 1, "at least 0 and below 1"),
            "l2": (0 <= self.l2 < math.inf, "at least 0 and finite"),
            "patience": (self.patience >= 0, "at least 0"),
            "record_every": (self.record_every >= 1, "at least 1"),
            "seed": (self.seed >= 0, "at least 0"),
        }
        for name, (is_inside, allowed) in ranges.items():
            if not is_inside:
                given = getattr(self, name)
                raise PlanError(f"'{name}' must be {allowed}; it is {given}.", field=name)


class Fit(NamedTuple):
    """A trained network."""

    weights: Weights
    iteration: int  # how many steps led to these weights
    history: list[Row]


def fit_mlp(
    inputs: Reals,
    labels: NDArray[Any],
    plan: MLPPlan,
    validation: tuple[Reals, NDArray[Any]] | None = None,
    on_record: Callable[[Row], None] | None = None,
    start: Weights | None = None,
) -> Fit:
    """Train the network; the same seed gives the same weights.

    Args:
        inputs: Scaled pixels, (N, inputs); float32 is the fast choice.
        labels: 0 or 1, (N,).
        plan: How.
        validation: Inputs and labels that are watched and, with ``patience``, stop the training.
        on_record: Called with every new row of the history, for a display.
        start: First weights; by default drawn with the plan's seed.

    Raises:
        PlanError: There is a patience and no validation part.
        DataError: Inputs or labels are of the wrong shape or value, or the training diverged.
    """
    mlp.check_inputs(inputs, part="training")
    parts = {"": (inputs, _check_labels(inputs, labels, "training"))}
    if validation is not None:
        mlp.check_inputs(validation[0], inputs.shape[1], "validation")
        parts["validation_"] = (validation[0], _check_labels(*validation, "validation"))
    elif plan.patience:
        raise PlanError(
            f"'patience' must be 0 where there is no validation part; it is {plan.patience}. "
            "Set images aside for validation, of other patients than those trained on.",
            field="patience",
        )
    weights = start or mlp.init_weights(inputs.shape[1], plan.n_hidden, plan.seed, inputs.dtype)
    best, lowest = Fit(weights, 0, []), math.inf
    for iteration, reached in _descend(weights, *parts[""], plan):
        row = _measure(reached, parts, iteration)
        best.history.append(row)
        if on_record:
            on_record(row)
        if not plan.patience or row["validation_loss"] < lowest:
            best = Fit(reached, iteration, best.history)
            lowest = row.get("validation_loss", math.inf)
        elif iteration - best.iteration >= plan.patience:
            break
    return best


def _descend(
    weights: Weights, inputs: Reals, labels: Reals, plan: MLPPlan
) -> Iterator[tuple[int, Weights]]:
    """Yield the weights that are recorded and the steps that led to them: 0, k, 2 k ... last."""
    # Not the seed alone: it drew the first weights, and dropout would follow the same numbers.
    rng = np.random.default_rng((plan.seed, 1))
    yield 0, weights
    for iteration in range(1, plan.iterations + 1):
        dropout = mlp.draw_dropout(rng, (len(inputs), plan.n_hidden), plan.dropout)
        with np.errstate(over="ignore", invalid="ignore"):  # _measure raises a clear error
            slopes = mlp.compute_gradients(weights, inputs, labels, plan.l2, dropout)
            pairs = zip(weights, slopes, strict=True)
            weights = Weights(*(old - plan.learning_rate * slope for old, slope in pairs))
        if iteration % plan.record_every == 0 or iteration == plan.iterations:
            yield iteration, weights


def _measure(weights: Weights, parts: dict[str, tuple[Reals, Reals]], iteration: int) -> Row:
    """Return the row of the history of these weights."""
    row = {"iteration": float(iteration)}
    for name, (inputs, labels) in parts.items():
        with np.errstate(over="ignore", invalid="ignore"):
            logits = mlp.forward(weights, inputs)[1]
            row[f"{name}loss"] = mlp.compute_cross_entropy(logits, labels)
        row[f"{name}accuracy"] = float(np.mean((logits >= 0) == (labels == 1)))
        if not math.isfinite(row[f"{name}loss"]):
            raise DataError(
                f"Losses must be finite numbers; '{name}loss' of iteration {iteration} is "
                f"{row[f'{name}loss']}. The training diverged: lower its learning rate and run "
                "it again."
            )
    return row


def _check_labels(inputs: Reals, labels: NDArray[Any], part: str) -> Reals:
    """Check that there is one label per image and return them in the type of the inputs.

    Integers would turn all that is computed with them, and a copy of all inputs, into float64.
    """
    if labels.shape != (len(inputs),):
        raise DataError(
            f"There must be one label for each of the {len(inputs)} {part} images; their shape "
            f"is {labels.shape}. Give a vector in the order of the images."
        )
    wrong = labels[~np.isin(labels, (0, 1))]
    if wrong.size:
        raise DataError(
            f"Labels must be 0 or 1; {wrong.size} of the {part} images have others, the first "
            f"{wrong[0]}. This network tells two classes apart."
        )
    return labels.astype(inputs.dtype)
