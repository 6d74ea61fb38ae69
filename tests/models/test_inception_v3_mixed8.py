"""Inception-v3 up to mixed8, against the same network of ``keras.applications``."""

import keras
import numpy as np

from cancerapy.models.inception_v3_mixed8 import build_inception_v3_mixed8


def test_map_has_1280_channels_at_stride_32() -> None:
    assert build_inception_v3_mixed8((299, 299, 3)).output_shape == (None, 8, 8, 1280)
    assert build_inception_v3_mixed8((75, 107, 3)).output_shape == (None, 1, 2, 1280)


def test_same_answers_as_keras_with_the_same_weights() -> None:
    """Keras builds the branches in another order, so its weights are handed over by place."""
    shape = (75, 75, 3)
    ours = build_inception_v3_mixed8(shape)
    whole = keras.applications.InceptionV3(weights=None, include_top=False, input_shape=shape)
    theirs = keras.Model(whole.input, whole.get_layer("mixed8").output)
    for own, other in zip(_branches(ours), _branches(theirs), strict=True):
        _hand_over(own, other)
    picture = np.random.default_rng(0).uniform(-1, 1, (1, *shape)).astype(np.float32)
    expected = np.asarray(theirs(picture))
    np.testing.assert_allclose(np.asarray(ours(picture)), expected, rtol=1e-4, atol=1e-5)
    assert 0.01 < expected.std() < 100


def _branches(model: keras.Model) -> list[list[keras.layers.Layer]]:
    """Return the layers with weights of every branch; those of mixed0 hold the stem."""
    joins = [model.get_layer(f"mixed{number}") for number in range(9)]
    return [_chain(tensor, []) for join in joins for tensor in join.input]


def _chain(tensor: object, found: list[keras.layers.Layer]) -> list[keras.layers.Layer]:
    """Walk back along a branch to the concatenation or input it starts from."""
    layer = tensor._keras_history.operation
    if isinstance(layer, keras.layers.Concatenate | keras.layers.InputLayer):
        return found
    if layer.weights:
        found = [layer, *found]
    return _chain(layer.input, found)


def _hand_over(ours: list[keras.layers.Layer], theirs: list[keras.layers.Layer]) -> None:
    assert [type(layer) for layer in ours] == [type(layer) for layer in theirs]
    rng = np.random.default_rng(len(ours))
    for own, other in zip(ours, theirs, strict=True):
        if isinstance(own, keras.layers.BatchNormalization):
            beta, mean, _ = [rng.normal(0, 0.3, w.shape) for w in other.get_weights()]
            weights = [beta, mean, rng.uniform(0.5, 2, mean.shape)]
            # Keras leaves the scale out, which is 1 then.
            own.set_weights([np.ones_like(mean), *weights])
        else:
            (kernel,) = own.get_weights()
            spread = np.sqrt(2 / np.prod(kernel.shape[:3]))
            weights = [rng.normal(0, spread, kernel.shape)]
            own.set_weights(weights)
        other.set_weights(weights)
