"""A trained network that goes into a bundle, with the predictions it was measured by."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import OutOfFold, read_added, read_predictions
from cancerapy.evaluation.record import ProtocolRecord
from cancerapy.export.agreement import check_predictions, check_run, find_predictions
from cancerapy.export.request import ExportRequest
from cancerapy.models.classifier import Classifier
from cancerapy.training.final import load_final
from cancerapy.training.plan import Plan
from cancerapy.training.run_folder import RunFolder


@dataclass(frozen=True, eq=False)
class Member:
    """One network of a bundle; most bundles have one.

    Args:
        run: Its folder.
        classifier: The trained network.
        plan: The plan of the run.
        facts: What the run says of itself.
        flips: Test-time flips of the served graph.
        record: What is noted of its out-of-fold predictions.
        predicted: These predictions, made with the same flips.
        added: Likewise of images that were added to the data set; ``None`` where none were.
    """

    run: RunFolder
    classifier: Classifier
    plan: Plan
    facts: Mapping[str, Any]
    flips: str
    record: ProtocolRecord
    predicted: OutOfFold
    added: OutOfFold | None = None


def load_members(request: ExportRequest) -> list[Member]:
    """Load the networks that are exported.

    Raises:
        DataError: There is no run, no predictions to calibrate with, or they do not belong
            together.
        UnknownNameError: There are no such flips.
    """
    runs = request.ensemble or (request.run or find_run(request.settings.runs, request.cancer.id),)
    folders = request.predictions or (None,) * len(runs)
    return [_load(request, run, folder) for run, folder in zip(runs, folders, strict=True)]


def find_run(runs: Path, cancer_id: str) -> Path:
    """Return the newest final fit of a cancer, or if there is none the newest hold-out run.

    Raises:
        DataError: There is no finished run.
    """
    for part in ("final", "holdout"):
        found = sorted(
            runs.glob(f"{cancer_id}-*/{part}/model.weights.h5"), key=lambda p: p.stat().st_mtime
        )
        if found:
            return found[-1].parent
    raise DataError(
        f"Exporting needs a trained network; '{runs}' holds no finished run of {cancer_id}. "
        f"Train one with 'cancerapy train {cancer_id}', or name it with --run.",
        code="run_missing",
    )


def _load(request: ExportRequest, path: Path, predictions: Path | None) -> Member:
    run = RunFolder(path)
    classifier, plan = load_final(path)
    check_run(run, plan, request.cancer)
    facts = run.read_facts()
    flips = request.flips or plan.flips
    folder = predictions or find_predictions(
        run, facts, request.settings.results, request.cancer.id
    )
    record = check_predictions(folder, run, plan, facts, flips=flips)
    predicted, added = read_predictions(folder), read_added(folder)
    return Member(run, classifier, plan, facts, flips, record, predicted, added)
