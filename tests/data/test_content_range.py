"""The header that says which bytes of a file an answer holds; forms from RFC 9110."""

import httpx
import pytest

from cancerapy.data.content_range import ContentRange, read_content_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes 42-1233/1234", ContentRange(42, 1234)),
        ("bytes 0-0/*", ContentRange(0, None)),
        ("bytes */1234", ContentRange(None, 1234)),
        ("bytes 42-/1234", None),
        ("items 1-2/3", None),
        (None, None),
    ],
)
def test_the_header_is_read(header: str | None, expected: ContentRange | None) -> None:
    headers = {} if header is None else {"Content-Range": header}
    assert read_content_range(httpx.Response(206, headers=headers)) == expected
