"""What a run needs whatever the split: pictures, features, targets, and where the cut is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import Cancer, Factor, Network, Pooling
from cancerapy.errors import PlanError
from cancerapy.layouts.sample import Box
from cancerapy.training.activations import Activations
from cancerapy.training.material import Material
from cancerapy.training.train_split import predict_rows

MakeMaterial = Callable[..., Material]
UNMOVED = np.eye(3)[:2]
MIRRORED = np.array([[-1.0, 0.0, 31.0], [0.0, 1.0, 0.0]])  # of a picture 32 px wide


def _give_activations(material: Material, activations: Activations) -> Material:
    """Put activations where the computed ones would be kept."""
    material.__dict__["activations"] = activations
    return material


def test_the_cut_is_the_plans_or_the_backbones(make_material: MakeMaterial) -> None:
    assert make_material(freeze_to="block_2_pool").cut == "block_2_pool"
    assert make_material(freeze_to="block_2_pool").cached_cut == "block_2_pool"
    # SmallCNN starts at random, so it freezes nothing of its own accord.
    for freeze_to in ("none", ""):
        material = make_material(freeze_to=freeze_to)
        assert material.cut is None
        with pytest.raises(PlanError, match="SmallCNN has none in this plan") as caught:
            _ = material.cached_cut
        assert caught.value.field == "freeze_to"


def test_classifiers_of_one_seed_are_the_same(make_material: MakeMaterial) -> None:
    material = make_material(seed=4)
    first, second, other = (
        built.full().get_weights()
        for built in (material.classifier(), material.classifier(), material.classifier(seed=5))
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_pictures_are_decoded_in_the_order_of_the_manifest(
    make_material: MakeMaterial, toy_data: Path
) -> None:
    material = make_material()
    assert material.pixels.shape == (16, 16, 16, 3)
    for sample, pixels in zip(material.manifest.samples, material.pixels, strict=True):
        np.testing.assert_array_equal(
            pixels, np.asarray(Image.open(toy_data / "toyset" / sample.path))
        )
    np.testing.assert_allclose(material.geometry, np.tile([1, 0, 1, 0], (16, 1)), atol=1e-9)


def test_frequencies_are_those_of_the_rows(make_material: MakeMaterial) -> None:
    material = make_material()  # rows 0 to 7 are dark, 8 to 15 light
    shares = material.frequencies(np.array([0, 1, 2, 8]))
    assert {name: share.tolist() for name, share in shares.items()} == {"finding": [0.75, 0.25]}
    only = material.frequencies(np.arange(4))["finding"]
    np.testing.assert_allclose(only, [4 / 4.5, 0.5 / 4.5])


def test_without_views_the_features_of_the_pictures_are_cached(make_material: MakeMaterial) -> None:
    material = make_material(height=32, width=32, freeze_to="none")
    expected = material.classifier().full().predict_on_batch(material.pixels)["embedding"]
    (features,) = material.pooled_views
    assert features.shape == (16, 96)
    np.testing.assert_allclose(features, expected, atol=2e-3)
    assert np.ptp(features, axis=0).max() > 0.1


def test_a_regression_sees_all_views_only_where_nothing_lies_above(
    make_material: MakeMaterial,
) -> None:
    rng = np.random.default_rng(1)
    views = [rng.normal(size=(16, 2, 2, 96)).astype(np.float16) for _ in range(3)]
    embedding = rng.normal(size=(16, 96)).astype(np.float16)
    cached = Activations(views, np.stack([[UNMOVED] * 16] * 3), embedding)
    changes = {"height": 32, "width": 32, "views": 3}
    top = _give_activations(make_material(freeze_to="block_4_pool", **changes), cached)
    first, *others = top.pooled_views
    np.testing.assert_array_equal(first, embedding)
    assert len(others) == 2
    for pooled, view in zip(others, views[1:], strict=True):
        expected = view.astype(np.float32).mean(axis=(1, 2))
        np.testing.assert_allclose(pooled, expected, atol=1e-5)
    lower = _give_activations(make_material(freeze_to="block_2_pool", **changes), cached)
    (only,) = lower.pooled_views
    np.testing.assert_array_equal(only, embedding)


def test_means_alone_are_kept_where_nothing_else_is_asked(make_material: MakeMaterial) -> None:
    changes = {"height": 32, "width": 48, "views": 2, "flips": "horizontal", "inner_fraction": 0.0}
    top = {"freeze_to": "block_4_pool", **changes}
    means = make_material(epochs=0, **top)
    maps = make_material(epochs=1, **top)
    assert means.reads_means
    assert not maps.reads_means
    assert not make_material(epochs=0, freeze_to="block_2_pool", **changes).reads_means
    assert [view.shape for view in means.activations.views] == [(16, 1, 1, 96)] * 2
    assert [view.shape for view in maps.activations.views] == [(16, 2, 3, 96)] * 2
    for mean, whole in zip(means.pooled_views, maps.pooled_views, strict=True):
        np.testing.assert_allclose(mean, whole, atol=2e-3)  # kept in 16 bits
    rows = np.arange(16)
    answers = [predict_rows(material, material.classifier(), rows) for material in (means, maps)]
    assert np.ptp(answers[1]) > 0.01
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-3)


def test_a_factor_of_top_cells_needs_its_maps(make_material: MakeMaterial, lesions: Cancer) -> None:
    changes = {"height": 32, "width": 32, "views": 2, "epochs": 0, "freeze_to": "block_4_pool"}
    assert make_material(**changes).reads_means
    assert not make_material(cancer=lesions, **changes).reads_means


@pytest.fixture
def lesions(toy_cancer: Cancer) -> Cancer:
    """The toy cancer with its factor read off the highest cells."""
    (factor,) = toy_cancer.network.factors
    top = Factor(factor.name, factor.values, Pooling.TOP, 2)
    return replace(toy_cancer, network=Network((top,)))


def test_cell_targets_follow_the_view(make_material: MakeMaterial, lesions: Cancer) -> None:
    changes = {"height": 32, "width": 32, "views": 2, "flips": "horizontal", "cell_loss": 1.0}
    material = make_material(cancer=lesions, **changes)
    first, *others = material.manifest.samples
    boxed = replace(first, boxes=(Box(0, 0, 0.5, 0.5, "dark"),))  # the upper left quarter
    material = replace(material, manifest=replace(material.manifest, samples=(boxed, *others)))
    matrices = np.stack([[UNMOVED] * 16, [MIRRORED] * 16])
    _give_activations(material, Activations([], matrices, np.zeros((16, 96))))
    cells = material.cells
    assert cells is not None
    plain, mirrored = cells
    assert plain.shape == (16, 2, 2, 3)
    np.testing.assert_array_equal(plain[0, ..., 0], [[1, 0], [0, 0]])
    np.testing.assert_array_equal(mirrored[0, ..., 0], [[0, 1], [0, 0]])
    assert (plain[0, ..., 2] == 1).all()  # known for the first image only
    assert not plain[1:].any()


def test_cell_targets_are_made_only_where_they_are_used(
    make_material: MakeMaterial, lesions: Cancer
) -> None:
    assert make_material(cancer=lesions, cell_loss=0.0, views=2).cells is None
    assert make_material(cancer=lesions, cell_loss=0.0, views=0).cells is None
