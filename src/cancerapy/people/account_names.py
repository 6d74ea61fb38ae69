"""Names of accounts: one form of each, and none that the audit log would show like another's."""

import re
import unicodedata

from cancerapy.errors import InvalidRequestError

MAX_NAME = 60
_NAME = re.compile(r"[\w][\w.@+-]{1,59}")

_LOOK_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE"})
"""Alphabets that share the shapes of letters, by the first word of a letter's Unicode name."""

RESERVED = ("local", "device", "anybody", "cli")
"""What the audit log calls those without an account; nobody must be able to pass as one of them."""


def normal_name(name: str) -> str:
    """Return the one form of an account's name: lower case, no blanks around it.

    >>> normal_name(" Jane.Doe ")
    'jane.doe'
    """
    return unicodedata.normalize("NFKC", name).strip().casefold()


def is_name(name: str) -> bool:
    """Tell whether an account can have a name.

    Args:
        name: From ``normal_name``.
    """
    return _NAME.fullmatch(name) is not None


def check_name(name: str) -> None:
    """Check that a new account may have a name.

    Args:
        name: From ``normal_name``.

    Raises:
        InvalidRequestError: It may not.
    """
    if not is_name(name) or name in RESERVED or _can_pass_as_another(name):
        raise InvalidRequestError(
            f"The name of an account must have 2 to {MAX_NAME} letters, digits or any of . _ - + @ "
            "and begin with a letter or digit, mix no alphabets that look alike, and not be one of "
            f"{', '.join(RESERVED)}; this one does not fit. Choose another.",
            code="account_name_invalid",
            field="name",
        )


def _can_pass_as_another(name: str) -> bool:
    """Tell whether a name is written so that the audit log would show it like another one.

    A Cyrillic letter among Latin ones does that, and a filler, which is a letter without a shape.
    """
    letters = [unicodedata.name(sign, "") for sign in name if sign.isalpha()]
    alphabets = {letter.partition(" ")[0] for letter in letters}
    return len(alphabets & _LOOK_ALIKE) > 1 or any("FILLER" in letter for letter in letters)
