import numpy as np

from cancerapy.runtime.uncertainty import margin_uncertainty


def test_the_lead_of_the_first_over_the_second_decides() -> None:
    probabilities = np.array([[1.0, 0, 0], [0.1, 0.5, 0.4], [0.25, 0.25, 0.5], [1 / 3] * 3])
    np.testing.assert_allclose(margin_uncertainty(probabilities), [0, 0.9, 0.75, 1], atol=1e-12)


def test_a_single_class_leaves_no_doubt() -> None:
    assert margin_uncertainty(np.ones((2, 1))).tolist() == [0, 0]
