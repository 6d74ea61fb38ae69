"""Put a bundle together: graph, calibration, statistics, results, card - and check it first."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cancerapy import __version__
from cancerapy.arrays import Floats, Images, Indices, Logits
from cancerapy.bundle.schema import BundleFields, InputFields, QualityLimits
from cancerapy.bundle.store import (
    CARD_FILE,
    MODEL_FILE,
    STATS_FILE,
    Stats,
    next_version,
    write_bundle,
)
from cancerapy.cancers import Cancer, InputSpec
from cancerapy.errors import BundleError
from cancerapy.evaluation.calibration import Calibration
from cancerapy.export.card import write_card
from cancerapy.export.litert import Compression, to_litert
from cancerapy.export.parity import (
    Parity,
    check_parity,
    compare,
    keras_logits,
    litert_outputs,
    worst_of,
)
from cancerapy.export.statistics import fit_limits, fit_stats, stats_bytes
from cancerapy.phantoms import draw_phantom
from cancerapy.runtime.interpreter import Graph, processor_count
from cancerapy.surroundings import today

N_PHANTOMS = 16
N_COMPARED = 256
"""Training pictures at most on which the exported graph is compared with the network."""


@dataclass(frozen=True)
class BundleParts:
    """What a bundle is made of.

    Args:
        cancer: Whose bundle.
        spec: The network's input.
        model: The served Keras graph, test-time flips included.
        calibration: Fitted on out-of-fold predictions.
        pictures: (n, H, W, 3) prepared training pictures: statistics and parity.
        labels: (n,) their class in the first task, -1 where unknown.
        groups: (n,) patient, lesion or slide of each.
        pictures_are: What they are, for the parity table.
        results: Result rows of the card.
        provenance: Digests, backbone, commands.
        licences: Of data and starting weights.
        representative: Pictures for an int8 graph; ``None`` keeps 32-bit arithmetic.
        compressions: Ways to store weights as int8, of which the first is taken that gives the
            network's answers; none: they are stored as float16.
    """

    cancer: Cancer
    spec: InputSpec
    model: keras.Model
    calibration: Calibration
    pictures: Images
    labels: NDArray[np.int64]
    groups: NDArray[np.str_]
    pictures_are: str
    results: Sequence[Mapping[str, Any]]
    provenance: Mapping[str, Any]
    licences: Mapping[str, str]
    representative: Images | None = field(default=None)
    compressions: tuple[Compression, ...] = ()


def build_bundle(parts: BundleParts, root: Path) -> tuple[Path, list[Parity]]:
    """Convert, compare, and write the bundle.

    Args:
        parts: What it is made of.
        root: Folder of bundles; the version is one more than the newest there.

    Returns:
        The bundle's folder and the comparisons with Keras.

    Raises:
        BundleError: The exported graph does not give the network's answers; nothing is written.
        StorageError: It could not be written.
    """
    converted = _convert(parts)
    stats = fit_stats(converted.embeddings)
    distances = held_out_distances(converted.embeddings, parts.groups)
    quality = fit_limits(parts.pictures, distances)
    fields = _fields(parts, root, quality, converted)
    files = {
        MODEL_FILE: converted.content,
        STATS_FILE: stats_bytes(stats),
        CARD_FILE: write_card(fields, parts.cancer).encode(),
    }
    return write_bundle(root, fields, files), list(converted.parities)


@dataclass(frozen=True, eq=False)
class _Converted:
    """A graph that gives the network's answers.

    Args:
        content: The LiteRT file.
        compression: How its weights are stored as int8; ``None`` where they are not.
        embeddings: (N, D) of the pictures.
        parities: Comparisons with Keras.
    """

    content: bytes
    compression: Compression | None
    embeddings: Floats
    parities: tuple[Parity, ...]


def _convert(parts: BundleParts) -> _Converted:
    """Convert in the first way that gives the network's answers.

    Raises:
        BundleError: None does.
    """
    *others, last = parts.compressions or (None,)
    for compression in others:
        with suppress(BundleError):
            return _convert_by(parts, compression)
    return _convert_by(parts, last)


def _convert_by(parts: BundleParts, compression: Compression | None) -> _Converted:
    content = to_litert(parts.model, representative=parts.representative, compression=compression)
    graph = Graph(content, n_threads=processor_count())
    # A way that is refused must not cost a pass over all pictures, so a part of them is compared
    # first.
    rows = np.unique(np.linspace(0, len(parts.pictures) - 1, N_COMPARED).astype(int))
    outputs = litert_outputs(graph, parts.pictures[rows])
    parities = (_parity(parts, rows, outputs["logits"]), _phantom_parity(parts, graph))
    for parity in parities:
        check_parity(parity)
    embeddings: np.ndarray = np.empty(
        (len(parts.pictures), outputs["embedding"].shape[1]), np.float32
    )
    embeddings[rows] = outputs["embedding"]
    others = np.setdiff1d(np.arange(len(parts.pictures)), rows)
    if others.size:
        embeddings[others] = litert_outputs(graph, parts.pictures[others])["embedding"]
    return _Converted(content, compression, embeddings, parities)


def held_out_distances(embeddings: Floats, groups: NDArray[np.str_]) -> Floats:
    """Return the distance of each embedding from the other half's statistics.

    Args:
        embeddings: (N, D).
        groups: (N,) of at least two groups. Each stands in one half, so that no image is made
            familiar by another of its patient, lesion or slide.

    Returns:
        (N,).
    """
    _, number, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    by_size = sizes.argsort(kind="stable").argsort()  # dealt out by size, the halves are alike
    halves = by_size[number] % 2
    distances = np.zeros(len(embeddings))
    for half in (0, 1):
        stats: Stats = fit_stats(embeddings[halves != half])
        distances[halves == half] = [stats.distance(e) for e in embeddings[halves == half]]
    return distances


def phantom_pictures(cancer: Cancer, spec: InputSpec) -> Images:
    """Return (n, H, W, 3) phantoms of the cancer's modality at the network's size."""
    return np.stack(
        [
            draw_phantom(cancer.phantom, seed=seed, height=spec.height, width=spec.width)
            for seed in range(N_PHANTOMS)
        ]
    )


def _parity(parts: BundleParts, rows: Indices, after: Logits) -> Parity:
    before = keras_logits(parts.model, parts.pictures[rows])
    return _worst(parts, before, after, parts.pictures_are, parts.labels[rows])


def _phantom_parity(parts: BundleParts, graph: Graph) -> Parity:
    pictures = phantom_pictures(parts.cancer, parts.spec)
    before, after = keras_logits(parts.model, pictures), litert_outputs(graph, pictures)["logits"]
    return _worst(parts, before, after, "phantoms")


def _worst(
    parts: BundleParts,
    before: Logits,
    after: Logits,
    pictures: str,
    labels: NDArray[np.int64] | None = None,
) -> Parity:
    """Compare every task; ``labels`` are those of the first."""
    return worst_of(
        [
            compare(
                before,
                after,
                parts.calibration.factors,
                task,
                pictures=pictures,
                labels=None if number else labels,
            )
            for number, task in enumerate(parts.cancer.tasks)
        ]
    )


def _fields(
    parts: BundleParts, root: Path, quality: QualityLimits, converted: _Converted
) -> BundleFields:
    spec = parts.spec
    precision = "float16"
    if converted.compression is not None:
        rounded = ", ".join(converted.compression.integer)
        precision = f"int8 weights{f', {rounded} computed in int8' if rounded else ''}"
    if parts.representative is not None:
        precision = "int8"
    return BundleFields(
        cancer=parts.cancer.id,
        version=next_version(root, parts.cancer.id),
        input=InputFields(
            spec.height, spec.width, str(spec.aspect), tuple(spec.steps), spec.min_side_px
        ),
        factors=parts.calibration.factors,
        tasks=tuple(parts.calibration.tasks[task.id] for task in parts.cancer.tasks),
        quality=quality,
        results=tuple(parts.results),
        digests={},
        provenance={
            **parts.provenance,
            "precision": precision,
            "parity": [parity.to_dict() for parity in converted.parities],
            "cancerapy": __version__,
        },
        licences=dict(parts.licences),
        created=today(),
    )
