"""What is known of a patient beside the images: the text fields of a form."""

import json

from flask import request

from cancerapy.agent import read_answers, read_base_rates
from cancerapy.api.state import current_state
from cancerapy.cancers import Cancer
from cancerapy.errors import InvalidRequestError

TEXTS = ("answers", "prevalence")
"""Fields of a form that are no files."""


def read_patient_answers(cancer: Cancer) -> dict[str, str]:
    """Return the answers of the current request, checked; empty without the field.

    Args:
        cancer: Whose questions are answered.

    Raises:
        InvalidRequestError: The field is no JSON object of texts and numbers.
        UsageError: An answer is to no question, or none of its answers.
    """
    return read_answers(cancer, _read_answers())


def _read_answers() -> dict[str, str]:
    text = request.form.get("answers", "")
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(_is_answer(value) for value in found.values()):
        raise InvalidRequestError(
            "The field 'answers' must be a JSON object of answers by question, for instance "
            '{"age": "61", "sex": "female"}; it is something else. Correct it, or leave it out.',
            code="answers_invalid",
            field="answers",
        )
    return {str(name): str(value) for name, value in found.items()}


def _is_answer(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def read_prevalence(cancer: Cancer) -> float | None:
    """Return the prevalence of the current request's form, else the clinic's own, else ``None``.

    Args:
        cancer: Whose findings are meant.

    Raises:
        InvalidRequestError: It is no number.
        UsageError: The clinic's own cannot be read from the settings.
    """
    given = parse_prevalence(request.form.get("prevalence", ""))
    return clinic_prevalence(cancer) if given is None else given


def clinic_prevalence(cancer: Cancer) -> float | None:
    """Return the share of malignant findings that the server's settings give for a cancer."""
    return read_base_rates(current_state().settings.prevalence).get(cancer.id)


def parse_prevalence(text: str) -> float | None:
    """Return a prevalence as it was written; ``None`` for nothing.

    Args:
        text: As given.

    Raises:
        InvalidRequestError: It is no number.
    """
    text = text.strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise InvalidRequestError(
            "The field 'prevalence' must be a number above 0 and below 1; it is "
            f"'{text[:40]}'. Write it with a point, for instance 0.05.",
            code="prevalence_invalid",
            field="prevalence",
        ) from error
