"""The accuracy of the main factor while training, counted by hand."""

import numpy as np
import pytest

from cancerapy.cancers import Factor, Network
from cancerapy.training.main_accuracy import MainAccuracy

NETWORK = Network((Factor("kind", ("a", "b")), Factor("grade", ("x", "y", "z"))))


def test_only_known_images_and_the_main_factor_count() -> None:
    metric = MainAccuracy(NETWORK)
    targets = np.array(
        [[1, 0, 0, 0, 1], [0.3, 0.7, 0, 0, 0], [0, 0, 1, 0, 0], [0, 2.5, 0, 1, 0]], np.float32
    )
    logits = np.array(
        [[2, 1, 9, 0, 0], [2, 1, 0, 0, 0], [5, 0, 0, 0, 0], [0, 1, 0, 9, 0]], np.float32
    )
    metric.update_state(targets, logits)
    # Right, wrong against the larger share, unknown, right.
    assert float(metric.result()) == pytest.approx(2 / 3)
    metric.update_state(targets[1:2], logits[1:2])
    assert float(metric.result()) == pytest.approx(2 / 4)
    metric.reset_state()
    assert float(metric.result()) == 0
