"""Text that people typed, checked before it reaches the database."""

from cancerapy.errors import InvalidRequestError

_UNSEEN = "\n\t\u200c\u200d\u200e\u200f"
"""Unprintable signs that texts have: breaks, and what joins and directs Arabic letters."""


def check_text(text: str, field: str, *, max_length: int, needed: bool = False) -> str:
    """Return the text without blanks around it.

    Args:
        text: As given.
        field: Name of the field, for the message.
        max_length: Most characters.
        needed: Whether it must have any.

    Raises:
        InvalidRequestError: It is empty though needed, too long, or has control characters, which
            PostgreSQL would refuse and no screen shows.
    """
    clean = text.strip()
    fault = ""
    if needed and all(sign.isspace() or sign in _UNSEEN for sign in clean):
        fault = "it is empty"
    elif len(clean) > max_length:
        fault = f"it has {len(clean)} characters"
    elif any(not sign.isprintable() and sign not in _UNSEEN for sign in clean):
        fault = "it has characters that cannot be shown"
    if fault:
        least = 1 if needed else 0
        raise InvalidRequestError(
            f"The field '{field}' must be readable text of {least} to {max_length} characters; "
            f"{fault}. Correct it and send it again.",
            code="field_invalid",
            field=field,
        )
    return clean
