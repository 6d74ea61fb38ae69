"""One network with random weights, as a Keras model and as a bundle: the same on both sides.

Speed does not depend on what the weights are, so the comparison needs no training.
"""

import io
import tempfile
from pathlib import Path

import numpy as np

from cancerapy.bundle.schema import (
    BundleFields,
    FactorFields,
    InputFields,
    QualityLimits,
    TaskFields,
)
from cancerapy.bundle.store import write_bundle
from cancerapy.cancers import Cancer, Task, load_cancer


def build_keras(cancer: Cancer, backbone: str, flips: str) -> "keras.Model":  # noqa: F821
    """Return the network of ``cancer`` with seeded random weights.

    Args:
        cancer: Whose input and output it has.
        backbone: Name of the backbone.
        flips: Test-time flips in the graph.
    """
    from cancerapy.models.classifier import build_classifier

    shape = (cancer.input.height, cancer.input.width)
    return build_classifier(backbone, cancer.network, shape, seed=0).full(flips)


def write_keras_bundle(cancer_id: str, backbone: str, flips: str, root: Path) -> Path:
    """Export the network of ``build_keras`` and write it as a bundle below ``root``.

    Its measured values are made up; nobody may see its answers.
    """
    cancer = load_cancer(cancer_id)
    model = build_keras(cancer, backbone, flips)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        model.export(str(path), format="litert", verbose=False)
        graph = path.read_bytes()
    width = int(model.output["embedding"].shape[-1])
    stats = io.BytesIO()
    np.savez(
        stats,
        mean=np.zeros(width),
        scale=np.ones(width),
        projection=np.eye(width, 64),
        precision=np.eye(64),
        residual=1.0,
    )
    files = {
        "model.tflite": graph,
        "stats.npz": stats.getvalue(),
        "card.md": b"# A network with random weights, for measuring speed\n",
    }
    return write_bundle(root, _fields(cancer, backbone), files)


def _fields(cancer: Cancer, backbone: str) -> BundleFields:
    spec = cancer.input
    return BundleFields(
        cancer=cancer.id,
        version="0",
        input=InputFields(spec.height, spec.width, str(spec.aspect), spec.steps, spec.min_side_px),
        factors=tuple(
            FactorFields(factor.name, factor.values, 1.0) for factor in cancer.network.factors
        ),
        tasks=tuple(_task(task) for task in cancer.tasks),
        quality=QualityLimits(0.0, (0.0, 255.0), 0.0, 1e9, (0.0, 255.0)),
        results=(),
        digests={},
        provenance={"backbone": backbone},
        licences={},
        created="1970-01-01",
    )


def _task(task: Task) -> TaskFields:
    return TaskFields(
        id=task.id,
        class_ids=task.class_ids,
        operating_point=None,
        coverage=0.9,
        conformal_thresholds=dict.fromkeys(task.class_ids, 0.9),
        conformal_kind=dict.fromkeys(task.class_ids, "marginal"),
        min_confidence=0.0,
    )
