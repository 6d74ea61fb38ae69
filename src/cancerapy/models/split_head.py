"""Apply a head to each layer that a hypercolumn reads, in place of joining them first.

The head's map is linear in what it reads: the map of joined layers is the sum of the maps of each.
A layer's evidence has as many channels as there are answers, not hundreds, so nothing large is
averaged down, repeated over the cells of a quarter, or copied side by side. The answers are the
same up to the order of a sum, for a fraction of the memory.
"""

from dataclasses import dataclass

import keras
from keras import layers, ops

from cancerapy.cancers import Network
from cancerapy.models.head import CLASS_MAP, pool_class_map
from cancerapy.models.hypercolumn import NAME


@dataclass(frozen=True)
class _Part:
    """What stands side by side with other parts in a hypercolumn.

    Args:
        features: (N, h', w', C) before it is brought to the common size.
        resize: The layer that brings it there; none if it has that size.
    """

    features: keras.KerasTensor
    resize: keras.layers.Layer | None


def split_head(backbone: keras.Model, head: keras.Model, network: Network) -> keras.Model:
    """Return backbone and head as one graph that joins no layers.

    Args:
        backbone: From scaled pixels to a feature map.
        head: From that map to the answers, see ``build_head``. Its weights are copied.
        network: Says how the answers are pooled.

    Returns:
        A model from scaled pixels to the outputs of ``head``; if the backbone reads only its last
        map, the two one after the other.
    """
    if backbone.layers[-1].name != NAME:
        return keras.Model(backbone.input, head(backbone.output), name="answer")
    parts = [_part_of(backbone, joined) for joined in backbone.layers[-1].input]
    kernel, bias = head.get_layer(CLASS_MAP).get_weights()
    maps, start = [], 0
    for number, part in enumerate(parts):
        end = start + part.features.shape[-1]
        evidence = layers.Conv2D(
            network.n_logits,
            1,
            use_bias=number == 0,  # it is counted once
            name=f"{CLASS_MAP}_{number}",
            dtype="float32",
        )
        read = evidence(part.features)
        evidence.set_weights([kernel[:, :, start:end], bias][: 1 + evidence.use_bias])
        maps.append(read if part.resize is None else part.resize(read))
        start = end
    class_map = layers.Add()(maps)
    means = [ops.mean(part.features, axis=(1, 2)) for part in parts]
    outputs = {
        "logits": pool_class_map(class_map, network),
        "embedding": ops.concatenate(means, axis=-1),
        "cam": class_map,
    }
    return keras.Model(backbone.input, outputs, name="answer")


def _part_of(backbone: keras.Model, joined: keras.KerasTensor) -> _Part:
    """Return what was resized to the part ``joined``, if it was."""
    (layer,) = (layer for layer in backbone.layers if layer.output is joined)
    if isinstance(layer, layers.UpSampling2D):
        return _Part(layer.input, layers.UpSampling2D(layer.size))
    if isinstance(layer, layers.AveragePooling2D):
        return _Part(layer.input, layers.AveragePooling2D(layer.pool_size))
    return _Part(joined, None)
