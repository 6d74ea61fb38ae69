"""Images, answers and base rate joined."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancerapy.agent.belief import effective_images, form_belief, log_odds, shift_prevalence
from cancerapy.cancers import AnswerTable, Evidence

SEXES = AnswerTable(("female", "male"), (), ((0.8, 0.4), (0.2, 0.6)))
PLAIN = Evidence("finding", ("good", "bad"), (0.9, 0.1), 1.0, (0.0, 0.0), {"sex": SEXES}, 0.5, 2.0)
FLAGS = (False, True)


def test_one_image_alone_keeps_its_probabilities() -> None:
    belief = form_belief(np.array([[0.7, 0.3]]), PLAIN, FLAGS)
    np.testing.assert_allclose(belief.probabilities, [0.7, 0.3])
    assert belief.malignancy == pytest.approx(0.3)
    assert belief.prevalence == pytest.approx(0.1)
    assert belief.image_evidence == pytest.approx(np.log(3 / 7) - np.log(1 / 9))


def test_scale_and_offset_are_applied_by_hand() -> None:
    evidence = Evidence("finding", ("good", "bad"), (0.5, 0.5), 2.0, (0.0, float(np.log(4))))
    belief = form_belief(np.array([[0.5, 0.5]]), evidence, FLAGS)
    np.testing.assert_allclose(belief.probabilities, [0.2, 0.8])
    belief = form_belief(np.array([[0.75, 0.25]]), evidence, FLAGS)
    np.testing.assert_allclose(belief.probabilities, [9 / 13, 4 / 13])  # 9 : 1 x 4


def test_an_answer_multiplies_by_its_likelihood() -> None:
    belief = form_belief(np.array([[0.7, 0.3]]), PLAIN, FLAGS, answers={"sex": "male"})
    np.testing.assert_allclose(belief.probabilities, [0.14 / 0.32, 0.18 / 0.32])


@pytest.mark.parametrize("answers", [{"sex": "other"}, {"lump": "yes"}, {}])
def test_an_answer_without_a_row_changes_nothing(answers: dict[str, str]) -> None:
    belief = form_belief(np.array([[0.7, 0.3]]), PLAIN, FLAGS, answers=answers)
    np.testing.assert_allclose(belief.probabilities, [0.7, 0.3])


def test_two_images_by_hand() -> None:
    """At correlation 0.5 two images count as 4/3; the likelihood ratio is the geometric mean."""
    belief = form_belief(np.array([[0.5, 0.5], [0.9, 0.1]]), PLAIN, FLAGS)
    mean_odds = np.sqrt(1 * (1 / 9))
    ratio = (mean_odds / (1 / 9)) ** (4 / 3)
    assert np.exp(log_odds(belief.malignancy)) == pytest.approx(ratio / 9)


def test_a_value_that_the_task_does_not_know_stays_impossible() -> None:
    evidence = Evidence("f", ("a", "b", "c"), (0.2, 0.3, 0.5), 1.0, (0.0, 0.0, 9.0))
    belief = form_belief(np.array([[0.25, 0.75, 0.0]]), evidence, (False, True, True))
    np.testing.assert_allclose(belief.probabilities, [0.25, 0.75, 0])
    assert belief.prevalence == pytest.approx(0.6)


def test_prevalence_by_hand() -> None:
    """Odds 1 : 1 where half are malignant become 1 : 99 where one in a hundred is."""
    shifted = shift_prevalence(np.array([0.5, 0.3, 0.2]), (False, True, True), 0.5, 0.01)
    np.testing.assert_allclose(shifted, [0.99, 0.006, 0.004])


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_shift_and_back_is_none(p: float, old: float, new: float) -> None:
    there = shift_prevalence(np.array([1 - p, p]), FLAGS, old, new)
    back = shift_prevalence(there, FLAGS, new, old)
    np.testing.assert_allclose(back, [1 - p, p], rtol=1e-6)


@given(st.integers(1, 20), st.floats(0, 1))
def test_images_are_worth_between_one_and_their_number(n: int, correlation: float) -> None:
    assert 1 - 1e-9 <= effective_images(n, correlation) <= n + 1e-9
    assert effective_images(n, None) == 1


@given(
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=4),
    st.sampled_from(["female", "male", ""]),
    st.one_of(st.none(), st.floats(0.001, 0.999)),
)
def test_a_belief_is_a_probability(shares: list[float], sex: str, prevalence: float | None) -> None:
    images = np.array([[1 - share, share] for share in shares])
    belief = form_belief(images, PLAIN, FLAGS, answers={"sex": sex}, prevalence=prevalence)
    assert belief.probabilities.sum() == pytest.approx(1)
    assert (belief.probabilities >= 0).all()
