"""What ``cancerapy export`` does: gather the parts of a bundle from a run and its predictions."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from cancerapy.bundle.store import default_root
from cancerapy.cancers import Cancer
from cancerapy.data.manifest import Manifest
from cancerapy.errors import DataError
from cancerapy.evaluation.calibration import Calibration, fit_calibration
from cancerapy.evaluation.predictions import OutOfFold, read_predictions
from cancerapy.evaluation.rows import read_rows
from cancerapy.export.build_bundle import BundleParts, build_bundle
from cancerapy.export.parity import Parity
from cancerapy.export.quantise import N_REPRESENTATIVE, int8_is_as_good
from cancerapy.export.request import ExportRequest
from cancerapy.settings import Settings
from cancerapy.training.final import load_final
from cancerapy.training.plan import Plan
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.session import choose_source, open_material

_MOST_PICTURES = 2000  # enough for the statistics of 64 dimensions


def export_bundle(request: ExportRequest) -> tuple[Path, list[Parity]]:
    """Make the bundle of a run.

    Raises:
        DataError: There is no run, or no predictions to calibrate with.
        BundleError: The exported graph does not give the network's answers.
    """
    cancer = request.cancer
    run = RunFolder(request.run or find_run(request.settings.runs, cancer.id))
    classifier, plan = load_final(run.path)
    facts = run.read_facts()
    predictions = request.predictions or _find_predictions(run, facts, request.settings, cancer)
    calibration = calibrate(read_predictions(predictions), cancer)
    flips = request.flips or plan.flips
    pictures, labels, pictures_are = _pictures(request, plan)
    parts = BundleParts(
        cancer=cancer,
        spec=plan.input_spec(cancer),
        model=classifier.full(flips),
        calibration=calibration,
        pictures=pictures,
        labels=labels,
        pictures_are=pictures_are,
        results=_results(request.settings.results, cancer, predictions),
        provenance={
            "backbone": plan.backbone,
            "flips": flips,
            "plan_digest": plan.digest,
            "plan": plan.to_dict(),
            "predictions": predictions.name,
            "part": run.path.name,
            **{
                k: facts[k]
                for k in ("manifest", "n_train", "command", "commit", "date", "keras", "seed")
            },
        },
        licences={
            "code": "Apache-2.0",
            "data": choose_source(cancer, None).licence if cancer.sources else "none",
            "starting weights": plan.weights,
        },
    )
    if request.quantise and int8_is_as_good(request, run, plan, flips):
        rows = np.linspace(0, len(pictures) - 1, N_REPRESENTATIVE).astype(int)
        parts = replace(parts, representative=pictures[np.unique(rows)])
    return build_bundle(parts, request.settings.bundles or default_root())


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


def calibrate(out_of_fold: OutOfFold, cancer: Cancer) -> Calibration:
    """Fit the calibration; a single hold-out part is halved by group for its honest figures."""
    if len(out_of_fold.fold_names) == 1:
        _, number = np.unique(out_of_fold.groups, return_inverse=True)
        halves = np.where(number % 2 == 0, "half-1", "half-2")
        out_of_fold = replace(out_of_fold, folds=halves)
    return fit_calibration(out_of_fold, cancer)


def _find_predictions(
    run: RunFolder, facts: Mapping[str, Any], settings: Settings, cancer: Cancer
) -> Path:
    if run.predictions.is_dir():
        return run.predictions
    protocol = str(facts["protocol"]).rpartition(" ")[2]
    return settings.results / "predictions" / f"{cancer.id}-{protocol}"


def _pictures(request: ExportRequest, plan: Plan) -> tuple[Any, Any, str]:
    """Return training pictures with labels where the data is at hand, else phantoms."""
    cancer = request.cancer
    if request.settings.data is None:
        raise DataError(
            "Exporting needs the training images, for the statistics by which unfamiliar images "
            "are recognised. Give --data FOLDER or set CANCERAPY_DATA.",
            code="data_missing",
        )
    with open_material(cancer, plan, request.settings) as material:
        manifest = material.manifest
        rows = np.unique(
            np.linspace(0, len(manifest.samples) - 1, _MOST_PICTURES).round().astype(int)
        )
        pictures = np.asarray(material.pixels[rows])
        return pictures, _task_labels(manifest, cancer)[rows], manifest.source


def _task_labels(manifest: Manifest, cancer: Cancer) -> np.ndarray:
    """Return (N,) the class of the first task of each sample; -1 where it has none."""
    classes = cancer.tasks[0].classes
    return np.array(
        [
            next(
                (
                    index
                    for index, label in enumerate(classes)
                    if all(sample.labels.get(f) == v for f, v in label.selects.items())
                ),
                -1,
            )
            for sample in manifest.samples
        ]
    )


def _results(results: Path, cancer: Cancer, predictions: Path) -> list[dict[str, Any]]:
    """Return the rows measured on these predictions, baselines left out."""
    file = results / f"{cancer.id}.csv"
    if not file.is_file():
        return []
    protocol = predictions.name.removeprefix(f"{cancer.id}-")
    return [
        {
            "task": row.origin.task,
            "protocol": row.origin.protocol,
            "metric": row.figure.metric,
            "value": round(row.figure.value, 4),
            "low": round(row.figure.low, 4),
            "high": round(row.figure.high, 4),
            "command": row.origin.command,
        }
        for row in read_rows(file)
        if (row.origin.protocol == protocol or row.origin.protocol.startswith("external"))
        and not row.origin.model.startswith("baseline")
        and np.isfinite(row.figure.value)
    ]
