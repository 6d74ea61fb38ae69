"""Several classifiers in one graph that answers as their mean, with a heat map that stays exact."""

from collections.abc import Sequence

import keras
from keras import layers, ops

from cancerapy.cancers import Network
from cancerapy.models.head import pool_class_map


def smallest_map(shapes: Sequence[tuple[int | None, ...]]) -> tuple[int, int]:
    """Return height and width of the smallest of some class maps (N, h, w, L)."""
    return min(int(shape[1] or 0) for shape in shapes), min(int(shape[2] or 0) for shape in shapes)


def member_name(number: int) -> str:
    """Return the name of a model within the graph, by its place from 0 on."""
    return f"member_{number + 1}"


def average_models(models: Sequence[keras.Model], network: Network) -> keras.Model:
    """Return a graph whose class map is the mean of the models' class maps.

    A finer map is first averaged down to the size of the coarsest, which changes no mean over it.

    The logits are the pooling of that map, so the heat map shows where the answer comes from.
    Where every factor is pooled by its mean they are the mean of the models' logits too; the
    highest cells of a mean map are not the mean of each map's highest cells.

    Args:
        models: Served graphs (``Classifier.full``) of one input size. The sides of every map are
            multiples of those of the smallest.
        network: The factors, pooled as in the models.

    Returns:
        A model from uint8 RGB (N, H, W, 3) to ``logits`` (N, L), ``cam`` (N, h, w, L) and
        ``embedding`` (N, D), that of the first: one network is enough to tell unfamiliar images,
        and the statistics of all would be larger than some networks.
    """
    pixels = layers.Input(models[0].input_shape[1:], dtype="uint8", name="image")
    # Each has the same name, and a graph may hold a name once.
    named = [
        keras.Model(model.input, model.output, name=member_name(number))
        for number, model in enumerate(models)
    ]
    outputs = [model(pixels) for model in named]
    height, width = smallest_map([model.output["cam"].shape for model in models])
    maps = [_shrink(output["cam"], height, width) for output in outputs]
    class_map = ops.mean(ops.stack(maps), axis=0)
    averaged = {
        "logits": pool_class_map(class_map, network),
        "embedding": outputs[0]["embedding"],
        "cam": class_map,
    }
    return keras.Model(pixels, averaged, name="ensemble")


def _shrink(class_map: keras.KerasTensor, height: int, width: int) -> keras.KerasTensor:
    size = (class_map.shape[1] // height, class_map.shape[2] // width)
    return class_map if size == (1, 1) else layers.AveragePooling2D(size)(class_map)
