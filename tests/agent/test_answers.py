"""Answers, checked against the questions."""

import pytest

from cancerapy.agent.answers import missing_answers, read_answers
from cancerapy.cancers import load_cancer
from cancerapy.errors import UsageError

SKIN = load_cancer("skin")


def test_answers_are_taken_as_they_are_and_empty_ones_left_out() -> None:
    given = {"age": " 61 ", "sex": "female", "site": "", "dermatoscope": "yes"}
    assert read_answers(SKIN, given) == {"age": "61", "sex": "female", "dermatoscope": "yes"}


@pytest.mark.parametrize(
    ("sent", "kept"), [("61.0", "61"), ("0", "0"), ("61.50", "61.5"), ("061", "61"), ("999", "999")]
)
def test_a_number_is_written_in_one_way(sent: str, kept: str) -> None:
    assert read_answers(SKIN, {"age": sent}) == {"age": kept}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"agee": "61"}, "one is to 'agee'. Did you mean 'age'?"),
        ({"sex": "mael"}, "female, male, other; it is 'mael'. Did you mean 'male'?"),
        ({"dermatoscope": "perhaps"}, "must be one of yes, no"),
        ({"age": "old"}, "must be a number from 0 to 999; it is 'old'"),
        ({"age": "nan"}, "it is 'nan'"),
        ({"age": "-1"}, "it is '-1'"),
    ],
)
def test_a_wrong_answer_is_named(given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_answers(SKIN, given)
    assert message in caught.value.message
    assert caught.value.code == "answer_invalid"


def test_what_a_plain_result_needs_is_missing_until_it_is_given() -> None:
    def names(answers: dict[str, str]) -> list[str]:
        return [question.id for question in missing_answers(SKIN.questions, answers)]

    assert names({}) == ["dermatoscope"]
    assert names({"dermatoscope": "no"}) == ["dermatoscope"]
    assert names({"dermatoscope": "yes"}) == []
