"""Layers that a network can sensibly be frozen to: the ends of its blocks in the upper half."""

import keras

from cancerapy.models.classifier import Classifier
from cancerapy.models.cuts import list_cuts

NOTHING = "none"
"""Value of ``freeze_to`` that trains all layers."""

_N_DEPTHS = 5


def list_depths(classifier: Classifier, own: str | None, *, cached: bool) -> tuple[str, ...]:
    """Return values of ``freeze_to`` to search, from the deepest training to the shallowest.

    Block ends are the cuts that join branches; in a network without branches, the last cut of
    each size of the map. Five of the upper half at most, evenly spaced, and the plan's own.

    Args:
        classifier: The network with its starting weights.
        own: The plan's freezing point; ``None``: it trains all layers.
        cached: Whether training goes from cached activations, which need a freezing point.

    Returns:
        Only the plan's own where layers without starting weights would be frozen.
    """
    names = list_cuts(classifier.backbone)
    first = NOTHING if own is None else own
    if own is None and not classifier.default_cut:
        return (first,)
    layers = [classifier.backbone.get_layer(name) for name in names]
    joins = [layer.name for layer in layers if _joins(layer)]
    sizes = {layer.output.shape[1:3]: layer.name for layer in layers}
    ends = joins or list(sizes.values())
    ends = [name for name in ends if names.index(name) >= len(names) // 2]
    if names[-1] not in ends:
        ends.append(names[-1])
    n_shown = min(_N_DEPTHS, len(ends))
    places = [round(k * (len(ends) - 1) / max(1, n_shown - 1)) for k in range(n_shown)]
    chosen = {ends[place] for place in places} | ({own} if own else set())
    ordered = [name for name in names if name in chosen]
    return tuple(ordered) if cached else (NOTHING, *ordered)


def _joins(layer: keras.layers.Layer) -> bool:
    return isinstance(layer.input, list | tuple) and len(layer.input) > 1
