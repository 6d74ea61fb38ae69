"""What ``cancerapy export`` is asked for."""

from dataclasses import dataclass
from pathlib import Path

from cancerapy.cancers import Cancer
from cancerapy.errors import UsageError
from cancerapy.settings import Settings


@dataclass(frozen=True)
class ExportRequest:
    """What is asked.

    Args:
        cancer: Whose bundle.
        settings: Data, runs, results, bundles.
        run: Folder of the trained network; ``None``: the newest final fit, else hold-out run.
        predictions: Folder of the out-of-fold predictions of each run; empty: each run's own,
            else those of the protocol it was fitted after.
        flips: Test-time flips of the graph; ``None``: the plan's.
        quantise: Whether a graph with int8 arithmetic may replace the float16 one.
        compress: Whether weights are stored as int8.
        ensemble: Folders of trained networks whose mean is exported, in place of ``run``.

    Raises:
        UsageError: The members of the ensemble, or what is asked of it, contradict one another.
    """

    cancer: Cancer
    settings: Settings
    run: Path | None = None
    predictions: tuple[Path, ...] = ()
    flips: str | None = None
    quantise: bool = False
    compress: bool = False
    ensemble: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        """Check that what is asked for can be done together."""
        if self.ensemble:
            _check_ensemble(self)
        if self.quantise and self.compress:
            raise UsageError(
                "--quantise fixes the scales of int8 beforehand and keeps it only where measured "
                "to be as good; --compress stores weights as int8. Give one of them.",
                field="compress",
            )
        n_runs = max(1, len(self.ensemble))
        if self.predictions and len(self.predictions) != n_runs:
            raise UsageError(
                f"Every exported run has one folder of predictions: of {n_runs}, in the same "
                f"order as the runs; {len(self.predictions)} are given. Give --predictions as "
                "often as there are runs, or leave it out.",
                field="predictions",
            )


def _check_ensemble(request: ExportRequest) -> None:
    folders = {folder.resolve() for folder in request.ensemble}
    if not 1 < len(folders) == len(request.ensemble):
        raise UsageError(
            "An ensemble needs at least two runs, each once; given: "
            f"{', '.join(str(folder) for folder in request.ensemble)}. Name another with "
            "--ensemble, or export a single run with --run.",
            field="ensemble",
        )
    if request.run:
        raise UsageError(
            "--ensemble names the runs that are exported; --run names another. Leave --run out, "
            "or make it one of --ensemble.",
            field="run",
        )
    if request.quantise:
        raise UsageError(
            "int8 is judged for a single network; an ensemble is asked for. Leave --quantise "
            "out, or distil the ensemble into one network (train --final with --teacher).",
            field="quantise",
        )
