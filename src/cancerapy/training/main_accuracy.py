"""The share of right answers while a network trains: the curve that people look at first."""

from typing import Any

import keras
from keras import ops

from cancerapy.cancers import Network

NAME = "accuracy"


class MainAccuracy(keras.metrics.Mean):  # type: ignore[misc]  # Keras is untyped
    """Accuracy of the main (first) factor over the images whose value is known, 0..1.

    Measured on the batches as they are trained on: with dropout, augmentation, over-sampling, and
    against the larger share where images are mixed.

    Args:
        network: The factors.
    """

    def __init__(self, network: Network) -> None:
        super().__init__(name=NAME)
        self.part = network.slices[network.factors[0].name]

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count a batch.

        Args:
            y_true: (N, L) target rows; of an unknown value all zeros.
            y_pred: (N, L) logits.
            sample_weight: Not used: weights are folded into the targets.
        """
        truth, guess = y_true[:, self.part], y_pred[:, self.part]
        known = ops.cast(ops.max(truth, axis=-1) > 0, "float32")
        is_right = ops.equal(ops.argmax(truth, axis=-1), ops.argmax(guess, axis=-1))
        super().update_state(ops.cast(is_right, "float32"), sample_weight=known)
