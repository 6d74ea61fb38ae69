"""The time that a search may take: read from words, and checked while it runs."""

import re
import time
from dataclasses import dataclass

from cancerapy.errors import UsageError

_SECONDS = {"h": 3600, "m": 60, "s": 1}
_MAX_DAYS = 365


class BudgetSpent(Exception):  # noqa: N818 - not an error: the end that was asked for
    """The time is over; what runs stops where it is and can go on later."""


def parse_budget(text: str) -> float:
    """Return the seconds that words such as ``90s``, ``30m``, ``2h`` or ``1h30m`` mean.

    Raises:
        UsageError: They are no time, none at all, or more than a year.

    >>> parse_budget("1h30m")
    5400.0
    """
    found = re.fullmatch(r"(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", text.strip().lower())
    numbers = found.groups() if found else ()
    seconds = sum(
        int(n) * factor for n, factor in zip(numbers, _SECONDS.values(), strict=False) if n
    )
    if not 0 < seconds <= _MAX_DAYS * 86_400:
        raise UsageError(
            "A budget must be a time above 0 and of at most a year, in hours, minutes and "
            f"seconds; given '{text}'. Write for instance 90s, 30m, 2h or 1h30m.",
            code="setting_invalid",
            field="budget",
        )
    return float(seconds)


def describe_seconds(seconds: float) -> str:
    """Return a time in words for people.

    >>> describe_seconds(3725.4)
    '1 h 2 min 5 s'
    """
    whole = round(seconds)
    parts = [(whole // 3600, "h"), (whole // 60 % 60, "min"), (whole % 60, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which a search ends.

    Args:
        at: Seconds since 1970, so that every process of a search means the same moment.
    """

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline that is ``seconds`` from now."""
        return cls(time.time() + seconds)

    @property
    def left_s(self) -> float:
        """Seconds that are left, at least 0."""
        return max(0.0, self.at - time.time())

    def check(self) -> None:
        """Stop what runs once the time is over.

        Raises:
            BudgetSpent: It is.
        """
        if not self.left_s:
            raise BudgetSpent
