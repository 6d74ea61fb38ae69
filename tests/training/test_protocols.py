"""Protocols by name, in parts."""

import pytest

from cancerapy.errors import LeakError, UsageError
from cancerapy.training.protocols import Protocol, parse_protocol


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("grouped-5", Protocol("grouped", 5)),
        ("random-10-LEAKING", Protocol("random", 10)),
        ("slides", Protocol("slides")),
        ("holdout", Protocol("holdout")),
    ],
)
def test_a_name_has_parts(name: str, parts: Protocol) -> None:
    assert parse_protocol(name, allow_leak=True) == parts


@pytest.mark.parametrize(
    "name", ["grouped", "grouped-1", "grouped-5-LEAKING", "random-5", "slides-3", "grouped-5 ", ""]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(
        UsageError, match=rf"^No protocol named '{name}'\. Known: grouped-K, slides"
    ):
        parse_protocol(name, allow_leak=True)


def test_a_leak_must_be_permitted() -> None:
    with pytest.raises(LeakError, match=r"Add --allow-leak if that is what you want"):
        parse_protocol("random-5-LEAKING")
