"""The reasoning in one sentence."""

import re

import pytest

from cancerapy.agent.actions import Action
from cancerapy.agent.choice import Choice, Option
from cancerapy.agent.sentence import load_texts, tell
from cancerapy.cancers import list_cancers, load_cancer


def test_languages_say_the_same_things_with_the_same_gaps() -> None:
    english, arabic = load_texts()["en"], load_texts()["ar"]
    assert set(english) == set(arabic)
    for key, text in english.items():
        gaps = [sorted(re.findall(r"{(\w+)}", own)) for own in (text, arabic[key])]
        assert gaps[0] == gaps[1], key


@pytest.mark.parametrize("name", list_cancers())
def test_every_unit_has_a_word(name: str) -> None:
    for texts in load_texts().values():
        assert f"unit:{load_cancer(name).costs.unit}" in texts


def test_costs_and_the_next_best_are_told() -> None:
    best, other = Option(Action.REFER, 1234.5), Option(Action.QUESTION, 1300.0, "age")
    told = tell(Choice(best, (best, other)), load_cancer("skin"), 0.456, None)
    assert told["en"] == (
        "Refer: at a probability of malignancy of 46 % this costs least on average, 1,234 US "
        "dollars against 1,300 for the next best, ask a question."
    )
    assert "46 %" in told["ar"]
    assert "1,234" in told["ar"]


def test_a_question_is_told_in_its_own_words() -> None:
    best = Option(Action.QUESTION, 3.0, "age")
    other = Option(Action.REASSURE, 5.0)
    told = tell(Choice(best, (best, other)), load_cancer("skin"), 0.01, "age")
    assert "“How old are you?”" in told["en"]
    assert "How old" not in told["ar"]


@pytest.mark.parametrize("rule", ["rejected", "dense", "needed_unanswered", "needed_other"])
def test_every_rule_has_its_sentence(rule: str) -> None:
    option = Option(Action.FURTHER_TEST, 3.0)
    told = tell(Choice(option, (option,), rule), load_cancer("skin"), 0.001, "dermatoscope")
    for text in told.values():
        assert text.endswith(".")
        assert "{" not in text
