"""Depths to freeze to: block ends of the upper half."""

from dataclasses import replace

import pytest

from cancerapy.cancers import Factor, Network
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.models.cuts import list_cuts
from cancerapy.tuning.depths import list_depths

NETWORK = Network((Factor("finding", ("dark", "light")),))


@pytest.fixture(scope="module")
def plain() -> Classifier:
    return build_classifier("SmallCNN", NETWORK, (32, 32))


@pytest.fixture(scope="module")
def branching() -> Classifier:
    return build_classifier("MobileNetV2", NETWORK, (32, 32))


def test_without_branches_they_are_the_last_layers_of_a_size(plain: Classifier) -> None:
    # 32, 16, 8, 4 and 2 px wide: the upper half of 16 layers begins with the third block.
    found = list_depths(plain, "block_1_pool", cached=True)
    assert found == ("block_1_pool", "block_3_relu", "block_4_relu", "block_4_pool")


def test_from_pixels_all_layers_can_be_trained(plain: Classifier) -> None:
    assert list_depths(plain, "block_3_relu", cached=False)[:2] == ("none", "block_3_relu")


def test_layers_without_starting_weights_are_not_frozen(plain: Classifier) -> None:
    nothing_to_freeze = replace(plain, default_cut="")
    assert list_depths(nothing_to_freeze, None, cached=False) == ("none",)


def test_with_branches_they_are_joins(branching: Classifier) -> None:
    # Blocks 7, 8, 9, 11, 12, 14 and 15 of the upper half join branches; five are evenly spaced.
    upper = ("block_7_add", "block_9_add", "block_12_add", "block_14_add", "out_relu")
    assert list_depths(branching, "block_12_add", cached=True) == upper
    assert list_depths(branching, "block_5_add", cached=True) == ("block_5_add", *upper)
    assert {*upper} <= {*list_cuts(branching.backbone)}
