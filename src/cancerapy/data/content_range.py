"""What a server says of the part of a file that it sends: the header ``Content-Range``.

References:
    RFC 9110, section 14.4.
"""

import re
from typing import NamedTuple

import httpx

_FORM = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


class ContentRange(NamedTuple):
    """Which bytes an answer holds."""

    start: int | None  # place of the first one; none where no bytes are sent
    total: int | None  # length of the whole file; none where the server does not know it


def read_content_range(answer: httpx.Response) -> ContentRange | None:
    """Return what the header says; ``None`` where there is none, or one of another unit."""
    found = _FORM.fullmatch(answer.headers.get("Content-Range", ""))
    if found is None:
        return None
    start, total = (int(text) if text and text != "*" else None for text in found.groups())
    return ContentRange(start, total)
