"""The shrunk discriminant from sums, against scikit-learn's."""

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from cancerapy.training.discriminant import fit_discriminant, moments_of

N_VALUES = 4  # the last has no image


@pytest.fixture
def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = rng.choice(3, 300, p=[0.6, 0.3, 0.1])
    mixing = rng.normal(size=(12, 12)) / 4
    x = rng.normal(size=(300, 12)) @ mixing + rng.normal(size=(3, 12))[labels]
    return x.astype(np.float32), labels


@pytest.mark.parametrize("shrinkage", [0.1, 0.7])
def test_it_is_the_discriminant_of_scikit_learn(
    data: tuple[np.ndarray, np.ndarray], shrinkage: float
) -> None:
    x, labels = data
    weights, bias = fit_discriminant(moments_of(x, labels, N_VALUES), shrinkage, balanced=False)
    expected = LinearDiscriminantAnalysis("lsqr", shrinkage=shrinkage).fit(x, labels)
    np.testing.assert_allclose(weights[:3], expected.coef_, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(bias[:3], expected.intercept_, rtol=1e-3, atol=1e-3)
    assert not weights[3].any()
    assert bias[3] == -np.inf


def test_balanced_it_forgets_how_frequent_the_values_are(
    data: tuple[np.ndarray, np.ndarray],
) -> None:
    x, labels = data
    moments = moments_of(x, labels, 3)
    weights, bias = fit_discriminant(moments, 0.3, balanced=False)
    even_weights, even_bias = fit_discriminant(moments, 0.3, balanced=True)
    np.testing.assert_array_equal(even_weights, weights)
    prior = np.bincount(labels) / len(labels)
    np.testing.assert_allclose(bias - even_bias, np.log(3 * prior), rtol=1e-6)


def test_wholly_shrunk_the_nearest_mean_decides(data: tuple[np.ndarray, np.ndarray]) -> None:
    x, labels = data
    weights, bias = fit_discriminant(moments_of(x, labels, 3), 1.0, balanced=True)
    means = np.stack([x[labels == value].mean(axis=0) for value in range(3)])
    nearest = ((x[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    np.testing.assert_array_equal((x @ weights.T + bias).argmax(axis=1), nearest)


def test_sums_of_parts_are_the_sums_of_the_whole(data: tuple[np.ndarray, np.ndarray]) -> None:
    x, labels = data
    first, second = moments_of(x[:90], labels[:90], 3), moments_of(x[90:], labels[90:], 3)
    whole = moments_of(x, labels, 3)
    for name in ("counts", "sums", "products"):
        joined = getattr(first + second, name)
        np.testing.assert_allclose(joined, getattr(whole, name), rtol=1e-4, atol=1e-3)
        left = getattr(whole - first, name)
        np.testing.assert_allclose(left, getattr(second, name), rtol=1e-4, atol=1e-3)
