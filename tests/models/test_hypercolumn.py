"""Reading several layers keeps their means and their spread."""

import keras
import numpy as np
import pytest

from cancerapy.cancers import Network
from cancerapy.errors import PlanError
from cancerapy.models.classifier import build_classifier
from cancerapy.models.cuts import check_cut
from cancerapy.models.hypercolumn import NAME, read_hypercolumn


@pytest.fixture
def backbone() -> keras.Model:
    """Return a network whose maps are 8 x 12 and 4 x 6."""
    keras.utils.set_random_seed(0)
    image = keras.layers.Input((8, 12, 3))
    fine = keras.layers.Conv2D(4, 3, padding="same", name="fine")(image)
    coarse = keras.layers.Conv2D(5, 3, strides=2, padding="same", name="coarse")(fine)
    last = keras.layers.Conv2D(6, 3, strides=2, padding="same", name="last")(coarse)
    return keras.Model(image, last, name="toy")


def test_means_and_spreads_of_the_layers_are_kept(backbone: keras.Model) -> None:
    images = np.random.default_rng(0).normal(size=(2, 8, 12, 3)).astype(np.float32)
    read = read_hypercolumn(backbone, ("fine", "coarse"))
    column = np.asarray(read(images))
    assert column.shape == (2, 4, 6, 2 * (4 + 5))
    fine = np.asarray(keras.Model(backbone.input, backbone.get_layer("fine").output)(images))
    coarse = np.asarray(keras.Model(backbone.input, backbone.get_layer("coarse").output)(images))
    means = column.mean(axis=(1, 2))
    np.testing.assert_allclose(means[:, :4], fine.mean(axis=(1, 2)), atol=1e-5)
    np.testing.assert_allclose(means[:, 8:13], coarse.mean(axis=(1, 2)), atol=1e-5)
    np.testing.assert_allclose(column[0, 0, 0, :4], fine[0, :2, :2].mean((0, 1)), atol=1e-6)
    quarter = fine[1, 4:, 6:].std(axis=(0, 1))  # lower right
    np.testing.assert_allclose(
        column[1, 2:, 3:, 4:8], np.broadcast_to(quarter, (2, 3, 4)), atol=1e-4
    )
    np.testing.assert_allclose(column[0, 0, 0, 13:], coarse[0, :2, :3].std((0, 1)), atol=1e-4)


def test_the_spread_can_be_that_of_the_whole_picture(backbone: keras.Model) -> None:
    images = np.random.default_rng(0).normal(size=(2, 8, 12, 3)).astype(np.float32)
    read = read_hypercolumn(backbone, ("coarse",), parts=1)
    coarse = np.asarray(keras.Model(backbone.input, backbone.get_layer("coarse").output)(images))
    spread = np.asarray(read(images))[..., 5:]
    np.testing.assert_allclose(spread[1, 3, 5], coarse[1].std(axis=(0, 1)), atol=1e-4)
    assert np.ptp(spread, axis=(1, 2)).max() == 0
    assert read.name != read_hypercolumn(backbone, ("coarse",)).name  # or they shared a cache


def test_layers_above_are_left_out_and_it_can_be_cut(backbone: keras.Model) -> None:
    read = read_hypercolumn(backbone, ("fine", "coarse"))
    assert "last" not in [layer.name for layer in read.layers]
    assert check_cut(read, NAME).output.shape == read.output.shape
    assert read.name != read_hypercolumn(backbone, ("coarse",)).name


def test_what_cannot_be_read_is_explained(backbone: keras.Model) -> None:
    with pytest.raises(PlanError, match=r"there is no 'rough'\. The last ones are: .*, fine,"):
        read_hypercolumn(backbone, ("rough",))
    image = keras.layers.Input((9, 12, 3))
    fine = keras.layers.Conv2D(4, 3, padding="same", name="fine")(image)
    coarse = keras.layers.Conv2D(5, 3, strides=2, padding="same", name="coarse")(fine)
    odd = keras.Model(image, coarse, name="odd")
    with pytest.raises(PlanError, match="must be divided into 2 equal parts; it has 5 x 6 cells"):
        read_hypercolumn(odd, ("fine", "coarse"))
    image = keras.layers.Input((7, 12, 3))
    fine = keras.layers.Conv2D(4, 3, padding="same", name="fine")(image)
    coarse = keras.layers.Conv2D(5, 3, strides=2, padding="same", name="coarse")(fine)
    odd = keras.Model(image, coarse, name="odd")
    with pytest.raises(PlanError, match="multiple of 4 x 6, the smallest; that of 'fine' is 7 x"):
        read_hypercolumn(odd, ("fine", "coarse"))


def test_the_served_graph_reads_them(network: Network) -> None:
    whole = build_classifier("SmallCNN", network, (32, 48)).backbone
    names = [layer.name for layer in whole.layers if isinstance(layer, keras.layers.MaxPooling2D)]
    classifier = build_classifier("SmallCNN", network, (32, 48), read_layers=names[:2])
    outputs = classifier.full("horizontal")(np.zeros((2, 32, 48, 3), np.uint8))
    assert outputs["embedding"].shape == (2, classifier.backbone.output_shape[-1])
    assert outputs["cam"].shape[-1] == network.n_logits
