"""One state: train the plan at low fidelity and judge it on the inner part of the proxy."""

from collections.abc import Callable
from pathlib import Path

import keras

from cancerapy.arrays import Indices, Logits
from cancerapy.errors import CanceRapyError, DataError, PlanError
from cancerapy.models.classifier import Classifier
from cancerapy.training.decision import rank_network
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan
from cancerapy.training.progress import RichDisplay
from cancerapy.training.stages import HEAD, train_stages
from cancerapy.training.train_split import predict_rows
from cancerapy.tuning.budget import Deadline
from cancerapy.tuning.problem import Problem

OnEpoch = Callable[[int, float], None]
"""Told the number of finished epochs, of both stages, and the score of the last."""


class StateDisplay(RichDisplay):
    """Shows the training of a state and ends it when the time is over.

    Args:
        title: What is trained.
        deadline: When to stop, between batches and between steps of the caches.
        on_epoch: Told of every finished epoch; may stop the training by raising.
    """

    def __init__(self, title: str, deadline: Deadline, on_epoch: OnEpoch) -> None:
        super().__init__(title)
        self.deadline = deadline
        self.on_epoch = on_epoch
        self.head_epochs = 0

    def step(self, what: str, done: int, total: int, note: str = "") -> None:
        """Show a step, unless the time is over."""
        self.deadline.check()
        super().step(what, done, total, note)

    def batch(self, epoch: str, done: int, total: int, loss: float) -> None:
        """Show a batch, unless the time is over."""
        self.deadline.check()
        super().batch(epoch, done, total, loss)

    def epoch(self, epoch: str, row: dict[str, float]) -> None:
        """Show an epoch and pass its score on."""
        super().epoch(epoch, row)
        before = 0 if epoch.startswith(HEAD) else self.head_epochs
        self.on_epoch(before + int(row["epoch"]), row["score"])


def measure_state(problem: Problem, plan: Plan, folder: Path, display: StateDisplay) -> float:
    """Train a state on the proxy and return its score, 0..1.

    Args:
        problem: What is searched.
        plan: The state at full fidelity.
        folder: Keeps unfinished stages; a state that was interrupted goes on from there.
        display: Shows the work and is told the score of every epoch.

    Raises:
        PlanError: The network or the data do not allow the plan.
        DataError: The training diverged.
    """
    material = problem.material(plan, display)
    display.head_epochs = material.plan.head_epochs
    data, network = problem.data, problem.cancer.network
    logits = train_and_predict(material, data.fit, data.inner, data.inner, folder)
    labels = {f.name: data.manifest.labels(f.name)[data.inner] for f in network.factors}
    return rank_network(logits, labels, network)


def train_and_predict(
    material: Material, fit: Indices, inner: Indices, judged: Indices, folder: Path
) -> Logits:
    """Train on ``fit``, keep the epoch that is best on ``inner``, return logits of ``judged``."""
    keras.backend.clear_session()  # else the graphs of all states before stay in memory
    classifier: Classifier = material.classifier()
    train_stages(material, classifier, fit, inner, folder)
    return predict_rows(material, classifier, judged)


def is_fault_of_state(error: BaseException) -> bool:
    """Whether an error speaks against one state only, so that the search can go on.

    Plans that contradict themselves, trainings that diverge, and networks that do not fit into
    memory; not missing data or a full disk, which every other state would meet as well.
    """
    if isinstance(error, CanceRapyError):
        diverged = type(error) is DataError and error.code == DataError.default_code
        return isinstance(error, PlanError) or diverged
    # TensorFlow's own class is not imported: the training code knows Keras alone.
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
