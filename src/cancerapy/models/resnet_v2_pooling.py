"""ResNet-v2 with the first pooling of TF-slim, for weights that were trained there.

``keras.applications`` pads the map by one zero on every side before the first pooling, TF-slim
only where a window would reach over the edge, and without counting the padding. With an even
map this moves every window by one pixel; slim weights lose accuracy if it is ignored.

References:
    He et al., "Identity Mappings in Deep Residual Networks", ECCV 2016,
    doi:10.1007/978-3-319-46493-0_38
"""

import keras
from keras import layers


def with_slim_pooling(model: keras.Model) -> keras.Model:
    """Return a copy of a ``keras.applications`` ResNet-v2 whose first pooling is TF-slim's.

    Args:
        model: A ResNet50V2, ResNet101V2 or ResNet152V2 without its top. Its layers are not
            shared with the copy, whose weights are random.

    Returns:
        A model of the same layer names, input and output shape.
    """

    def copy(layer: layers.Layer) -> layers.Layer:
        if layer.name == "pool1_pad":
            return layers.ZeroPadding2D(0, name=layer.name)
        if layer.name == "pool1_pool":
            return layers.MaxPooling2D(3, 2, padding="same", name=layer.name)
        return layer.__class__.from_config(layer.get_config())

    return keras.models.clone_model(model, clone_function=copy)
