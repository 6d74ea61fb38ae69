"""Losses for a network of factors: cross-entropy of the logits and, for lesions, of the cells.

Targets are soft rows over all logits. A factor that is unknown has a row of zeros and so adds
nothing; class and sample weights are folded into the rows, since the loss is linear in them.
"""

from typing import Any

import keras
import numpy as np
from keras import ops

from cancerapy.arrays import Floats
from cancerapy.cancers import Factor, Network, Pooling


class FactorCrossEntropy(keras.losses.Loss):  # type: ignore[misc]  # Keras is untyped
    """Sum over the factors of the cross-entropy of each.

    Args:
        network: The factors.
        adjustment: (L,) added to the logits inside the loss only, for instance the log class
            frequencies; the network then learns balanced evidence.
        focal_gamma: The share of the loss of a value that has probability p is multiplied by
            (1 - p) ** focal_gamma, so that images answered rightly and surely count less; 0: no
            change.

    References:
        Menon et al., "Long-tail learning via logit adjustment", ICLR 2021, arXiv:2007.07314
        Lin et al., "Focal loss for dense object detection", ICCV 2017, arXiv:1708.02002
    """

    def __init__(
        self, network: Network, adjustment: Floats | None = None, *, focal_gamma: float = 0.0
    ) -> None:
        super().__init__(name="factors")
        self.network = network
        self.focal_gamma = focal_gamma
        self.adjustment = np.zeros(network.n_logits) if adjustment is None else adjustment

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of every image, (N,), from targets and logits (N, L)."""
        logits = y_pred + ops.cast(self.adjustment, y_pred.dtype)
        total = 0.0
        for part in self.network.slices.values():
            log_p = ops.log_softmax(logits[:, part], axis=-1)
            share = y_true[:, part]
            if self.focal_gamma:
                share = share * (1.0 - ops.exp(log_p)) ** self.focal_gamma
            total = total - ops.sum(share * log_p, axis=-1)
        return total


class CellCrossEntropy(keras.losses.Loss):  # type: ignore[misc]  # Keras is untyped
    """Cross-entropy of every cell of a lesion factor: background or one of its values.

    The background's logit is 0, so a cell without evidence for any value is background, and the
    image's logits, pooled from the highest cells, keep their meaning.

    Args:
        network: The factors; those pooled from the top cells are supervised.
        positive_weight: Weight of a cell inside a lesion; one outside weighs 1.
    """

    def __init__(self, network: Network, positive_weight: float = 1.0) -> None:
        super().__init__(name="cells")
        self.parts = [network.slices[factor.name] for factor in lesion_factors(network)]
        self.positive_weight = positive_weight

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of every image, (N,).

        Args:
            y_true: (N, h, w, L + 1) share of each value in a cell; the last channel is 1 where
                the image's cells are known and 0 where they are not.
            y_pred: (N, h, w, L) class map.
        """
        known = y_true[..., -1]
        total = 0.0
        for part in self.parts:
            inside = y_true[..., :-1][..., part]
            background = ops.maximum(1.0 - ops.sum(inside, axis=-1), 0.0)
            cells = y_pred[..., part]
            log_z = ops.logsumexp(
                ops.concatenate([ops.zeros_like(cells[..., :1]), cells], axis=-1), axis=-1
            )
            cost = background * log_z + self.positive_weight * ops.sum(
                inside * (log_z[..., None] - cells), axis=-1
            )
            weight = background + self.positive_weight * ops.sum(inside, axis=-1)
            total = total + ops.sum(known * cost, axis=(1, 2)) / ops.maximum(
                ops.sum(weight, axis=(1, 2)), 1.0
            )
        return total


def lesion_factors(network: Network) -> list[Factor]:
    """Return the factors that are read off small findings."""
    return [factor for factor in network.factors if factor.pooling is Pooling.TOP]
