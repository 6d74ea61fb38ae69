"""Keeps numbers, dates and Latin names in order beside Arabic words.

By Unicode's rules the parts of a date that follows an Arabic word run from the right, so that
2026-11-27 reads 27-11-2026, and a percent sign or a minus moves to the other side of its number.
Marks around each of them keep its parts as they are written, and on a page from the right keep two
of them apart. An isolate would say the same, but neither font has a glyph for it.

References:
    Unicode Standard Annex 9, rules W2, W4, W7 and N1.
"""

import re
import unicodedata

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u200e", "\u200f"

_NUMBER = r"[+\-\u2212]?\d[\d.,:/]*(?:[-\u2013]\d[\d.,:/]*)*"
"""A number with its sign, a range, a date or a time."""

_RUN = re.compile(
    rf"{_NUMBER}(?<=\d)(?: {_NUMBER}(?<=\d))?(?: ?%)?(?![A-Za-z0-9])"
    r"|[A-Za-z0-9](?:[\w.+/@-]|(?<=\w) (?=[A-Za-z0-9]))*(?<=\w)(?:(?<=\d) ?%)?",
    re.ASCII,
)


def isolate(text: str, *, is_right_to_left: bool) -> str:
    """Return a text whose numbers, dates and Latin names keep their own order.

    A text without a word that is written from the right stays as it is, unless its page is.

    Args:
        text: In the order of reading.
        is_right_to_left: Whether the page is written from the right.
    """
    if not is_right_to_left and not any(map(_is_from_the_right, text)):
        return text
    after = _RIGHT_TO_LEFT if is_right_to_left else ""
    return _RUN.sub(lambda found: f"{_LEFT_TO_RIGHT}{found[0]}{_LEFT_TO_RIGHT}{after}", text)


def _is_from_the_right(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL")
