"""Logits of many images from a network in training, averaged over test-time flips."""

from collections.abc import Callable, Sequence

import keras
import numpy as np

from cancerapy.arrays import Images, Indices, Logits
from cancerapy.cancers import Network
from cancerapy.models.classifier import FLIPS
from cancerapy.models.head import pool_class_map

Inputs = Callable[[int, Indices], np.ndarray]
"""Inputs of the network for a flip (its place in ``FLIPS``) and rows of the manifest."""


def inputs_from_views(views: Sequence[np.ndarray]) -> Inputs:
    """Take inputs from cached views, the first of which are the plain flips."""
    return lambda flip, rows: np.asarray(views[flip][rows], dtype=np.float32)


def inputs_from_pixels(pixels: Images, flips: str) -> Inputs:
    """Take inputs from decoded pictures, flipped here."""

    def take(flip: int, rows: Indices) -> np.ndarray:
        axes = FLIPS[flips][flip]
        return np.flip(pixels[rows], axis=axes) if axes else np.asarray(pixels[rows])

    return take


def predict_logits(
    model: keras.Model,
    inputs: Inputs,
    rows: Indices,
    network: Network,
    *,
    flips: str = "none",
    batch_size: int = 64,
) -> Logits:
    """Return logits as the served graph gives them.

    The class maps of the flipped views are turned back and averaged before they are pooled, as
    in ``Classifier.full``.

    Args:
        model: Gives ``cam`` for a batch of inputs.
        inputs: Gives the inputs.
        rows: (N,) rows of the manifest.
        network: How maps are pooled.
        flips: Key of ``FLIPS``.
        batch_size: Images in a step.

    Returns:
        (N, L) float32.
    """
    parts = []
    for start in range(0, len(rows), batch_size):
        batch = rows[start : start + batch_size]
        maps = [
            np.flip(np.asarray(model.predict_on_batch(inputs(view, batch))["cam"]), axis=axes)
            for view, axes in enumerate(FLIPS[flips])
        ]
        parts.append(np.asarray(pool_class_map(np.mean(maps, axis=0), network)))
    return np.concatenate(parts) if parts else np.zeros((0, network.n_logits), np.float32)
