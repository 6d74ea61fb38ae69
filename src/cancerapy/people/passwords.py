"""Passwords: what one must be, and how it is kept (argon2id) and compared.

A name that does not exist costs the same computation as one that does, so that the time of an
answer does not tell which names exist.

References:
    RFC 9106, second recommended option (64 MiB, 3 passes, 4 lanes); NIST SP 800-63B, 3.1.1.
"""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cancerapy.errors import InvalidRequestError

MIN_LENGTH, MAX_LENGTH = 12, 200
"""Characters. The upper limit only keeps a request from costing more than a password should."""

_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for one another, on paper or over the telephone."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # the parameters of RFC 9106, low memory


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("the password of a name that does not exist")


def check_password(password: str, name: str) -> None:
    """Check that ``password`` may be chosen for the account ``name``.

    Args:
        password: The new password.
        name: The account's name.

    Raises:
        InvalidRequestError: It is too short or too long, holds the name, or repeats few characters.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        fault = f"this one has {len(password)}"
    elif len(name) > 2 and name.casefold() in password.casefold():
        fault = "this one contains the name of the account"
    elif len(set(password)) < MIN_LENGTH // 2:
        fault = "this one repeats a few characters"
    else:
        return
    raise InvalidRequestError(
        f"A password must have {MIN_LENGTH} to {MAX_LENGTH} characters and be hard to guess; "
        f"{fault}. Several words that do not belong together are good.",
        code="password_weak",
        field="password",
    )


def make_password(name: str) -> str:
    """Return a random password for the account ``name``: 99 bits in four groups, easy to read out.

    Args:
        name: The account's name.
    """
    while True:
        letters = [secrets.choice(_CLEAR) for _ in range(20)]
        password = "-".join("".join(letters[place : place + 5]) for place in range(0, 20, 5))
        try:
            check_password(password, name)
        except InvalidRequestError:  # by chance it holds the name
            continue
        return password


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password with its salt and parameters."""
    return _hasher().hash(_normal(password))


def is_password(password: str, hashed: str | None) -> bool:
    """Tell whether ``password`` is the one that was hashed; takes as long if there is no hash.

    Args:
        password: What was typed.
        hashed: The hash that is kept; ``None`` for a name without one, for which nothing is right.
    """
    try:
        _hasher().verify(hashed or _nobodys_hash(), _normal(password[:MAX_LENGTH]))
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None and len(password) <= MAX_LENGTH


def _normal(password: str) -> str:
    """Return one form of what keyboards write in several, as NIST SP 800-63B asks."""
    return unicodedata.normalize("NFKC", password)


def is_outdated(hashed: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(hashed)
