"""The low-fidelity proxy that the parts of an experiment on tuning share."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cancerapy.cancers import load_cancer
from cancerapy.evaluation.rows import Origin
from cancerapy.reproduce._spec import Context
from cancerapy.reproduce.trained import PLANS
from cancerapy.training.plan import read_plan, resolve_plan
from cancerapy.tuning.request import Fidelity, Request

if TYPE_CHECKING:
    from cancerapy.tuning.problem import Problem

QUICK_FRACTION = 0.05
"""Share of the images that a quick run takes."""


@dataclass(frozen=True, slots=True)
class ProxyTrial:
    """A plan and the part of a data set on which changes of it are judged.

    Args:
        cancer: Id of the cancer.
        plan: Plan file below ``plans/reproduce``; what is tried starts from it.
        fidelity: How far the proxy stays below the real thing.
    """

    cancer: str
    plan: str
    fidelity: Fidelity

    def request(self, context: Context, folder: str, **changes: Any) -> Request:
        """Return a request to tune, whose studies lie in a folder of this experiment.

        Args:
            context: What the part is run with.
            folder: Word that names the folder; parts that name the same one share their work.
            changes: Further fields of the request.

        Raises:
            PlanError: The plan file is missing or its values are not those of a plan.
        """
        cancer = load_cancer(self.cancer)
        fidelity = self.fidelity
        if context.quick:
            fidelity = replace(fidelity, fraction=QUICK_FRACTION, epochs=1, views=1)
        return Request(
            self.cancer,
            resolve_plan(cancer, read_plan(context.plans / PLANS / self.plan)),
            replace(context.settings, runs=context.folder(folder)),
            fidelity=fidelity,
            **changes,
        )


def origin_on_proxy(problem: "Problem", context: Context, name: str, split: str) -> Origin:
    """Return what figures on the judged images of the proxy were measured on.

    Args:
        problem: The trial made ready.
        context: What the part is run with.
        name: Name of the part.
        split: Digest of the parts that are judged.
    """
    manifest = problem.data.manifest
    return Origin(
        task=problem.cancer.tasks[0].id,
        protocol=context.protocol(f"{problem.request.fidelity.protocol} proxy"),
        leaking="",
        model=name,
        plan=problem.request.plan.digest,
        manifest=manifest.digest,
        split=split,
        seed=str(problem.seed),
        groups=len(set(manifest.groups.tolist())),
        n=len(manifest.samples),
        size="",
        command=context.command,
    )
