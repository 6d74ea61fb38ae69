"""Where a network can be cut in two: the layers through which its whole graph passes.

Below a cut nothing else has to be kept: the activation there is all that the upper part reads.
"""

import difflib
from itertools import pairwise

import keras
from keras import layers, tree

from cancerapy.errors import PlanError

_N_SHOWN = 12


def list_cuts(model: keras.Model) -> list[str]:
    """Return the layers at which ``model`` can be cut, from input to output.

    An edge that leaves an earlier operation and enters a later one than ``k`` passes around
    ``k``; where none does, every path runs through ``k``.

    Args:
        model: A functional model with one input and one output.

    Returns:
        Layer names in the order of computation; the last is the model's output, the input is
        left out.
    """
    operations = model.operations
    producer = {
        id(tensor): index
        for index, operation in enumerate(operations)
        for tensor in tree.flatten(operation.output)
    }
    reaches = [index for index, _ in enumerate(operations)]
    for index, operation in enumerate(operations):
        for tensor in tree.flatten(operation.input):
            source = producer[id(tensor)]
            reaches[source] = max(reaches[source], index)
    cuts, farthest = [], 0
    for index, operation in enumerate(operations):
        is_layer = isinstance(operation, layers.Layer)
        if farthest <= index and is_layer and not isinstance(operation, layers.InputLayer):
            cuts.append(operation.name)
        farthest = max(farthest, reaches[index])
    return cuts


def find_default_cut(model: keras.Model) -> str:
    """Return a cut that leaves about the upper third of a network to be trained.

    That is the end of the last block before the map shrinks for the last time: the last cut of
    that size that joins branches or, in a network without branches, the last of that size.

    Args:
        model: A functional model from images to a feature map.
    """
    # Padding enlarges the map for the layer after it and ends no block.
    cuts = [
        layer
        for layer in map(model.get_layer, list_cuts(model))
        if not isinstance(layer, layers.ZeroPadding2D)
    ]
    n_cells = [_n_cells(layer) for layer in cuts]
    larger = [index for index, (now, then) in enumerate(pairwise(n_cells)) if now > then]
    if not larger:
        return str(cuts[-1].name)
    size = n_cells[larger[-1]]
    candidates = [layer for layer, cells in zip(cuts, n_cells, strict=True) if cells == size]
    joins = [layer for layer in candidates if isinstance(layer, layers.Add | layers.Concatenate)]
    return str((joins or candidates)[-1].name)


def _n_cells(layer: layers.Layer) -> int:
    height, width = layer.output.shape[1:3]
    return int(height * width)


def check_cut(model: keras.Model, cut: str) -> layers.Layer:
    """Return the layer ``cut`` of ``model``.

    Raises:
        PlanError: There is no such layer, or a branch passes around it; the message names layers
            that can be cut at.
    """
    cuts = list_cuts(model)
    if cut in cuts:
        return model.get_layer(cut)
    names = [layer.name for layer in model.layers]
    if cut in names:
        position = names.index(cut)
        after = [name for name in cuts if names.index(name) > position][:_N_SHOWN]
        raise PlanError(
            f"freeze_to must be a layer through which the whole graph passes; '{cut}' of "
            f"{model.name} is inside a branch. The next possible ones are: {', '.join(after)}.",
            field="freeze_to",
        )
    nearest = difflib.get_close_matches(cut, cuts, n=1)
    hint = f" Did you mean '{nearest[0]}'?" if nearest else ""
    raise PlanError(
        f"freeze_to must be a layer of {model.name}; there is no '{cut}'. "
        f"The last possible ones are: {', '.join(cuts[-_N_SHOWN:])}.{hint}",
        field="freeze_to",
    )
