"""The head and its pooling."""

import numpy as np
import pytest

from cancerapy.cancers import Factor, Network, Pooling
from cancerapy.models.head import build_head, pool_class_map


def test_pooling_by_hand(network: Network) -> None:
    cells = np.zeros((1, 2, 2, 5), np.float32)
    cells[0, :, :, 0] = [[1, 2], [3, 6]]  # mean 3
    cells[0, :, :, 2] = [[-4, 0], [0, 0]]  # mean -1
    cells[0, :, :, 3] = [[9, 1], [5, 2]]  # two highest: 9 and 5
    cells[0, :, :, 4] = [[-1, -2], [-3, -4]]  # two highest: -1 and -2
    pooled = np.asarray(pool_class_map(cells, network))
    np.testing.assert_allclose(pooled, [[3, 0, -1, 7, -1.5]])


def test_more_top_cells_than_cells_is_the_mean() -> None:
    network = Network((Factor("find", ("x", "y"), Pooling.TOP, 99),))
    cells = np.random.default_rng(0).normal(size=(2, 3, 4, 2)).astype(np.float32)
    np.testing.assert_allclose(
        np.asarray(pool_class_map(cells, network)), cells.mean(axis=(1, 2)), rtol=1e-5, atol=1e-6
    )


def test_outputs_are_one_convolution_and_its_pooling(network: Network) -> None:
    head = build_head((3, 4, 6), network, dropout=0.0, seed=0)
    features = np.random.default_rng(1).normal(size=(2, 3, 4, 6)).astype(np.float32)
    outputs = {name: np.asarray(value) for name, value in head(features).items()}
    kernel, bias = head.get_layer("cam").get_weights()
    cells = features @ kernel[0, 0] + bias
    np.testing.assert_allclose(outputs["cam"], cells, atol=1e-5)
    np.testing.assert_allclose(outputs["logits"][:, :3], cells.mean((1, 2))[:, :3], atol=1e-5)
    highest = np.sort(cells.reshape(2, 12, 5), axis=1)[:, -2:, 3:].mean(axis=1)
    np.testing.assert_allclose(outputs["logits"][:, 3:], highest, atol=1e-5)
    np.testing.assert_allclose(outputs["embedding"], features.mean((1, 2)), atol=1e-5)


def test_dropout_drops_a_channel_in_every_cell_and_only_in_training(network: Network) -> None:
    head = build_head((3, 4, 6), network, dropout=0.5, seed=0)
    features = np.ones((8, 3, 4, 6), np.float32)
    plain = np.asarray(head(features)["cam"])
    trained = np.asarray(head(features, training=True)["cam"])
    np.testing.assert_array_equal(plain[0], plain[7])
    assert not np.allclose(plain, trained)
    np.testing.assert_allclose(trained, np.broadcast_to(trained[:, :1, :1], trained.shape))


@pytest.mark.parametrize("seed", [0, 4])
def test_seed_decides_the_weights(network: Network, seed: int) -> None:
    first, second = (build_head((2, 2, 3), network, dropout=0.1, seed=seed) for _ in range(2))
    other = build_head((2, 2, 3), network, dropout=0.1, seed=seed + 1)
    kernels = [head.get_layer("cam").get_weights()[0] for head in (first, second, other)]
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert not np.allclose(kernels[0], kernels[2])
