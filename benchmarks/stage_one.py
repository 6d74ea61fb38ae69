"""Stage one from cached features against training the same head on the frozen network.

Both sides train the head for five epochs on the same decoded pictures. Ours computes the frozen
features once, through LiteRT, and that time is counted; the other side runs the frozen network in
every epoch, as Keras does when ``trainable`` is false.

python benchmarks/stage_one.py
"""

import argparse
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
from phantom_set import phantom_set
from record import Figure, record

from cancerapy.cancers import load_cancer
from cancerapy.training.losses import FactorCrossEntropy
from cancerapy.training.material import Material
from cancerapy.training.plan import resolve_plan
from cancerapy.training.progress import RichDisplay
from cancerapy.training.sources import PixelSource, Sampling
from cancerapy.training.stages import train_stages
from cancerapy.training.targets import image_targets

PLAN = {
    "backbone": "MobileNetV2",
    "weights": "none",  # speed does not depend on them
    "freeze_to": "block_12_add",
    "head_start": "random",
    "head_epochs": 5,
    "epochs": 0,
    "views": 0,
    "inner_fraction": 0.0,
    "tune_offset": False,
}


def cached_s(material: Material) -> tuple[float, float]:
    """Return the seconds of our stage one with the features still to compute, and with them."""
    taken = []
    for _ in range(2):
        classifier = material.classifier()
        rows = np.arange(len(material.manifest.samples))
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            train_stages(material, classifier, rows, rows[:0], Path(folder))
            taken.append(time.perf_counter() - began)
    return taken[0], taken[1]


def end_to_end_s(material: Material) -> float:
    """Return the seconds of the same epochs through the whole network, frozen."""
    plan, network = material.plan, material.cancer.network
    classifier = material.classifier()
    classifier.backbone.trainable = False
    model = classifier.full()
    model.compile(
        keras.optimizers.Adam(plan.head_learning_rate),
        loss={"logits": FactorCrossEntropy(network)},
    )
    labels = material.manifest.labels(network.factors[0].name)
    sampling = Sampling(np.arange(len(labels)), labels, batch_size=plan.batch_size)
    source = PixelSource(sampling, image_targets(material.manifest, network), material.pixels)
    began = time.perf_counter()
    for epoch in range(plan.head_epochs):
        source.begin(epoch)
        model.fit(source, epochs=1, shuffle=False, verbose=0)
    return time.perf_counter() - began


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1500, help="images; the real sets have 1,231 up")
    parser.add_argument("--dry-run", action="store_true", help="write no row")
    options = parser.parse_args()
    cancer = load_cancer("skin")
    with (
        phantom_set(cancer.id, options.n) as manifest,
        RichDisplay("stage one") as display,
    ):
        plan = resolve_plan(cancer, PLAN)
        cache = manifest.root.parent / "cache"
        material = Material(cancer, plan, manifest, cache, None, display)
        len(material.pixels)  # decoded before either side is timed
        first_s, again_s = cached_s(material)
        whole_s = end_to_end_s(material)
    alternative = "five epochs through the frozen network"
    figures = [
        Figure("stage one", "MobileNetV2, features computed and cached", alternative,
               "seconds of five epochs", first_s, "s", whole_s / first_s, ">= 5"),
        Figure("stage one", "MobileNetV2, features already cached", alternative,
               "seconds of five epochs", again_s, "s", whole_s / again_s, ">= 5"),
    ]  # fmt: skip
    record(figures, dry_run=options.dry_run)


if __name__ == "__main__":
    main()
