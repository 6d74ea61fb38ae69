"""What is asked of a comparison, and whether it can be done; found out without Keras."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cancerapy.cancers import Cancer, Source
from cancerapy.comparison.candidates import Candidate, plan_candidate
from cancerapy.data.manifest import Manifest
from cancerapy.errors import UsageError
from cancerapy.evaluation.intervals import N_RESAMPLES
from cancerapy.settings import Settings
from cancerapy.training.options import choose_source, data_root
from cancerapy.training.plan import Plan
from cancerapy.training.protocols import parse_protocol


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Args:
        cancer: For which cancer.
        candidates: The architectures; all are compared with the first.
        protocol: Name of the protocol; empty: as the data set's groups suggest.
        epochs: Epochs with the last layers trained; 0: frozen features.
        changes: Further plan values.
        source: Folder of the data set; ``None``: the cancer's first.
        settings: Folders.
        command: The command line, for the rows.
        plot: Where the picture goes; ``None``: below the runs.
        allow_leak: Permit a leaking protocol.
        n_resamples: Resamples of the groups.
        choose: Chooses the images of the data set; ``None``: all.
    """

    cancer: Cancer
    candidates: Sequence[Candidate]
    protocol: str
    epochs: int
    changes: Mapping[str, Any]
    source: str | None
    settings: Settings
    command: str
    plot: Path | None = None
    allow_leak: bool = False
    n_resamples: int = N_RESAMPLES
    choose: Callable[[Manifest], Manifest] | None = None


def check_request(request: Request) -> tuple[str, list[Plan]]:
    """Return the protocol and the plan of each candidate.

    Raises:
        DataError: No data folder is set.
        PlanError: A plan value is unknown or out of range.
        UsageError: There is no such protocol, or it has one fold only.
        UnknownNameError: There is no such data set.
        LeakError: The protocol leaks and that is not permitted.
    """
    source = choose_source(request.cancer, request.source)
    protocol = request.protocol or _suggest_protocol(source)
    if parse_protocol(protocol, allow_leak=request.allow_leak).kind == "holdout":
        raise UsageError(
            "A comparison needs at least two folds, each calibrated with the others; holdout has "
            "one. Take grouped-5 or slides.",
            field="protocol",
        )
    plans = [
        plan_candidate(candidate, request.cancer, request.epochs, request.changes)
        for candidate in request.candidates
    ]
    data_root(request.cancer, request.settings)
    return protocol, plans


def _suggest_protocol(source: Source) -> str:
    """Return the protocol that a data set's groups suggest: of slides there are few."""
    return "slides" if source.group == "slide" else "grouped-5"
