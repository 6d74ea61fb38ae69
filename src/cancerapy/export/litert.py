"""Keras graph to LiteRT bytes: float16 by default, int8 where it has earned it.

int8 with scales fixed beforehand changes answers and has to be measured. Weights as int8, each
output channel with a scale of its own, multiplied with activations that are rounded by the scale of
that very picture, change them hardly: half the size, a quarter of the memory and up to twice the
speed for a rounding that the parity check bounds. A head is left out: a discriminant's weights
differ by orders of magnitude between its inputs, and most would be rounded to nothing.
"""

import contextlib
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from cancerapy.arrays import Images

HEAD = "cam"
"""Layer whose weights are never stored as int8."""


def to_litert(
    model: keras.Model,
    *,
    representative: Images | None = None,
    compress: bool = False,
    keep: Sequence[str] = (),
) -> bytes:
    """Convert a served graph.

    The batch is fixed at one image: all shapes are then known, and the runtime plans its memory
    once.

    Args:
        model: From ``image`` uint8 (N, H, W, 3) to a dictionary of outputs.
        representative: (n, H, W, 3) pictures by which activations are scaled to int8; ``None``
            keeps 32-bit arithmetic with weights stored as float16.
        compress: Without ``representative``, store weights as int8 and scale activations anew for
            each picture; layers hand on 32-bit numbers.
        keep: Layers, models within the model among them, whose weights stay float16 then.

    Returns:
        The content of a ``.tflite`` file whose signature keeps the outputs' names.
    """
    # Without a signature of its own the export would leave the number of images open.
    image = keras.InputSpec(shape=(1, *model.input_shape[1:]), dtype="uint8", name="image")
    options: dict[str, Any] = {}
    if representative is not None:
        options["representative_dataset"] = lambda: _one_by_one(representative)
    elif not compress:
        options["target_spec"] = {"supported_types": [tf.float16]}
    if options:
        options["optimizations"] = [tf.lite.Optimize.DEFAULT]
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        file = Path(folder) / "model.tflite"
        model.export(file, format="litert", verbose=False, input_signature=[image], **options)
        content = file.read_bytes()
        return content if options else _weights_as_int8(content, (*keep, HEAD))


def _weights_as_int8(content: bytes, keep: Sequence[str]) -> bytes:
    # Imported here: the converter alone needs none of it.
    from ai_edge_quantizer import algorithm_manager, qtyping, quantizer, recipe

    task = quantizer.Quantizer(bytearray(content))
    task.load_quantization_recipe(recipe.dynamic_wi8_afp32())
    float16 = qtyping.OpQuantizationConfig(
        weight_tensor_config=qtyping.TensorQuantizationConfig(
            num_bits=16,
            granularity=qtyping.QuantGranularity.TENSORWISE,
            dtype=qtyping.TensorDataType.FLOAT,
        ),
        compute_precision=qtyping.ComputePrecision.FLOAT,
        explicit_dequantize=True,
    )
    convolutions = (qtyping.TFLOperationName.CONV_2D, qtyping.TFLOperationName.DEPTHWISE_CONV_2D)
    # A convolution is named by what it puts out, and what the graph puts out has another name.
    patterns = [rf".*\b{name}(_\d+)?/.*" for name in keep] + [".*StatefulPartitionedCall.*"]
    for pattern in patterns:
        for operation in convolutions:
            task.update_quantization_recipe(
                regex=pattern,
                operation_name=operation,
                op_config=float16,
                algorithm_key=algorithm_manager.AlgorithmName.FLOAT_CASTING,
            )
    return bytes(task.quantize().quantized_model)


def _one_by_one(pictures: Images) -> Iterator[list[Images]]:
    for picture in pictures:
        yield [picture[None]]
