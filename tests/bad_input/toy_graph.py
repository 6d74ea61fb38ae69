"""A LiteRT graph written field by field: no TensorFlow, a few kilobytes, ready at once."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

_KINDS = {
    np.dtype("uint8"): schema.TensorType.UINT8,
    np.dtype("int32"): schema.TensorType.INT32,
    np.dtype("float32"): schema.TensorType.FLOAT32,
}
_OPERATORS = {
    "cast": (schema.BuiltinOperator.CAST, schema.BuiltinOptions.CastOptions),
    "multiply": (schema.BuiltinOperator.MUL, schema.BuiltinOptions.MulOptions),
    "pool": (schema.BuiltinOperator.AVERAGE_POOL_2D, schema.BuiltinOptions.Pool2DOptions),
    "convolve": (schema.BuiltinOperator.CONV_2D, schema.BuiltinOptions.Conv2DOptions),
    "mean": (schema.BuiltinOperator.MEAN, schema.BuiltinOptions.ReducerOptions),
}
_CELL = 16


class _Writer:
    """Collects tensors and steps, and writes them as a file."""

    def __init__(self) -> None:
        self.buffers = [schema.BufferT()]  # the first is empty by convention
        self.tensors: list[schema.TensorT] = []
        self.steps: list[schema.OperatorT] = []

    def tensor(self, name: str, shape: tuple[int, ...], kind: str = "float32") -> int:
        """Add a tensor that is computed; return its number."""
        tensor = schema.TensorT()
        tensor.name, tensor.shape = name.encode(), list(shape)
        tensor.type, tensor.buffer = _KINDS[np.dtype(kind)], 0
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def constant(self, name: str, values: NDArray[np.generic]) -> int:
        """Add a tensor with values; return its number."""
        number = self.tensor(name, values.shape, str(values.dtype))
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self.tensors[number].buffer = len(self.buffers)
        self.buffers.append(buffer)
        return number

    def step(self, name: str, inputs: list[int], output: int, options: object) -> int:
        """Add an operator; return its output."""
        step = schema.OperatorT()
        step.opcodeIndex = list(_OPERATORS).index(name)
        step.inputs, step.outputs = inputs, [output]
        step.builtinOptionsType, step.builtinOptions = _OPERATORS[name][1], options
        self.steps.append(step)
        return output

    def file(self, inputs: dict[str, int], outputs: dict[str, int]) -> bytes:
        """Return the content of a ``.tflite`` file with one signature."""
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = self.tensors, self.steps
        graph.inputs, graph.outputs = list(inputs.values()), list(outputs.values())
        signature = schema.SignatureDefT()
        signature.signatureKey, signature.subgraphIndex = b"serving_default", 0
        signature.inputs = [_named(*entry) for entry in inputs.items()]
        signature.outputs = [_named(*entry) for entry in outputs.items()]
        model = schema.ModelT()
        model.version, model.subgraphs, model.buffers = 3, [graph], self.buffers
        model.operatorCodes = [_code(operator) for operator, _ in _OPERATORS.values()]
        model.signatureDefs = [signature]
        builder = flatbuffers.Builder(65_536)
        builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
        return bytes(builder.Output())


def _named(name: str, number: int) -> schema.TensorMapT:
    entry = schema.TensorMapT()
    entry.name, entry.tensorIndex = name.encode(), number
    return entry


def _code(operator: int) -> schema.OperatorCodeT:
    code = schema.OperatorCodeT()
    code.deprecatedBuiltinCode = code.builtinCode = operator
    code.version = 1
    return code


def write_graph(weight: NDArray[np.float32], per_class: NDArray[np.float32]) -> bytes:
    """Return a graph whose logits are a weighted mean of the picture.

    Args:
        weight: (H, W, 3) of every value of the picture in 0..255; H and W multiples of 16.
        per_class: (classes, 3) of the three weighted channels.
    """
    height, width, _ = weight.shape
    rows, columns, n_classes = height // _CELL, width // _CELL, len(per_class)
    w = _Writer()
    image = w.tensor("image", (1, height, width, 3), "uint8")
    values = w.step("cast", [image], w.tensor("values", (1, height, width, 3)), _cast())
    factor = w.constant("weight", weight[None])
    seen = w.step(
        "multiply", [values, factor], w.tensor("seen", (1, height, width, 3)), schema.MulOptionsT()
    )
    cells = w.step("pool", [seen], w.tensor("cells", (1, rows, columns, 3)), _pool())
    kernel = w.constant("kernel", per_class[:, None, None, :])
    bias = w.constant("bias", np.zeros(n_classes, np.float32))
    cam = w.tensor("cam", (1, rows, columns, n_classes))
    w.step("convolve", [cells, kernel, bias], cam, _convolve())
    axes = w.constant("axes", np.array([1, 2], np.int32))
    reducer = schema.ReducerOptionsT()
    logits = w.step("mean", [cam, axes], w.tensor("logits", (1, n_classes)), reducer)
    embedding = w.step("mean", [cells, axes], w.tensor("embedding", (1, 3)), reducer)
    return w.file({"image": image}, {"logits": logits, "embedding": embedding, "cam": cam})


def _cast() -> schema.CastOptionsT:
    options = schema.CastOptionsT()
    options.inDataType, options.outDataType = schema.TensorType.UINT8, schema.TensorType.FLOAT32
    return options


def _pool() -> schema.Pool2DOptionsT:
    options = schema.Pool2DOptionsT()
    options.padding = schema.Padding.VALID
    options.strideH = options.strideW = options.filterHeight = options.filterWidth = _CELL
    return options


def _convolve() -> schema.Conv2DOptionsT:
    options = schema.Conv2DOptionsT()
    options.padding = schema.Padding.VALID
    options.strideH = options.strideW = options.dilationHFactor = options.dilationWFactor = 1
    return options
