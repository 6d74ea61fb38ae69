"""Frozen features for a comparison: of the last layer that has starting weights.

Features of layers that start at random would say nothing of an architecture. Where only the first
layers of a network have weights, it is compared as far as these reach, at the cost of that part.
"""

from dataclasses import dataclass, replace

import keras

from cancerapy.errors import PlanError
from cancerapy.models.classifier import Classifier
from cancerapy.models.cuts import list_cuts
from cancerapy.models.head import build_head
from cancerapy.training.material import Material


@dataclass(frozen=True)
class FrozenMaterial(Material):
    """Material whose classifier ends with the plan's freezing point.

    Args:
        is_cut_short: Whether the whole network goes on beyond that point.
    """

    is_cut_short: bool = False

    def classifier(self, *, seed: int | None = None) -> Classifier:
        """Build the classifier with its starting weights, and nothing above the freezing point."""
        whole = super().classifier(seed=seed)
        return end_at(whole, self.plan.freeze_to, dropout=self.plan.dropout, seed=self.plan.seed)


def freeze(material: Material) -> FrozenMaterial:
    """Return material for frozen features, the freezing point named in its plan.

    Raises:
        PlanError: All layers of the network start at random.
    """
    whole = material.classifier()
    layer = last_started_layer(whole, name=material.plan.backbone)
    return FrozenMaterial(
        material.cancer,
        replace(material.plan, freeze_to=layer),
        material.manifest,
        material.cache_folder,
        material.weights_folder,
        material.display,
        is_cut_short=layer != whole.backbone.layers[-1].name,
    )


def last_started_layer(classifier: Classifier, *, name: str) -> str:
    """Return the last layer below which no layer starts at random, and which can be cut at.

    Args:
        classifier: The whole network.
        name: What it is called in the message.

    Raises:
        PlanError: There is none.
    """
    names = [layer.name for layer in classifier.backbone.layers]
    n_started = next((i for i, n in enumerate(names) if n in classifier.random_layers), len(names))
    cuts = [cut for cut in list_cuts(classifier.backbone) if names.index(cut) < n_started]
    has_weights = any(layer.weights for layer in classifier.backbone.layers[:n_started])
    if not cuts or not has_weights:
        raise PlanError(
            f"Frozen features need starting weights; {name} starts at random. Give --epochs "
            "to train it from scratch, or weights with NAME=FILE.",
            field="weights",
        )
    return cuts[-1]


def end_at(classifier: Classifier, layer: str, *, dropout: float, seed: int) -> Classifier:
    """Return a classifier without the backbone's layers above ``layer``.

    Args:
        classifier: The whole network.
        layer: The new last layer.
        dropout: Of the new head.
        seed: Of the new head's weights.
    """
    backbone = classifier.backbone
    if layer == backbone.layers[-1].name:
        return classifier
    output = backbone.get_layer(layer).output
    return replace(
        classifier,
        backbone=keras.Model(backbone.input, output, name=f"{backbone.name}_to_{layer}"),
        head=build_head(output.shape[1:], classifier.network, dropout=dropout, seed=seed),
        default_cut=layer,
        random_layers=frozenset(),
    )
