"""A classifier in three parts - scaling, backbone, head - and the ways to put them together.

``full`` is the whole, ``served`` the same answers for an interpreter. ``lower`` and ``upper`` are
the two sides of a cut at the freezing point: what lies below is computed once and cached, what
lies above is trained from the cache.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
from keras import layers, ops

from cancerapy.cancers import Network
from cancerapy.errors import UnknownNameError
from cancerapy.models import _registry
from cancerapy.models.cuts import check_cut, find_default_cut
from cancerapy.models.head import build_head, pool_class_map
from cancerapy.models.hypercolumn import QUARTERS, read_hypercolumn
from cancerapy.models.scaling import scale_pixels
from cancerapy.models.split_head import split_head
from cancerapy.models.weights import Started, start_backbone
from cancerapy.models.weights_files import NONE

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
        default_cut: The layer up to which the backbone is frozen if nothing else is said; empty
            if nothing should be, because the layers below have no starting weights.
        random_layers: Backbone layers without starting weights; they have to be trained.
        variant: Which weights the backbone was built for; ``build_classifier`` takes it to
            build the same graph where those weights are absent.
    """

    backbone: keras.Model
    head: keras.Model
    network: Network
    scaling: str
    default_cut: str = ""
    random_layers: frozenset[str] = frozenset()
    variant: str = ""

    def full(self, flips: str = "none") -> keras.Model:
        """Assemble the whole; it shares its layers with the parts.

        Args:
            flips: Key of ``FLIPS``. The maps of the flipped views are turned back and averaged
                before they are pooled, so that the logits stay the pooling of the map shown.

        Returns:
            A model from uint8 RGB (N, H, W, 3) to ``logits``, ``embedding`` and ``cam``.

        Raises:
            UnknownNameError: ``flips`` is not a key of ``FLIPS``.
        """
        return self._whole(lambda scaled: self.head(self.backbone(scaled)), flips)

    def served(self, flips: str = "none") -> keras.Model:
        """Assemble ``full`` so that it needs less memory where several layers are read.

        Args:
            flips: Key of ``FLIPS``, as in ``full``.

        Returns:
            A model like ``full`` with a copy of the head's weights, not to be trained.

        Raises:
            UnknownNameError: ``flips`` is not a key of ``FLIPS``.
        """
        return self._whole(split_head(self.backbone, self.head, self.network), flips)

    def _whole(self, answer: Callable[[keras.KerasTensor], Any], flips: str) -> keras.Model:
        if flips not in FLIPS:
            raise UnknownNameError.of("flips", flips, FLIPS)
        pixels = layers.Input(self.backbone.input_shape[1:], dtype="uint8", name="image")
        scaled = scale_pixels(pixels, self.scaling)
        flipped = FLIPS[flips]
        if len(flipped) == 1:
            return keras.Model(pixels, answer(scaled), name="classifier")
        # One batch of all views: the weights are then in the graph, and in memory, only once.
        views = ops.concatenate([ops.flip(scaled, axis=a) if a else scaled for a in flipped])
        outputs = answer(views)
        maps = [
            ops.flip(view, axis=axes) if axes else view
            for view, axes in zip(ops.split(outputs["cam"], len(flipped)), flipped, strict=True)
        ]
        embeddings = ops.split(outputs["embedding"], len(flipped))
        class_map = ops.mean(ops.stack(maps), axis=0)
        averaged = {
            "logits": pool_class_map(class_map, self.network),
            "embedding": ops.mean(ops.stack(embeddings), axis=0),
            "cam": class_map,
        }
        return keras.Model(pixels, averaged, name="classifier")

    def lower(self, cut: str, *, pooled: bool = True, averaged: bool = False) -> keras.Model:
        """Return the frozen side: uint8 RGB to ``activation`` at ``cut``.

        Args:
            cut: The last frozen layer.
            pooled: Also put out ``embedding``, the mean of the last feature map.
            averaged: Put out the mean over all cells, (N, 1, 1, C), in place of the map.
        """
        pixels = layers.Input(self.backbone.input_shape[1:], dtype="uint8", name="image")
        output = check_cut(self.backbone, cut).output
        if averaged:
            output = layers.GlobalAveragePooling2D(keepdims=True)(output)
        if not pooled:
            trunk = keras.Model(self.backbone.input, output)
            return keras.Model(pixels, {"activation": trunk(scale_pixels(pixels, self.scaling))})
        both = keras.Model(self.backbone.input, [output, self.backbone.output])
        activation, last = both(scale_pixels(pixels, self.scaling))
        embedding = self.head(last)["embedding"]
        return keras.Model(pixels, {"activation": activation, "embedding": embedding})

    def upper(self, cut: str) -> keras.Model:
        """Return the trained side: activations at ``cut`` to the head's outputs.

        It shares its layers with ``backbone`` and ``head``: training it trains them.
        """
        start = layers.Input(check_cut(self.backbone, cut).output.shape[1:], name="activation")
        return keras.Model(start, self.head(self.trunk_above(cut)(start)), name="upper")

    def head_of_means(self) -> keras.Model:
        """Return a copy of the head that reads the mean of the last map, (N, 1, 1, D).

        Where every factor is pooled by its mean, its logits are those of the whole map.
        """
        shape = (1, 1, self.backbone.output_shape[-1])
        head = build_head(shape, self.network, dropout=0.0, seed=0)
        head.set_weights(self.head.get_weights())
        return head

    def trunk_above(self, cut: str) -> keras.Model:
        """Return the backbone's layers above ``cut``; none if it is the last.

        Raises:
            PlanError: There is no such layer, or a branch passes around it.
        """
        output = check_cut(self.backbone, cut).output
        if output is self.backbone.output:
            start = layers.Input(output.shape[1:])
            return keras.Model(start, layers.Identity()(start), name="nothing_above")
        return keras.Model(output, self.backbone.output)

    def set_trainable_above(self, cut: str | None) -> int:
        """Freeze the backbone up to ``cut`` and make the rest trainable.

        Batch normalisation with starting weights stays in inference mode everywhere: its
        statistics come from far more photographs than a medical data set has images. That of
        ``random_layers`` has no statistics yet and is trained.

        Args:
            cut: Last frozen layer; ``None`` freezes nothing.

        Returns:
            How many of the backbone's layers with weights are now trained.

        Raises:
            PlanError: There is no such layer, or a branch passes around it.
        """
        names = [layer.name for layer in self.backbone.layers]
        position = -1 if cut is None else names.index(check_cut(self.backbone, cut).name)
        for index, layer in enumerate(self.backbone.layers):
            has_statistics = (
                isinstance(layer, layers.BatchNormalization)
                and layer.name not in self.random_layers
            )
            layer.trainable = index > position and not has_statistics
        return sum(bool(layer.trainable_weights) for layer in self.backbone.layers)


def build_classifier(
    backbone: str,
    network: Network,
    input_shape: tuple[int, int],
    *,
    weights: str = NONE,
    weights_folder: Path | None = None,
    variant: str = "",
    read_layers: Sequence[str] = (),
    spread_parts: int = QUARTERS,
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
        variant: ``Classifier.variant`` of the network to build again, with ``weights="none"``:
            its graph and scaling, whose weights the caller loads.
        read_layers: Layers that the head reads in place of the last, see ``read_hypercolumn``.
        spread_parts: Parts of each side of the picture by which their spread is taken.
        dropout: Share of feature channels dropped in training.
        seed: Seed of all random weights.

    Raises:
        UnknownNameError: No such backbone.
        PlanError: The input is too small for the backbone, or ``read_layers`` cannot be read.
        DataError: The weights are missing or do not fit.
    """
    description = _registry.load_backbone(backbone)
    keras.utils.set_random_seed(seed)
    shape = (*input_shape, 3)
    if weights == NONE and variant:
        started = Started(_registry.build_backbone(description, shape, variant), variant)
    else:
        started = start_backbone(description, shape, weights, weights_folder)
    trunk = started.model
    if read_layers:
        trunk = read_hypercolumn(trunk, read_layers, spread_parts)
    return Classifier(
        trunk,
        build_head(trunk.output_shape[1:], network, dropout=dropout, seed=seed),
        network,
        _registry.scaling_of(description, started.variant),
        _default_cut(trunk, "" if read_layers else description.freeze_to, started.random_layers),
        started.random_layers,
        started.variant,
    )


def _default_cut(trunk: keras.Model, freeze_to: str, random_layers: frozenset[str]) -> str:
    """Return the freezing point, empty where a layer at or below it is random."""
    cut = freeze_to or find_default_cut(trunk)
    names = [layer.name for layer in trunk.layers]
    return "" if random_layers.intersection(names[: names.index(cut) + 1]) else cut
