"""How soon to act."""

from dataclasses import replace

from cancerapy.app.report import compose_report
from cancerapy.app.state import Outcome
from cancerapy.app.strings import load_strings
from cancerapy.app.urgency import days_to_act, urgency_text
from cancerapy.app.verdict import judge
from cancerapy.contract import Advice, Verdict


def _text(outcome: Outcome) -> str:
    return urgency_text(outcome, judge(outcome), load_strings("en"))


def test_a_suspicious_result_presses(outcome: Outcome) -> None:
    assert days_to_act(outcome, judge(outcome)) == 7
    assert _text(outcome) == "How soon: within 7 days"


def test_a_result_held_back_presses_as_one_that_is_not_sure(outcome: Outcome) -> None:
    task = replace(outcome.task, act_within_days={"malignant": 7, "unsure": 28})
    assert (
        days_to_act(replace(outcome, task=task, answers={}), judge(replace(outcome, answers={})))
        == 28
    )


def test_a_harmless_result_does_not_press(outcome: Outcome) -> None:
    prediction = replace(outcome.prediction, advice=Advice("benign", "Fine."))
    assert _text(replace(outcome, prediction=prediction)).startswith("How soon: nothing presses")


def test_an_image_that_cannot_be_judged_says_nothing(outcome: Outcome) -> None:
    prediction = replace(outcome.prediction, verdict=Verdict.REJECTED)
    assert _text(replace(outcome, prediction=prediction)) == ""


def test_an_unsure_result_is_as_urgent_as_its_advice(outcome: Outcome) -> None:
    task = replace(outcome.task, act_within_days={"malignant": 7, "unsure": 28})
    for code, days in (("malignant", 7), ("unsure", 28)):
        prediction = replace(
            outcome.prediction, verdict=Verdict.UNSURE, advice=Advice(code, "See somebody.")
        )
        unsure = replace(outcome, task=task, prediction=prediction)
        assert days_to_act(unsure, judge(unsure)) == days


def test_the_paper_says_whose_guidance_it_is(outcome: Outcome) -> None:
    say, row = load_strings("en"), ("", "Source: The painters' guild.")
    assert row in compose_report(outcome, say).sections[0].rows
    prediction = replace(outcome.prediction, advice=Advice("benign", "Fine."))
    harmless = replace(outcome, prediction=prediction)
    assert row not in compose_report(harmless, say).sections[0].rows
