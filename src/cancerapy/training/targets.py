"""What the network should say: soft rows for the logits, shares of lesions for the cells."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from cancerapy.arrays import Floats, Logits
from cancerapy.cancers import Network
from cancerapy.data.manifest import Manifest
from cancerapy.layouts.sample import Box
from cancerapy.training.losses import lesion_factors

_SUBPOINTS = 4  # a cell's share of a lesion is counted on 4 x 4 points


def image_targets(
    manifest: Manifest,
    network: Network,
    *,
    smoothing: float = 0.0,
    weights: Mapping[str, Floats] | None = None,
    answers: Floats | None = None,
    share: float = 0.0,
) -> Logits:
    """Return the target row of every image.

    Args:
        manifest: The data set.
        network: The factors.
        smoothing: Share of each factor's target that is spread over all its values, 0..1.
        weights: By factor, the weight of each value; 1 where absent.
        answers: (N, L) probabilities of each factor's values by teachers, see ``soft_answers``.
        share: Share of the answers in the targets, 0..1; the rest is the label's.

    Returns:
        (N, L) float32; a factor that is unknown for an image has zeros.
    """
    rows = np.zeros((len(manifest.samples), network.n_logits), np.float32)
    for factor in network.factors:
        labels = manifest.labels(factor.name)
        known = labels >= 0
        n_values = len(factor.values)
        target = np.full((int(known.sum()), n_values), smoothing / n_values, np.float32)
        target[np.arange(len(target)), labels[known]] += 1 - smoothing
        if answers is not None:
            taught = answers[known, network.slices[factor.name]].astype(np.float32)
            target = (1 - share) * target + share * taught
        if weights and factor.name in weights:
            target *= weights[factor.name][labels[known]][:, None].astype(np.float32)
        rows[known, network.slices[factor.name]] = target
    return rows


def soft_answers(logits: Logits | Floats, network: Network) -> Floats:
    """Return (N, L) probabilities: the softmax of each factor's logits."""
    parts = [softmax(np.float64(logits[:, part]), axis=1) for part in network.slices.values()]
    return np.concatenate(parts, axis=1)


def cell_targets(
    manifest: Manifest,
    network: Network,
    *,
    map_shape: tuple[int, int],
    input_shape: tuple[int, int],
    geometry: Floats,
    matrices: Floats,
) -> NDArray[np.float16]:
    """Return the share of every cell of the class map that lies inside a marked lesion.

    Args:
        manifest: The data set; its boxes are in fractions of the original picture.
        network: The factors; only those pooled from the top cells get targets.
        map_shape: Rows and columns of the class map.
        input_shape: Height and width of the network's input in pixels.
        geometry: (N, 4) ``scale_x, shift_x, scale_y, shift_y``: fractions of the original
            picture to fractions of the prepared one.
        matrices: (N, 2, 3) affine change of the prepared picture in this view, in pixels.

    Returns:
        (N, h, w, L + 1); the last channel is 1 for images whose lesions are known: those with a
        box.
    """
    columns, rows = map_shape[1] * _SUBPOINTS, map_shape[0] * _SUBPOINTS
    x = (np.arange(columns) + 0.5) / columns * input_shape[1] - 0.5
    y = (np.arange(rows) + 0.5) / rows * input_shape[0] - 0.5
    points = np.stack([*np.meshgrid(x, y), np.ones((rows, columns))], axis=-1)
    result = np.zeros((len(manifest.samples), *map_shape, network.n_logits + 1), np.float16)
    channels = {
        value: network.slices[factor.name].start + index
        for factor in lesion_factors(network)
        for index, value in enumerate(factor.values)
    }
    for index, sample in enumerate(manifest.samples):
        boxes = [box for box in sample.boxes if box.value in channels]
        if not boxes:
            continue
        inverse = np.linalg.inv(np.vstack([matrices[index], [0, 0, 1]]))
        prepared = (points @ inverse[:2].T + 0.5) / (input_shape[1], input_shape[0])
        scale_x, shift_x, scale_y, shift_y = geometry[index]
        original = (prepared - (shift_x, shift_y)) / (scale_x, scale_y)
        for value in {box.value for box in boxes}:
            inside = _inside(original, [box for box in boxes if box.value == value])
            shape = (map_shape[0], _SUBPOINTS, map_shape[1], _SUBPOINTS)
            result[index, ..., channels[value]] = inside.reshape(shape).mean(axis=(1, 3))
        result[index, ..., -1] = 1
    return result


def _inside(points: Floats, boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """Return which points (..., 2), as fractions of the original, lie in any of the boxes."""
    x, y = points[..., 0], points[..., 1]
    hits = [
        (box.left <= x) & (x < box.left + box.width) & (box.top <= y) & (y < box.top + box.height)
        for box in boxes
    ]
    result: NDArray[np.bool_] = np.any(hits, axis=0)
    return result
