"""Keras graph to LiteRT bytes: float16 by default, int8 where it has earned it."""

import contextlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from cancerapy.arrays import Images


def to_litert(model: keras.Model, *, representative: Images | None = None) -> bytes:
    """Convert a served graph.

    The batch is fixed at one image: all shapes are then known, and the runtime plans its memory
    once.

    Args:
        model: From ``image`` uint8 (N, H, W, 3) to a dictionary of outputs.
        representative: (n, H, W, 3) pictures by which activations are scaled to int8; ``None``
            keeps 32-bit arithmetic with weights stored as float16.

    Returns:
        The content of a ``.tflite`` file whose signature keeps the outputs' names.
    """
    # Without a signature of its own the export would leave the number of images open.
    image = keras.InputSpec(shape=(1, *model.input_shape[1:]), dtype="uint8", name="image")
    options: dict[str, Any] = {"optimizations": [tf.lite.Optimize.DEFAULT]}
    if representative is None:
        options["target_spec"] = {"supported_types": [tf.float16]}
    else:
        options["representative_dataset"] = lambda: _one_by_one(representative)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        file = Path(folder) / "model.tflite"
        model.export(file, format="litert", verbose=False, input_signature=[image], **options)
        return file.read_bytes()


def _one_by_one(pictures: Images) -> Iterator[list[Images]]:
    for picture in pictures:
        yield [picture[None]]
