"""What a report says, in the reader's own words and in the order of reading."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with rows of a name and a text; a row without a name is one text.

    A section without rows is left out.
    """

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A result for paper.

    Args:
        language: Code of the language.
        is_right_to_left: Whether it is written from the right.
        title: What was examined.
        warning: The standing line; it is on every page.
        headline: The result in a few words.
        lines: What belongs to the headline.
        pictures: PNG or JPEG, side by side.
        sections: The rest.
    """

    language: str
    is_right_to_left: bool
    title: str
    warning: str
    headline: str
    lines: tuple[str, ...]
    pictures: tuple[bytes, ...]
    sections: tuple[Section, ...]
