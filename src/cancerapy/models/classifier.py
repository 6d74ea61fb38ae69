"""A classifier in three parts - scaling, backbone, head - and the ways to put them together.

``full`` is what is served. ``lower`` and ``upper`` are the two sides of a cut at the freezing
point: what lies below is computed once and cached, what lies above is trained from the cache.
"""

from dataclasses import dataclass
from pathlib import Path

import keras
from keras import layers, ops

from cancerapy.cancers import Network
from cancerapy.errors import PlanError
from cancerapy.models import _registry
from cancerapy.models.head import build_head, pool_class_map
from cancerapy.models.scaling import scale_pixels
from cancerapy.models.weights import NONE, find_weights, load_backbone_weights

FLIPS: dict[str, tuple[tuple[int, ...], ...]] = {
    "none": ((),),
    "horizontal": ((), (2,)),
    "both": ((), (2,), (1,), (1, 2)),
}
"""Test-time flips by name: the axes of (N, H, W, C) that each view reverses."""


@dataclass(frozen=True)
class Classifier:
    """A backbone with its head.

    Args:
        backbone: From scaled pixels to the last feature map.
        head: From the feature map to ``logits``, ``embedding`` and ``cam``.
        network: The factors answered.
        scaling: Input scaling of the backbone.
    """

    backbone: keras.Model
    head: keras.Model
    network: Network
    scaling: str

    def full(self, flips: str = "none") -> keras.Model:
        """Assemble the served graph.

        Args:
            flips: Key of ``FLIPS``. The maps of the flipped views are turned back and averaged
                before they are pooled, so that the logits stay the pooling of the map shown.

        Returns:
            A model from uint8 RGB (N, H, W, 3) to ``logits``, ``embedding`` and ``cam``.
        """
        pixels = layers.Input(self.backbone.input_shape[1:], dtype="uint8", name="image")
        scaled = scale_pixels(pixels, self.scaling)
        maps, embeddings = [], []
        for axes in FLIPS[flips]:
            view = ops.flip(scaled, axis=axes) if axes else scaled
            outputs = self.head(self.backbone(view))
            maps.append(ops.flip(outputs["cam"], axis=axes) if axes else outputs["cam"])
            embeddings.append(outputs["embedding"])
        if len(maps) == 1:
            return keras.Model(pixels, outputs, name="classifier")
        class_map = ops.mean(ops.stack(maps), axis=0)
        averaged = {
            "logits": pool_class_map(class_map, self.network),
            "embedding": ops.mean(ops.stack(embeddings), axis=0),
            "cam": class_map,
        }
        return keras.Model(pixels, averaged, name="classifier")

    def lower(self, cut: str) -> keras.Model:
        """Return the frozen side: uint8 RGB to ``activation`` at ``cut`` and ``embedding``."""
        pixels = layers.Input(self.backbone.input_shape[1:], dtype="uint8", name="image")
        output = self._cut_layer(cut).output
        both = keras.Model(self.backbone.input, [output, self.backbone.output])
        activation, last = both(scale_pixels(pixels, self.scaling))
        pooled = layers.GlobalAveragePooling2D(name="pooled")(last)
        return keras.Model(pixels, {"activation": activation, "embedding": pooled}, name="lower")

    def upper(self, cut: str) -> keras.Model:
        """Return the trained side: activations at ``cut`` to the head's outputs.

        It shares its layers with ``backbone`` and ``head``: training it trains them.
        """
        return keras.Model(
            (start := layers.Input(self._cut_layer(cut).output.shape[1:], name="activation")),
            self.head(self.trunk_above(cut)(start)),
            name="upper",
        )

    def trunk_above(self, cut: str) -> keras.Model:
        """Return the backbone's layers above ``cut``.

        Raises:
            PlanError: The graph cannot be cut there, because a branch passes around the layer.
        """
        try:
            return keras.Model(self._cut_layer(cut).output, self.backbone.output)
        except ValueError as error:
            raise PlanError(
                f"freeze_to must be a layer through which the whole graph passes; '{cut}' is "
                "inside a branch. Choose the addition or concatenation that ends its block.",
                field="freeze_to",
            ) from error

    def set_trainable_above(self, cut: str) -> None:
        """Freeze the backbone up to ``cut`` and make the rest trainable.

        Batch normalisation stays in inference mode everywhere: its statistics come from far more
        photographs than a medical data set has images.
        """
        names = [layer.name for layer in self.backbone.layers]
        position = names.index(self._cut_layer(cut).name)
        for index, layer in enumerate(self.backbone.layers):
            is_norm = isinstance(layer, layers.BatchNormalization)
            layer.trainable = index > position and not is_norm

    def _cut_layer(self, cut: str) -> keras.layers.Layer:
        names = [layer.name for layer in self.backbone.layers]
        if cut not in names:
            raise PlanError(
                f"freeze_to must name a layer of {self.backbone.name}; there is no '{cut}'. "
                f"The last ones are: {', '.join(names[-12:])}.",
                field="freeze_to",
            )
        return self.backbone.get_layer(cut)


def build_classifier(
    backbone: str,
    network: Network,
    input_shape: tuple[int, int],
    *,
    weights: str = NONE,
    weights_folder: Path | None = None,
    dropout: float = 0.25,
    seed: int = 0,
) -> Classifier:
    """Build a classifier.

    Args:
        backbone: Name, see ``list_backbones``.
        network: The factors to answer.
        input_shape: Height and width in pixels.
        weights: ``"imagenet"``, ``"none"`` or a path.
        weights_folder: Where named weights are looked for.
        dropout: Share of feature channels dropped in training.
        seed: Seed of all random weights.

    Raises:
        UnknownNameError: No such backbone.
        DataError: The weights are missing or do not fit.
    """
    description = _registry.load_backbone(backbone)
    keras.utils.set_random_seed(seed)
    trunk = description.build((*input_shape, 3))
    file = find_weights(description, weights, weights_folder)
    if weights != NONE:
        load_backbone_weights(trunk, description, file)
    head = build_head(trunk.output_shape[1:], network, dropout=dropout, seed=seed)
    scaling = _registry.scaling_of(description, file.name if file else "")
    return Classifier(trunk, head, network, scaling)
