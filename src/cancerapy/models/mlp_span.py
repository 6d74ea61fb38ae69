"""The plain network in the directions that its images span: the same training, much faster.

Gradient descent moves the hidden weights along the training images alone, and what stands at right
angles to all images never changes an answer. So N images of 120,000 pixels can be turned into N
coordinates each: every step is that of the pixels, except for rounding, and costs a hundredth.
(Where a learning rate is so large that the loss jumps, rounding grows with the jumps.) The turn
itself costs as much as some steps of training. It also says why so large a network has so little
to work with: its 840,000 hidden weights move in N directions for each unit and in no other.
"""

from typing import NamedTuple

import numpy as np

from cancerapy.arrays import Floats
from cancerapy.models.mlp import Reals, Weights, check_inputs

_BLOCK = 4096
_LEAST = 1e-12
"""Directions whose share of the squares is this part of the largest one's are noise of rounding."""


class Span(NamedTuple):
    """Images in coordinates of their own."""

    coordinates: Reals  # (N, directions)
    inputs: Reals  # (N, inputs)
    factors: Reals  # (N, directions): the directions are ``inputs.T @ factors``, orthonormal

    def to_coordinates(self, weights: Weights) -> Weights:
        """Return weights for the coordinates that answer as ``weights`` do for the pixels."""
        return weights._replace(hidden=self.factors.T @ (self.inputs @ weights.hidden))


def find_span(inputs: Reals) -> Span:
    """Turn images into coordinates along directions that they span.

    Their products with one another hold all of their lengths and angles; the eigenvectors of
    these give the directions.

    Args:
        inputs: All images that take part, those watched included, (N, inputs).

    Returns:
        Their coordinates in the same order, of the same type; N directions at most.

    Raises:
        DataError: The inputs are not finite real numbers, (N, inputs).
    """
    check_inputs(inputs)
    values, vectors = np.linalg.eigh(_products(inputs))
    kept = values > _LEAST * values[-1]
    lengths, vectors = np.sqrt(values[kept]), vectors[:, kept]
    dtype = inputs.dtype
    return Span((vectors * lengths).astype(dtype), inputs, (vectors / lengths).astype(dtype))


def _products(inputs: Reals) -> Floats:
    """Return the product of every two images, (N, N), added up in double precision."""
    total = np.zeros((len(inputs), len(inputs)))
    for first in range(0, inputs.shape[1], _BLOCK):
        block = inputs[:, first : first + _BLOCK].astype(np.float64)
        total += block @ block.T
    return total
