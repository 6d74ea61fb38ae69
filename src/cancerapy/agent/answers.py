"""Answers as they were given, checked against the questions of a cancer."""

from collections.abc import Mapping, Sequence

from cancerapy.cancers import Cancer, Question
from cancerapy.errors import UsageError
from cancerapy.nearest import offer_nearest

MAX_NUMBER = 999


def read_answers(cancer: Cancer, given: Mapping[str, str]) -> dict[str, str]:
    """Return the answers of an examination after checking them; empty ones are left out.

    Numbers are written in one way, whoever sent them: 61.0 years are 61 on the record.

    Args:
        cancer: Whose questions are answered.
        given: By id of the question.

    Raises:
        UsageError: No question is called so, a choice has no such answer, or a number is none.
    """
    known = {question.id: question for question in cancer.questions}
    answers = {}
    for name, answer in given.items():
        if name not in known:
            raise _invalid(
                f"An answer must be to one of the questions {', '.join(known) or '(none)'}; one is "
                f"to '{name[:40]}'.{offer_nearest(name, known)} Correct its name.",
                "answers",
            )
        if answer.strip():
            _check(known[name], answer.strip())
            answers[name] = _plain(known[name], answer.strip())
    return answers


def missing_answers(questions: Sequence[Question], answers: Mapping[str, str]) -> list[Question]:
    """Return the questions whose needed answer was not given."""
    return [q for q in questions if q.needed and answers.get(q.id) != q.needed]


def _check(question: Question, answer: str) -> None:
    choices = ("yes", "no") if question.kind == "yes_no" else question.choices
    if choices and answer not in choices:
        raise _invalid(
            f"The answer to '{question.id}' must be one of {', '.join(choices)}; it is "
            f"'{answer[:40]}'.{offer_nearest(answer, choices)} Correct it, or leave it out.",
            question.id,
        )
    if question.kind == "number" and not _is_number(answer):
        raise _invalid(
            f"The answer to '{question.id}' must be a number from 0 to {MAX_NUMBER}; it is "
            f"'{answer[:40]}'. Write it in digits, or leave it out.",
            question.id,
        )


def _plain(question: Question, answer: str) -> str:
    return f"{float(answer):g}" if question.kind == "number" else answer


def _is_number(answer: str) -> bool:
    try:
        return 0 <= float(answer) <= MAX_NUMBER
    except ValueError:
        return False


def _invalid(message: str, field: str) -> UsageError:
    return UsageError(message, code="answer_invalid", field=field)
