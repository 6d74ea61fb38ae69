"""What ``cancerapy reproduce`` does: the parts that are missing, one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cancerapy.errors import CanceRapyError, DataError, UnknownNameError, UsageError
from cancerapy.reproduce._registry import list_experiments, load_experiment
from cancerapy.reproduce._spec import Context, Experiment
from cancerapy.reproduce.findings import add_findings, read_findings
from cancerapy.settings import Settings


@dataclass(frozen=True, slots=True)
class Status:
    """How far an experiment is.

    Args:
        experiment: It.
        n_done: Parts that have been measured.
    """

    experiment: Experiment
    n_done: int

    @property
    def word(self) -> str:
        """``done``, ``not run`` or how many parts of how many are."""
        n_parts = len(self.experiment.parts)
        if self.n_done == n_parts:
            return "done"
        return f"{self.n_done} of {n_parts} parts" if self.n_done else "not run"


def list_status(results: Path) -> list[Status]:
    """Return how far every experiment is, from the rows that are there."""
    found = []
    for name in list_experiments():
        experiment = load_experiment(name)
        findings = read_findings(results, name)
        found.append(Status(experiment, sum(findings.has(part.name) for part in experiment.parts)))
    return found


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Args:
        settings: Folders of data, weights, cache, runs and results.
        plans: Folder of the plan files.
        experiment: Id of the experiment; ``None``: all.
        parts: Names of the parts that are meant; empty: all.
        again: Measure parts that have been measured, too.
        quick: Go through every step on a few images: for tests.
        command: The command line, for the rows.
    """

    settings: Settings
    plans: Path
    experiment: str | None = None
    parts: Sequence[str] = ()
    again: bool = False
    quick: bool = False
    command: str = ""


def check_request(request: Request) -> list[Experiment]:
    """Return the experiments that are asked for.

    Raises:
        UnknownNameError: There is no such experiment or part.
        UsageError: Parts are named without an experiment, or there are no plan files.
        DataError: No data folder is set.
    """
    if request.parts and request.experiment is None:
        raise UsageError("--part belongs to one experiment; name it before.", field="part")
    if not request.plans.is_dir():
        raise UsageError(
            f"The experiments are described by plan files; there is no folder '{request.plans}'. "
            "Run in a checkout of the project, or name its folder with --plans.",
            field="plans",
        )
    names = [request.experiment] if request.experiment else list_experiments()
    experiments = [load_experiment(name) for name in names]
    for name in request.parts:
        known = [part.name for part in experiments[0].parts]
        if name not in known:
            raise UnknownNameError.of("part", name, known)
    request.settings.data_root("The experiments need")
    return experiments


def run_experiments(request: Request, *, say: Callable[[str], None]) -> None:
    """Measure what is asked and has not been measured.

    A part that fails does not keep the others from being measured.

    Args:
        request: What is asked.
        say: Told what is done.

    Raises:
        UnknownNameError: There is no such experiment or part.
        UsageError: Parts are named without an experiment, or there are no plan files.
        DataError: No data folder is set; or, at the end, a part could not be measured.
    """
    experiments = check_request(request)
    failed = [name for own in experiments for name in _run_experiment(own, request, say)]
    if failed:
        raise DataError(
            f"Every part must be measured; {len(failed)} could not be, for the reasons above: "
            f"{', '.join(failed)}. The same command measures only what is missing."
        )


def _run_experiment(
    experiment: Experiment, request: Request, say: Callable[[str], None]
) -> list[str]:
    """Return the names of the parts that failed."""
    failed = []
    context = Context(
        request.settings, request.plans, experiment.id, request.quick, request.command
    )
    results = request.settings.results
    for number, part in enumerate(experiment.parts, 1):
        if request.parts and part.name not in request.parts:
            continue
        called = f"{experiment.id}, part {number} of {len(experiment.parts)}: {part.name}"
        measured = read_findings(results, experiment.id, quick=request.quick).has(part.name)
        if measured and not request.again:
            say(f"{called}: measured before")
            continue
        say(called)
        try:
            add_findings(results, experiment.id, part, part.run(context))
        except CanceRapyError as error:
            failed.append(part.name)
            say(f"{called} failed: {error}")
    return failed
