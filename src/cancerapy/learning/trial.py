"""The trial of a cancer: its first data set, frozen features, and the fold that is held out."""

from pathlib import Path

import numpy as np

from cancerapy.cancers import Cancer, Task
from cancerapy.errors import UsageError
from cancerapy.evaluation.rows import Origin
from cancerapy.learning import stream
from cancerapy.learning.simulation import Trial
from cancerapy.settings import Settings
from cancerapy.training.plan import read_plan, resolve_plan

PROTOCOL = (
    f"stream: {stream.START_SHARE:.0%} at the start, {stream.N_ROUNDS} rounds, "
    f"{stream.WRONG_SHARE:.0%} of reviewed groups wrong; fold-1 of grouped-5"
)


def trial_task(cancer: Cancer) -> Task:
    """Return the task whose classes are the values of the main factor, in order.

    Raises:
        UsageError: The cancer has no such task.
    """
    factor = cancer.network.factors[0]
    wanted = [{factor.name: value} for value in factor.values]
    for task in cancer.tasks:
        if [dict(label.selects) for label in task.classes] == wanted:
            return task
    raise UsageError(
        f"The simulation needs a task whose classes are the values of '{factor.name}'; "
        f"{cancer.id} has none. Choose another cancer.",
        field="cancer",
    )


def read_trial(cancer: Cancer, plan_file: Path, settings: Settings, command: str) -> Trial:
    """Read the data set and the features of its images under the starting weights.

    Features that are not in the cache are computed, which takes minutes.

    Args:
        cancer: What is learnt.
        plan_file: Plan that names the backbone whose features are taken.
        settings: Folders of data, weights and cache.
        command: The command line, for the rows.

    Raises:
        UsageError: The cancer has no task that the simulation can measure.
        DataError: No data folder is set, or the data set is incomplete.
    """
    from cancerapy.training.cross_validation import make_splits, split_digest
    from cancerapy.training.session import open_material

    task = trial_task(cancer)
    factor = cancer.network.factors[0].name
    plan = resolve_plan(cancer, read_plan(plan_file))
    with open_material(cancer, plan, settings) as material:
        manifest = material.manifest
        labels = manifest.labels(factor)
        split = make_splits(manifest, factor, "grouped-5", plan.seed)[0]
        test = split.test[labels[split.test] >= 0]
        origin = Origin(
            task=task.id,
            protocol=PROTOCOL,
            leaking="",
            model="",
            plan=plan.digest,
            manifest=manifest.digest,
            split=split_digest([split]),
            seed=str(plan.seed),
            groups=len(np.unique(manifest.groups[test])),
            n=len(test),
            size="",
            command=command,
        )
        features = np.asarray(material.activations.embedding)
        train = split.train[labels[split.train] >= 0]
        return Trial(task, features, labels, manifest.groups, train, test, origin)
