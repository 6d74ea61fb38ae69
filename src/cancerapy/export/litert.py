"""Keras graph to LiteRT bytes: float16 by default, int8 where it has earned it.

int8 with scales fixed beforehand changes answers and has to be measured. Weights that are stored as
int8, each output channel with a scale of its own, and computed with in 32 bits change them hardly:
half the size for a rounding that the parity check bounds. Where activations too are rounded, by a
scale of that very picture, the weights stay int8 in memory, where LiteRT otherwise unpacks them.
A head is left out: a discriminant's weights differ by orders of magnitude between its inputs, and
most would be rounded to nothing.
"""

import contextlib
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from cancerapy.arrays import Images

HEAD = "cam"
"""Layer whose weights are never stored as int8."""


@dataclass(frozen=True, slots=True)
class Compression:
    """Store weights as int8; networks of the graph are named by what they are called in it.

    Args:
        float16: Networks whose weights stay float16.
        integer: Networks whose activations are rounded to int8 as well.
    """

    float16: tuple[str, ...] = ()
    integer: tuple[str, ...] = ()


def to_litert(
    model: keras.Model,
    *,
    representative: Images | None = None,
    compression: Compression | None = None,
) -> bytes:
    """Convert a served graph.

    The batch is fixed at one image: all shapes are then known, and the runtime plans its memory
    once.

    Args:
        model: From ``image`` uint8 (N, H, W, 3) to a dictionary of outputs.
        representative: (n, H, W, 3) pictures by which activations are scaled to int8; ``None``
            keeps 32-bit arithmetic with weights stored as float16.
        compression: Without ``representative``, how weights are stored as int8.

    Returns:
        The content of a ``.tflite`` file whose signature keeps the outputs' names.
    """
    # Without a signature of its own the export would leave the number of images open.
    image = keras.InputSpec(shape=(1, *model.input_shape[1:]), dtype="uint8", name="image")
    options: dict[str, Any] = {}
    if representative is not None:
        options["representative_dataset"] = lambda: _one_by_one(representative)
    elif compression is None:
        options["target_spec"] = {"supported_types": [tf.float16]}
    if options:
        options["optimizations"] = [tf.lite.Optimize.DEFAULT]
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        file = Path(folder) / "model.tflite"
        model.export(file, format="litert", verbose=False, input_signature=[image], **options)
        content = file.read_bytes()
        return content if compression is None else _weights_as_int8(content, compression)


def _weights_as_int8(content: bytes, compression: Compression) -> bytes:
    # Imported here: the converter alone needs none of it.
    from ai_edge_quantizer import algorithm_manager, qtyping, quantizer, recipe

    task = quantizer.Quantizer(bytearray(content))
    task.load_quantization_recipe(recipe.weight_only_wi8_afp32())
    rounded = qtyping.OpQuantizationConfig(
        weight_tensor_config=qtyping.TensorQuantizationConfig(
            num_bits=8, granularity=qtyping.QuantGranularity.CHANNELWISE
        ),
        compute_precision=qtyping.ComputePrecision.INTEGER,
    )
    float16 = qtyping.OpQuantizationConfig(
        weight_tensor_config=qtyping.TensorQuantizationConfig(
            num_bits=16,
            granularity=qtyping.QuantGranularity.TENSORWISE,
            dtype=qtyping.TensorDataType.FLOAT,
        ),
        compute_precision=qtyping.ComputePrecision.FLOAT,
        explicit_dequantize=True,
    )
    names = algorithm_manager.AlgorithmName
    # A later rule goes before an earlier one. A convolution is named by what it puts out, and what
    # the graph puts out has another name.
    rules = [(_within(name), rounded, names.MIN_MAX_UNIFORM_QUANT) for name in compression.integer]
    kept = [*map(_within, (*compression.float16, HEAD)), ".*StatefulPartitionedCall.*"]
    rules += [(pattern, float16, names.FLOAT_CASTING) for pattern in kept]
    for pattern, config, algorithm in rules:
        for operation in (
            qtyping.TFLOperationName.CONV_2D,
            qtyping.TFLOperationName.DEPTHWISE_CONV_2D,
        ):
            task.update_quantization_recipe(
                regex=pattern, operation_name=operation, op_config=config, algorithm_key=algorithm
            )
    return bytes(task.quantize().quantized_model)


def _within(name: str) -> str:
    """Return the pattern of what a network or layer puts out.

    A head that is applied to each layer has numbers, and Keras may add one to any name.
    """
    return rf".*\b{name}(_\d+)*/.*"


def _one_by_one(pictures: Images) -> Iterator[list[Images]]:
    for picture in pictures:
        yield [picture[None]]
