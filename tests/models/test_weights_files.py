"""What is known of backbones without Keras is what Keras has."""

import pytest

from cancerapy.errors import UnknownNameError
from cancerapy.models._registry import list_backbones, load_backbone
from cancerapy.models.weights_files import OWN_WEIGHTS, application_names, known_backbone


def test_the_names_are_those_of_the_registry() -> None:
    assert sorted({*OWN_WEIGHTS, *application_names()}) == list_backbones()


@pytest.mark.parametrize("name", ["MobileNetEdgeTPU", "SmallCNN", "MobileNetV2", "VGG16"])
def test_a_backbone_is_described_as_the_registry_does(name: str) -> None:
    known, loaded = known_backbone(name), load_backbone(name)
    assert (known.name, known.weights_file, known.application) == (
        loaded.name,
        loaded.weights_file,
        loaded.application,
    )


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean 'MobileNetV2'\?$"):
        known_backbone("MobilNetV2")
