"""What the screen says about a result."""

from dataclasses import replace

import pytest

from cancerapy.app.state import Outcome
from cancerapy.app.verdict import Likelihood, by_probability, judge, weighed_sentence
from cancerapy.contract import Verdict


def test_a_plain_suspicious_answer(outcome: Outcome) -> None:
    shown = judge(outcome)
    assert shown.likelihood is Likelihood.HIGH
    assert shown.advice == "See a painter."
    assert (shown.leading.id, shown.probability) == ("R", 0.75)
    assert shown.missing == ()


@pytest.mark.parametrize("answers", [{}, {"lens": "no"}])
def test_without_the_needed_answer_no_result_is_plain(
    outcome: Outcome, answers: dict[str, str]
) -> None:
    shown = judge(replace(outcome, answers=answers))
    assert shown.likelihood is Likelihood.UNSURE
    assert shown.advice == "Ask a painter."
    assert [question.id for question in shown.missing] == ["lens"]


def test_a_rejected_image_stays_rejected(outcome: Outcome) -> None:
    prediction = replace(outcome.prediction, verdict=Verdict.REJECTED)
    shown = judge(replace(outcome, prediction=prediction, answers={}))
    assert shown.likelihood is Likelihood.REJECTED
    assert shown.advice == "See a painter."


def test_below_the_operating_point_it_looks_harmless(outcome: Outcome) -> None:
    assert outcome.prediction.malignancy is not None
    malignancy = replace(outcome.prediction.malignancy, is_positive=False)
    prediction = replace(outcome.prediction, malignancy=malignancy)
    assert judge(replace(outcome, prediction=prediction)).likelihood is Likelihood.LOW


def test_where_malignancy_has_no_meaning_the_class_is_named(outcome: Outcome) -> None:
    prediction = replace(outcome.prediction, malignancy=None)
    assert judge(replace(outcome, prediction=prediction)).likelihood is Likelihood.NAMED


def test_classes_come_in_order_of_probability(outcome: Outcome) -> None:
    assert [entry.id for entry in by_probability(outcome)] == ["R", "B"]


def test_the_agent_s_sentence_is_in_the_person_s_language_or_english(
    outcome: Outcome, weighed: Outcome
) -> None:
    assert weighed_sentence(outcome, "en") == ""
    assert weighed_sentence(weighed, "en") == weighed_sentence(weighed, "fr") == "Refer."
    assert weighed_sentence(weighed, "ar") == "\u0627\u0644\u0625\u062d\u0627\u0644\u0629."
