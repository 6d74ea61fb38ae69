"""The reasoning in one sentence."""

import re

import pytest

from cancerapy.agent.actions import Action
from cancerapy.agent.choice import Choice, Option
from cancerapy.agent.sentence import load_texts, tell, tell_weighing
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


def test_costs_and_the_next_best_are_told_to_who_weighs_them() -> None:
    best, other = Option(Action.REFER, 1234.5), Option(Action.QUESTION, 1300.0, "age")
    told = tell_weighing(Choice(best, (best, other)), load_cancer("skin"), 0.456, None)
    assert told["en"] == (
        "Refer: at a probability of malignancy of 46 % this costs least on average, 1,234 US "
        "dollars against 1,300 for the next best, ask a question."
    )
    assert "46 %" in told["ar"]
    assert "1,234" in told["ar"]


def test_everybody_is_told_what_to_do_and_why_without_costs() -> None:
    best, other = Option(Action.REFER, 1234.5), Option(Action.QUESTION, 1300.0, "age")
    choice, skin = Choice(best, (best, other)), load_cancer("skin")
    told = tell(choice, skin, 0.357, None, is_answered=True)
    assert told["en"] == (
        "See a specialist: with the answers, and counting how common such findings are, the "
        "chance that it is malignant is 36\u00a0%. That is high enough for a specialist to look at "
        "it."
    )
    assert "36٪" in told["ar"]
    alone = tell(choice, skin, 0.357, None, is_answered=False)
    assert "with the answers" not in alone["en"]
    assert told["ar"] != alone["ar"]


@pytest.mark.parametrize(
    ("share", "english", "arabic"),
    [
        (0.0, "is 0\u00a0%", "0٪"),
        (0.004, "is below 1\u00a0%", "أقل من 1٪"),
        (0.997, "over 99\u00a0%", "99٪"),
    ],
)
def test_a_chance_is_told_as_on_the_screen(share: float, english: str, arabic: str) -> None:
    best = Option(Action.REASSURE, 1.0)
    told = tell(Choice(best, (best,)), load_cancer("skin"), share, None, is_answered=False)
    assert english in told["en"]
    assert arabic in told["ar"]


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("rule", [None, "rejected", "dense", "needed_unanswered", "needed_other"])
def test_no_plain_sentence_speaks_of_costs(action: Action, rule: str | None) -> None:
    best = Option(action, 12345.0)
    choice = Choice(best, (best, Option(Action.REFER, 67890.0)), rule)
    for told in tell(choice, load_cancer("skin"), 0.2, "age", is_answered=True).values():
        assert not re.search("cost|dollar|12,345|67,890|تكلفة|دولار|{", told)
        assert told.endswith(".")


def test_a_question_is_told_in_its_own_words() -> None:
    best = Option(Action.QUESTION, 3.0, "age")
    choice, skin = Choice(best, (best, Option(Action.REASSURE, 5.0))), load_cancer("skin")
    for told in (
        tell(choice, skin, 0.01, "age", is_answered=False),
        tell_weighing(choice, skin, 0.01, "age"),
    ):
        assert "“How old are you?”" in told["en"]
        assert "How old" not in told["ar"]


@pytest.mark.parametrize("rule", ["rejected", "dense", "needed_unanswered", "needed_other"])
def test_every_rule_has_its_sentence(rule: str) -> None:
    option = Option(Action.FURTHER_TEST, 3.0)
    choice = Choice(option, (option,), rule)
    told = tell_weighing(choice, load_cancer("skin"), 0.001, "dermatoscope")
    for text in told.values():
        assert text.endswith(".")
        assert "{" not in text
