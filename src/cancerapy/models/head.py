"""The head: a 1x1 convolution whose map, pooled, is the logits.

Because the logits are a pooling of the map, the heat map of a class is exact and comes with the
answer at no cost.
"""

import keras
from keras import layers, ops

from cancerapy.cancers import Factor, Network, Pooling

CLASS_MAP = "cam"
"""Name of the head's convolution."""


def pool_class_map(class_map: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    """Pool a map of evidence into logits.

    Args:
        class_map: (N, h, w, L), L the width of the network's logits.
        network: Says how each factor is pooled.

    Returns:
        (N, L): for a ``MEAN`` factor the mean over all cells, for a ``TOP`` factor the mean over
        each value's ``top_cells`` highest cells (all, if there are fewer).
    """
    parts = [
        _pool_factor(class_map[..., network.slices[factor.name]], factor)
        for factor in network.factors
    ]
    return parts[0] if len(parts) == 1 else ops.concatenate(parts, axis=-1)


def _pool_factor(cells: keras.KerasTensor, factor: Factor) -> keras.KerasTensor:
    if factor.pooling is Pooling.MEAN:
        return ops.mean(cells, axis=(1, 2))
    height, width, n_values = cells.shape[1:]
    flat = ops.transpose(ops.reshape(cells, (-1, height * width, n_values)), (0, 2, 1))
    highest, _ = ops.top_k(flat, k=min(factor.top_cells, height * width))
    return ops.mean(highest, axis=-1)


def build_head(
    feature_shape: tuple[int, int, int], network: Network, *, dropout: float, seed: int
) -> keras.Model:
    """Build the head on a feature map.

    Args:
        feature_shape: Height, width and channels of the last feature map.
        network: The factors to answer.
        dropout: Share of channels dropped in training, 0..1; a channel is dropped in every cell,
            which equals dropout of the pooled features.
        seed: Seed of weights and dropout.

    Returns:
        A model from (N, h, w, D) to ``logits`` (N, L), ``embedding`` (N, D) and ``cam``
        (N, h, w, L), all float32.
    """
    inputs = layers.Input(feature_shape)
    features = layers.Activation("linear", dtype="float32", name="features")(inputs)
    embedding = layers.GlobalAveragePooling2D(name="embedding", dtype="float32")(features)
    dropped = layers.SpatialDropout2D(dropout, seed=seed, name="dropout")(features)
    class_map = layers.Conv2D(
        network.n_logits,
        1,
        name=CLASS_MAP,
        dtype="float32",
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.01, seed=seed),
    )(dropped)
    outputs = {
        "logits": pool_class_map(class_map, network),
        "embedding": embedding,
        "cam": class_map,
    }
    return keras.Model(inputs, outputs, name="head")
