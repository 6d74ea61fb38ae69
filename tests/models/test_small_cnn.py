"""Our own small network."""

import keras
import numpy as np

from cancerapy.cancers import Factor, Network
from cancerapy.models.classifier import build_classifier
from cancerapy.models.small_cnn import build_small_cnn


def test_shape_and_size() -> None:
    model = build_small_cnn((32, 48, 3))
    assert model.output_shape == (None, 2, 3, 96)
    # 3x3 kernels 3-16-32-64-96 without bias, four values a channel for the normalisation.
    kernels = 9 * (3 * 16 + 16 * 32 + 32 * 64 + 64 * 96)
    assert model.count_params() == kernels + 4 * (16 + 32 + 64 + 96)


def test_learns_stripes_from_scratch() -> None:
    """Upright against level stripes in random colours: what only a filter can tell apart."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 96)
    stripes = np.tile((np.arange(16) // 2) % 2, (16, 1)) * 160
    pictures = np.stack([stripes.T if upright else stripes for upright in truth])[..., None]
    colours = rng.uniform(0.5, 1.5, (96, 1, 1, 3))
    pictures = np.clip(pictures * colours + rng.normal(40, 10, (96, 16, 16, 3)), 0, 255)
    network = Network((Factor("stripes", ("level", "upright")),))
    classifier = build_classifier("SmallCNN", network, (16, 16), dropout=0.0, seed=1)
    assert classifier.default_cut == ""
    assert classifier.set_trainable_above(None) == 8
    model = classifier.full()
    model.compile(
        keras.optimizers.Adam(3e-3),
        loss={"logits": keras.losses.SparseCategoricalCrossentropy(from_logits=True)},
    )
    x = pictures.astype(np.uint8)
    model.fit(x[:64], {"logits": truth[:64]}, epochs=12, batch_size=16, verbose=0)
    guess = model.predict(x[64:], verbose=0)["logits"].argmax(axis=1)
    assert np.mean(guess == truth[64:]) > 0.85
