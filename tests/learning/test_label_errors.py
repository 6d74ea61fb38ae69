import numpy as np

from cancerapy.learning.label_errors import find_suspects


def sure(labels: np.ndarray, n_classes: int, share: float = 0.9) -> np.ndarray:
    rest = (1 - share) / (n_classes - 1)
    return np.where(np.eye(n_classes)[labels] > 0, share, rest)


def test_swapped_labels_are_found_and_nothing_else() -> None:
    truth = np.arange(60) % 3
    given = truth.copy()
    given[[4, 17]] = [2, 0]  # in truth 1 and 2
    found = find_suspects(given, sure(truth, 3))
    assert sorted((s.row, s.given, s.likely) for s in found) == [(4, 2, 1), (17, 0, 2)]
    np.testing.assert_allclose([s.self_confidence for s in found], 0.05)


def test_a_class_that_no_image_has_is_passed_over() -> None:
    truth = np.array([0, 3] * 20)
    given = truth.copy()
    given[5] = 0
    (found,) = find_suspects(given, sure(truth, 4))
    assert (found.row, found.given, found.likely) == (5, 0, 3)


def test_the_most_suspect_comes_first() -> None:
    truth = np.arange(40) % 2
    given = truth.copy()
    given[[6, 9]] = 1 - truth[[6, 9]]
    probabilities = sure(truth, 2)
    probabilities[9] = [0.001, 0.999]
    assert [s.row for s in find_suspects(given, probabilities)] == [9, 6]


def test_of_one_class_nothing_can_be_told() -> None:
    assert find_suspects(np.zeros(5, np.int64), sure(np.zeros(5, np.int64), 2)) == []
    assert find_suspects(np.zeros(0, np.int64), np.zeros((0, 2))) == []
