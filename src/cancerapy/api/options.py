"""Query options of the lists: each given once, in range."""

from flask import request

from cancerapy.errors import InvalidRequestError
from cancerapy.records.paging import DEFAULT_LIMIT, MAX_LIMIT
from cancerapy.records.plain_text import check_text


def read_option(name: str) -> str | None:
    """Return the query option ``name``; ``None`` if it is not given or empty.

    Raises:
        InvalidRequestError: It is given twice, too long, or not readable text.
    """
    values = request.args.getlist(name)
    if len(values) > 1:
        raise _invalid(name, "given once", f"given {len(values)} times")
    return check_text(values[0], name, max_length=200) or None if values else None


def read_number(name: str, least: int, most: int) -> int | None:
    """Return the query option ``name`` as a whole number.

    Raises:
        InvalidRequestError: It is none, out of range, or given twice.
    """
    text = read_option(name)
    if text is None and name not in request.args:
        return None
    text = text or ""
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    if not is_number or not least <= int(text) <= most:
        raise _invalid(name, f"a whole number from {least} to {most}", f"'{text[:40]}'")
    return int(text)


def read_limit() -> int:
    """Return the most entries that a page may have."""
    return read_number("limit", 1, MAX_LIMIT) or DEFAULT_LIMIT


def _invalid(name: str, rule: str, given: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"The option '{name}' must be {rule}; it is {given}. Correct it and ask again.",
        code="option_invalid",
        field=name,
    )
