"""What ``cancerapy export`` does: gather the parts of a bundle from a run and its predictions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Images
from cancerapy.bundle.store import default_root
from cancerapy.cancers import Cancer, Source
from cancerapy.data.manifest import Manifest
from cancerapy.data.summary import class_of
from cancerapy.errors import DataError
from cancerapy.evaluation.calibration import Calibration, fit_calibration
from cancerapy.evaluation.ensemble import average_added
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.record import ProtocolRecord
from cancerapy.evaluation.rows import read_rows
from cancerapy.evaluation.tables import BASELINE
from cancerapy.export.agreement import check_data, training_source
from cancerapy.export.build_bundle import BundleParts, build_bundle
from cancerapy.export.ensemble import (
    compressions_of,
    measured_together,
    names_of,
    served_graph,
)
from cancerapy.export.member import load_members
from cancerapy.export.parity import Parity
from cancerapy.export.provenance import licences_of, provenance_of
from cancerapy.export.quantise import N_REPRESENTATIVE, int8_is_as_good
from cancerapy.export.request import ExportRequest
from cancerapy.training.plan import Plan
from cancerapy.training.session import open_material

_MOST_PICTURES = 2000  # enough for the statistics of 64 dimensions


@dataclass(frozen=True, eq=False)
class _Pictures:
    """Prepared training pictures, (n, H, W, 3), with class in the first task and group, (n,)."""

    pixels: Images
    labels: NDArray[np.int64]
    groups: NDArray[np.str_]


def export_bundle(request: ExportRequest) -> tuple[Path, list[Parity]]:
    """Make the bundle of a run, or of the mean of several.

    Raises:
        DataError: There is no run, no predictions to calibrate with, or run, data and predictions
            do not belong together; or several runs cannot be one graph.
        BundleError: The exported graph does not give the network's answers.
    """
    cancer, settings = request.cancer, request.settings
    members = load_members(request)
    plan, facts = members[0].plan, members[0].facts
    source = training_source(cancer, facts)
    record, out_of_fold = measured_together(members)
    model = served_graph(members, cancer.network, compress=request.compress)
    added = average_added(dict(zip(names_of(members), (m.added for m in members), strict=True)))
    calibration = calibrate(out_of_fold, cancer, added)
    pictures = _pictures(request, plan, source, facts)
    parts = BundleParts(
        cancer=cancer,
        spec=plan.input_spec(cancer),
        model=model,
        calibration=calibration,
        pictures=pictures.pixels,
        labels=pictures.labels,
        groups=pictures.groups,
        pictures_are=source.folder,
        results=_results(settings.results, cancer, record),
        provenance=provenance_of(members, source, record, out_of_fold),
        licences=licences_of(members, source),
        compressions=compressions_of(members) if request.compress else (),
    )
    if request.quantise and int8_is_as_good(request, members[0].run, plan, members[0].flips):
        rows = np.linspace(0, len(pictures.pixels) - 1, N_REPRESENTATIVE).astype(int)
        parts = replace(parts, representative=pictures.pixels[np.unique(rows)])
    return build_bundle(parts, settings.bundles or default_root())


def calibrate(
    out_of_fold: OutOfFold, cancer: Cancer, added: OutOfFold | None = None
) -> Calibration:
    """Fit the calibration; a single hold-out part is halved by group for its honest figures.

    Args:
        out_of_fold: The predictions.
        cancer: Their cancer.
        added: Likewise of added images, which the thresholds must hold for too.
    """
    if len(out_of_fold.fold_names) == 1:
        out_of_fold = _halved(out_of_fold)
        added = _halved(added) if added is not None else None
    return fit_calibration(out_of_fold, cancer, added=added)


def _halved(out_of_fold: OutOfFold) -> OutOfFold:
    _, number = np.unique(out_of_fold.groups, return_inverse=True)
    return replace(out_of_fold, folds=np.where(number % 2 == 0, "half-1", "half-2"))


def _pictures(
    request: ExportRequest, plan: Plan, source: Source, facts: Mapping[str, Any]
) -> _Pictures:
    """Return pictures of the run's data set, evenly spread.

    Raises:
        DataError: The data is not at hand, or not what the run was trained on.
    """
    cancer = request.cancer
    if request.settings.data is None:
        raise DataError(
            "Exporting needs the training images, for the statistics by which unfamiliar images "
            "are recognised. Give --data FOLDER or set CANCERAPY_DATA.",
            code="data_missing",
        )
    with open_material(cancer, plan, request.settings, source.folder) as material:
        manifest = material.manifest
        check_data(manifest, facts)
        rows = np.unique(
            np.linspace(0, len(manifest.samples) - 1, _MOST_PICTURES).round().astype(int)
        )
        labels = _task_labels(manifest, cancer)[rows]
        return _Pictures(np.asarray(material.pixels[rows]), labels, manifest.groups[rows])


def _task_labels(manifest: Manifest, cancer: Cancer) -> np.ndarray:
    """Return (N,) the class of the first task of each sample; -1 where it has none."""
    task = cancer.tasks[0]
    index = {class_id: number for number, class_id in enumerate(task.class_ids)}
    return np.array([index.get(class_of(task, sample.labels), -1) for sample in manifest.samples])


def _results(results: Path, cancer: Cancer, record: ProtocolRecord) -> list[dict[str, Any]]:
    """Return the rows measured on these predictions; baselines and other plans have none here.

    Nor have external data sets: those were judged by an earlier bundle.
    """
    file = results / f"{cancer.id}.csv"
    if not file.is_file():
        return []
    wanted = (record.protocol, record.plan_digest, record.manifest_digest)
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
        if (row.origin.protocol, row.origin.plan, row.origin.manifest) == wanted
        and not row.origin.model.startswith(BASELINE)
        and not row.origin.subgroup
        and np.isfinite(row.figure.value)
    ]
