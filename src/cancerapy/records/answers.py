"""Answers to a cancer's questions, checked against the questions."""

from collections.abc import Mapping
from contextlib import suppress

from cancerapy.cancers import Cancer, Question
from cancerapy.errors import InvalidRequestError, UnknownNameError

Answer = str | float | bool

MOST = 1e9
"""No number that is asked for is as great; not-a-number and infinity are beyond it too."""


def check_answers(cancer: Cancer, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answers, each of the kind that its question asks for.

    Args:
        cancer: Whose questions they answer.
        answers: By question id; not every question needs one.

    Raises:
        UnknownNameError: An answer to no question of this cancer.
        InvalidRequestError: An answer of another kind.
    """
    questions = {question.id: question for question in cancer.questions}
    for name, value in answers.items():
        if name not in questions:
            raise UnknownNameError.of("question", name, questions)
        _check(questions[name], value)
    return dict(answers)


def parse_answers(cancer: Cancer, texts: Mapping[str, str]) -> dict[str, Answer]:
    """Return answers that were typed as text, numbers as numbers; not checked yet.

    Args:
        cancer: Whose questions they answer.
        texts: By question id.
    """
    kinds = {question.id: question.kind for question in cancer.questions}
    answers: dict[str, Answer] = {}
    for name, text in texts.items():
        answers[name] = text
        if kinds.get(name) == "number":
            with suppress(ValueError):
                answers[name] = float(text)
    return answers


def _check(question: Question, value: Answer) -> None:
    rules = {
        "number": ("a number", _is_number(value)),
        "choice": (f"one of {', '.join(question.choices)}", value in question.choices),
        "yes_no": ("yes or no", value in ("yes", "no") or isinstance(value, bool)),
    }
    rule, is_met = rules[question.kind]
    if not is_met:
        raise InvalidRequestError(
            f"The answer to '{question.id}' must be {rule}; it is '{str(value)[:40]}'. Correct it "
            "and send it again.",
            code="field_invalid",
            field=question.id,
        )


def _is_number(value: Answer) -> bool:
    return not isinstance(value, bool | str) and abs(value) < MOST
