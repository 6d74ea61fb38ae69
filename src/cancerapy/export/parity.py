"""Is the exported graph the network that was measured? Keras and LiteRT on the same pictures."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Images, Logits
from cancerapy.bundle.schema import FactorFields
from cancerapy.cancers import Task
from cancerapy.errors import BundleError
from cancerapy.runtime.interpreter import Graph
from cancerapy.runtime.probabilities import task_probabilities

LARGEST_DIFFERENCE = 0.05
"""Difference of a probability between Keras and the exported graph that is still accepted."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How far two graphs differ on the same pictures.

    Args:
        pictures: What they were: ``"phantoms"`` or the name of a data set.
        n: Number of pictures.
        largest: Largest difference of a probability, 0..1.
        mean: Mean difference of the probabilities.
        disagreement: Share of pictures with another most probable class.
        accuracy_before: Of the Keras graph, where labels are known.
        accuracy_after: Of the exported graph, where labels are known.
    """

    pictures: str
    n: int
    largest: float
    mean: float
    disagreement: float
    accuracy_before: float | None = None
    accuracy_after: float | None = None

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return asdict(self)


def keras_logits(model: keras.Model, pictures: Images, batch_size: int = 16) -> Logits:
    """Return (N, L) logits of the Keras graph."""
    parts = [
        np.asarray(
            model.predict_on_batch(np.asarray(pictures[start : start + batch_size]))["logits"]
        )
        for start in range(0, len(pictures), batch_size)
    ]
    return np.concatenate(parts)


def litert_outputs(graph: Graph, pictures: Images) -> dict[str, np.ndarray]:
    """Return logits (N, L) and embeddings (N, D) of the exported graph."""
    runs = [graph(np.ascontiguousarray(picture[None])) for picture in pictures]
    return {name: np.concatenate([run[name] for run in runs]) for name in ("logits", "embedding")}


def compare(
    before: Logits,
    after: Logits,
    factors: Sequence[FactorFields],
    task: Task,
    *,
    pictures: str,
    labels: NDArray[np.int64] | None = None,
) -> Parity:
    """Compare two graphs' logits of the same pictures on one task.

    Args:
        before: (N, L) of the Keras graph.
        after: (N, L) of the exported graph.
        factors: With the temperatures that are served.
        task: Whose probabilities are compared.
        pictures: What the pictures are.
        labels: (N,) true class of the task, -1 where unknown; ``None`` where none is known.
    """
    selects = [label.selects for label in task.classes]
    p_before = task_probabilities(before, factors, selects)
    p_after = task_probabilities(after, factors, selects)
    difference = np.abs(p_before - p_after)
    guess_before, guess_after = p_before.argmax(axis=1), p_after.argmax(axis=1)
    accuracies: list[float | None] = [None, None]
    if labels is not None and (known := labels >= 0).any():
        accuracies = [
            float(np.mean(guess[known] == labels[known])) for guess in (guess_before, guess_after)
        ]
    return Parity(
        pictures,
        len(before),
        float(difference.max()),
        float(difference.mean()),
        float(np.mean(guess_before != guess_after)),
        *accuracies,
    )


def worst_of(parities: Sequence[Parity]) -> Parity:
    """Join the comparisons of several tasks on the same pictures.

    Args:
        parities: One a task, the main task first.

    Returns:
        The largest of each kind of difference; the accuracies of the main task.
    """
    return replace(
        parities[0],
        largest=float(np.max([parity.largest for parity in parities])),
        mean=float(np.max([parity.mean for parity in parities])),
        disagreement=max(parity.disagreement for parity in parities),
    )


def check_parity(parity: Parity) -> None:
    """Refuse a graph that is not the network.

    Raises:
        BundleError: A probability differs by more than ``LARGEST_DIFFERENCE`` or is no number.
    """
    if not parity.largest <= LARGEST_DIFFERENCE:  # also where it is not a number
        raise BundleError(
            f"The exported graph must give the network's probabilities within "
            f"{LARGEST_DIFFERENCE}; on {parity.pictures} one differs by {parity.largest:.3f}. "
            "Nothing was written. Export without --quantise and --compress, or report this.",
            code="export_differs",
        )
