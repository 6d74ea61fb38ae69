"""How fast training pictures come: decoded once and augmented, against Keras' own data set.

Both sides read the same JPEGs of 600 x 450 px and make the same kinds of random changes in every
epoch: flips, rotation by any angle, zoom, brightness, contrast, saturation. Ours has decoded them
once before; what that took is printed. Then both feed the same network for whole epochs.

python benchmarks/training_pipeline.py
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from phantom_set import phantom_set
from record import Figure, record

from cancerapy.arrays import Images
from cancerapy.cancers import Cancer, load_cancer
from cancerapy.data.cache import open_decoded
from cancerapy.data.manifest import Manifest
from cancerapy.models.classifier import build_classifier
from cancerapy.training.losses import FactorCrossEntropy
from cancerapy.training.sources import PixelSource, Sampling
from cancerapy.training.targets import image_targets

BATCH = 32
KERAS = "keras.utils.image_dataset_from_directory"


def keras_data(cancer: Cancer, manifest: Manifest) -> tf.data.Dataset:
    """Return Keras' data set of the folder with its own layers for the same changes."""
    changes = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal_and_vertical"),
            keras.layers.RandomRotation(0.5, fill_mode="reflect"),
            keras.layers.RandomZoom((-0.2, 0.2), (-0.2, 0.2), fill_mode="reflect"),
            keras.layers.RandomBrightness(0.1),
            keras.layers.RandomContrast(0.2),
            keras.layers.RandomSaturation(0.2),
        ]
    )
    data = keras.utils.image_dataset_from_directory(
        manifest.root,
        label_mode="categorical",
        class_names=list(cancer.network.factors[0].values),
        image_size=(cancer.input.height, cancer.input.width),
        batch_size=BATCH,
        crop_to_aspect_ratio=True,
        verbose=False,
    )
    changed = data.map(
        lambda x, y: (tf.cast(changes(x, training=True), tf.uint8), {"logits": y}),
        num_parallel_calls=tf.data.AUTOTUNE,
    )
    return changed.prefetch(tf.data.AUTOTUNE)


def own_data(cancer: Cancer, manifest: Manifest, pixels: Images) -> PixelSource:
    """Return our source of augmented batches."""
    labels = manifest.labels(cancer.network.factors[0].name)
    sampling = Sampling(np.arange(len(pixels)), labels, batch_size=BATCH)
    targets = image_targets(manifest, cancer.network)
    return PixelSource(sampling, targets, pixels, cancer.augmentation)


def seconds_in_turn(
    one: Callable[[], object], other: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Return the median seconds of two actions, run in turn after a first run of each."""
    taken: dict[Callable[[], object], list[float]] = {one: [], other: []}
    for turn in range(repeats + 1):
        for action, times in taken.items():
            began = time.perf_counter()
            action()
            if turn:
                times.append(time.perf_counter() - began)
    return statistics.median(taken[one]), statistics.median(taken[other])


def compare_input(ours: PixelSource, theirs: tf.data.Dataset, repeats: int) -> tuple[float, float]:
    """Return the seconds of an epoch's batches without a network, ours and Keras'."""

    def walk_ours() -> None:
        ours.begin(0)
        for index in range(len(ours)):
            ours[index]

    def walk_theirs() -> None:
        for _ in theirs:
            pass

    return seconds_in_turn(walk_ours, walk_theirs, repeats)


def compare_epoch(
    cancer: Cancer, ours: PixelSource, theirs: tf.data.Dataset, repeats: int
) -> tuple[float, float]:
    """Return the seconds of a whole epoch of stage two, ours and Keras'."""

    def model() -> keras.Model:
        size = (cancer.input.height, cancer.input.width)
        classifier = build_classifier("MobileNetV2", cancer.network, size)
        classifier.set_trainable_above("block_12_add")
        built = classifier.full()
        built.compile("adam", loss={"logits": FactorCrossEntropy(cancer.network)})
        return built

    def epoch(built: keras.Model, data: Any) -> Callable[[], object]:
        return lambda: built.fit(data, epochs=1, shuffle=False, verbose=0)

    return seconds_in_turn(epoch(model(), ours), epoch(model(), theirs), repeats)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=320, help="images")
    parser.add_argument("--repeats", type=int, default=3, help="epochs of each side")
    parser.add_argument("--dry-run", action="store_true", help="write no row")
    options = parser.parse_args()
    cancer = load_cancer("skin")
    with phantom_set(cancer.id, options.n) as manifest:
        began = time.perf_counter()
        pixels, _ = open_decoded(manifest, cancer.input, Path(manifest.root.parent) / "cache")
        print(f"decoding {options.n} images once: {time.perf_counter() - began:.1f} s")
        ours, theirs = own_data(cancer, manifest, pixels), keras_data(cancer, manifest)
        input_s = compare_input(ours, theirs, options.repeats)
        epoch_s = compare_epoch(cancer, ours, theirs, options.repeats)
    figures = [
        Figure("training pipeline", "decoded cache and augment_image", KERAS, "images per second",
               options.n / input_s[0], "images/s", input_s[1] / input_s[0], ">= 3"),
        Figure("training pipeline", "epoch of stage two, MobileNetV2", KERAS, "images per second",
               options.n / epoch_s[0], "images/s", epoch_s[1] / epoch_s[0], ">= 1"),
    ]  # fmt: skip
    record(figures, dry_run=options.dry_run)


if __name__ == "__main__":
    main()
