"""A shipped bundle on a data set that no training saw: predictions by the served graph itself.

What is measured is what is served: the LiteRT graph, the bundle's own preparation of images.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from cancerapy.arrays import Logits
from cancerapy.atomic import write_atomically
from cancerapy.bundle.store import MODEL_FILE, Bundle, default_root, find_bundles, load_bundle
from cancerapy.cancers import Cancer, Source
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.data.progress import Progress, StepProgress, silent
from cancerapy.errors import BundleError, UnknownNameError, UsageError
from cancerapy.evaluation.assessment import Assessment
from cancerapy.evaluation.calibration_fields import Calibration
from cancerapy.evaluation.measure import Figure, measure
from cancerapy.evaluation.predictions import write_fold
from cancerapy.evaluation.record import FILE_NAME, ProtocolRecord
from cancerapy.preprocess import prepare_image
from cancerapy.readers import DATA_SET_LIMITS, read_image_file
from cancerapy.runtime.interpreter import Graph, processor_count
from cancerapy.settings import Settings

EXTERNAL = "external-"


def external_source(cancer: Cancer, folder: str) -> Source:
    """Return a cancer's external data set.

    Raises:
        UnknownNameError: It has none of that name.
        UsageError: The data set trains the model, or copies another one.
    """
    known = {source.folder: source for source in cancer.sources}
    if folder not in known:
        raise UnknownNameError.of("data set", folder, known)
    source = known[folder]
    if not source.external or source.copies_of:
        raise UsageError(
            f"An external test needs a data set that no training saw; '{folder}' "
            + ("holds copies of another." if source.copies_of else "trains the shipped model.")
            + f" Measure it with: cancerapy evaluate {cancer.id}",
            field="external",
        )
    return source


def predict_external(
    cancer: Cancer, folder: str, settings: Settings, *, progress: StepProgress = silent
) -> str:
    """Predict every image of an external data set with the cancer's newest bundle.

    Predictions that lie there already are replaced, since another bundle may have made them.

    Args:
        cancer: Whose bundle.
        folder: Folder of the external data set below the data root.
        settings: Data, bundles, results, cache.
        progress: Told of each image.

    Returns:
        The protocol, ``external-<folder>``, whose predictions now lie below the results.

    Raises:
        BundleError: The cancer has no bundle, a damaged one, or one of another network.
        UsageError: The bundle was trained on that data set.
        DataError: The data set is missing or has unreadable images.
    """
    source = external_source(cancer, folder)
    bundle = _newest_bundle(cancer, settings)
    root = settings.data_root("An external test needs", cancer.id)
    manifest = build_manifest(cancer, source, root, cache=settings.cache)
    _check_unseen(bundle, manifest)
    logits = predict_manifest(manifest, bundle, progress=progress)
    protocol = f"{EXTERNAL}{folder}"
    place = settings.results / "predictions" / f"{cancer.id}-{protocol}"
    names = [factor.name for factor in cancer.network.factors]
    write_fold(
        place / f"{folder}.csv",
        [sample.path for sample in manifest.samples],
        manifest.groups,
        folder,
        cancer.network.factors,
        {name: manifest.labels(name) for name in names},
        logits,
    )
    text = json.dumps(_record(bundle, manifest, protocol), indent=2) + "\n"
    write_atomically(place / FILE_NAME, text)
    return protocol


def bundle_calibration(record: ProtocolRecord, cancer: Cancer, bundles: Path | None) -> Calibration:
    """Return temperatures and thresholds of the bundle that predicted an external data set.

    Args:
        record: What is noted of the predictions.
        cancer: Whose bundle.
        bundles: Folder of bundles; ``None``: the package's own.

    Raises:
        BundleError: The bundle that predicted is not there any more, or damaged.
    """
    folder = (bundles or default_root()) / record.bundle
    bundle = load_bundle(folder) if record.bundle and folder.is_dir() else None
    if bundle is None or bundle.fields.digests[MODEL_FILE] != record.bundle_graph:
        raise BundleError(
            f"Predictions of {record.protocol} are judged with the thresholds of the bundle that "
            f"made them ({record.bundle or 'not recorded'}); it is not in {folder.parent}. Name "
            f"its folder with --bundles, or predict anew: cancerapy evaluate {cancer.id} "
            f"--external {record.protocol.removeprefix(EXTERNAL)}",
            code="bundle_missing",
        )
    return calibration_of(bundle)


def calibration_of(bundle: Bundle) -> Calibration:
    """Return the temperatures and thresholds that a bundle holds."""
    return Calibration(bundle.fields.factors, {task.id: task for task in bundle.fields.tasks})


def normal_figures(
    assessment: Assessment,
    source: Source,
    facts: Mapping[str, Mapping[str, str]],
    *,
    n_resamples: int,
) -> tuple[list[Figure], int, int]:
    """Measure how many of a data set's normal images are called benign.

    Args:
        assessment: Of a task, on the whole data set.
        source: The data set; its ``normal`` says by fact which images are normal.
        facts: By name the value by image path.
        n_resamples: Resamples of the groups.

    Returns:
        ``accuracy`` (by the most probable class), ``point_specificity`` and ``answered_share``
        as far as defined, with the number of images and of groups; no figure where no image is
        known to be normal.
    """
    images = assessment.calibrated.outcome.images.tolist()
    normal = np.array(
        [
            any(facts.get(name, {}).get(image, "") in values for name, values in source.normal)
            for image in images
        ],
        dtype=np.bool_,
    )
    if not normal.any():
        return [], 0, 0
    part = assessment.calibrated.part(normal)
    wanted = ("accuracy", "point_specificity", "answered_share")
    figures = [
        figure
        for figure in measure(part, n_resamples=n_resamples)
        if figure.metric in wanted and np.isfinite(figure.value)
    ]
    return figures, len(part.outcome), part.outcome.n_groups


def _newest_bundle(cancer: Cancer, settings: Settings) -> Bundle:
    folder = find_bundles(settings.bundles).get(cancer.id)
    if folder is None:
        raise BundleError(
            f"An external test judges a shipped bundle; {cancer.id} has none. Make it with: "
            f"cancerapy export {cancer.id}, or name its folder with CANCERAPY_BUNDLES.",
            code="bundle_missing",
        )
    bundle = load_bundle(folder)
    answered = [(factor.name, factor.values) for factor in bundle.fields.factors]
    if answered != [(factor.name, factor.values) for factor in cancer.network.factors]:
        raise BundleError(
            f"The bundle '{folder.name}' must answer the factors of {cancer.id} as they are now; "
            f"it answers {', '.join(name for name, _ in answered)}. Export it anew."
        )
    return bundle


def _check_unseen(bundle: Bundle, manifest: Manifest) -> None:
    given = bundle.fields.provenance
    if given.get("source") == manifest.source or given.get("manifest") == manifest.digest:
        raise UsageError(
            f"An external test needs a data set that no training saw; the bundle "
            f"'{bundle.fields.name}' was trained on '{manifest.source}'. Judge a bundle that was "
            "trained on another data set.",
            field="external",
        )


def predict_manifest(
    manifest: Manifest, bundle: Bundle, *, progress: StepProgress = silent
) -> Logits:
    """Return (N, L) logits of the served graph.

    Args:
        manifest: N images.
        bundle: Holds the graph, and says how images are prepared.
        progress: Told of each image.

    Raises:
        ImageError: An image cannot be read.
    """
    files = [sample.at(manifest.root) for sample in manifest.samples]
    return predict_files(
        files, bundle, progress=lambda done, total: progress(manifest.source, done, total)
    )


def predict_files(files: Sequence[Path], bundle: Bundle, *, progress: Progress = silent) -> Logits:
    """Return (N, L) logits of the served graph.

    Args:
        files: N images, at least one.
        bundle: Holds the graph, and says how images are prepared.
        progress: Told of each image.

    Raises:
        ImageError: An image cannot be read.
    """
    graph = Graph(bundle.model_path, n_threads=processor_count())
    rows = []
    for number, file in enumerate(files, 1):
        pixels = read_image_file(file, limits=DATA_SET_LIMITS).pixels
        prepared = prepare_image(pixels, bundle.fields.input)
        rows.append(graph(prepared[None])["logits"][0])
        progress(number, len(files))
    return np.stack(rows)


def _record(bundle: Bundle, manifest: Manifest, protocol: str) -> dict[str, object]:
    provenance = bundle.fields.provenance
    backbone = provenance.get("backbone", "unnamed")
    return {
        "cancer": manifest.cancer,
        "protocol": protocol,
        "leaking": False,
        "folds": [manifest.source],
        "model": backbone,
        "bundle": bundle.fields.name,
        "bundle_graph": bundle.fields.digests[MODEL_FILE],
        "manifest_digest": manifest.digest,
        "plan_digest": provenance.get("plan_digest", ""),
        "seed": provenance.get("seed", ""),
        "plan": provenance.get("plan", {}),
    }
