"""What may be typed into a record."""

import pytest

from cancerapy.errors import InvalidRequestError
from cancerapy.records.plain_text import check_text


@pytest.mark.parametrize("text", ["", "  ", "\u200f\u200e", "\u200f \u200d"])
def test_a_name_of_which_nothing_is_seen_is_empty(text: str) -> None:
    with pytest.raises(InvalidRequestError, match="1 to 9 characters; it is empty") as caught:
        check_text(text, "name", max_length=9, needed=True)
    assert (caught.value.code, caught.value.field) == ("field_invalid", "name")
    assert check_text(text, "comment", max_length=9) == text.strip()


def test_marks_of_direction_beside_letters_stay() -> None:
    name = "\u200f\u0645\u0631\u064a\u0645\u200f"
    assert check_text(f" {name} ", "name", max_length=9, needed=True) == name
