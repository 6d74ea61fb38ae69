"""Dataclasses as JSON and JSON schema."""

import json
from dataclasses import dataclass

from cancerapy.api.rendering import build_schemas, read_field_texts, to_json
from cancerapy.contract import Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    Args:
        weight_g: Weight in grams, over
            two lines.
    """

    weight_g: float


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole.

    Args:
        parts: Its parts.
        verdict: Its worth.
        note: A ``note``.
    """

    parts: tuple[Part, ...]
    verdict: Verdict
    note: str | None = None


def test_json_holds_every_field() -> None:
    whole = Whole((Part(1.5),), Verdict.UNSURE)
    assert json.loads(to_json(whole)) == {
        "parts": [{"weight_g": 1.5}],
        "verdict": "unsure",
        "note": None,
    }


def test_schema_follows_the_class() -> None:
    schemas = build_schemas([Whole])
    assert set(schemas) == {"Whole", "Part", "Verdict"}
    assert schemas["Whole"]["required"] == ["parts", "verdict", "note"]
    assert schemas["Whole"]["description"] == "The whole."
    assert schemas["Whole"]["properties"]["note"]["description"] == "A note."
    assert schemas["Part"]["properties"]["weight_g"]["description"] == (
        "Weight in grams, over two lines."
    )
    assert schemas["Verdict"]["enum"] == ["answer", "unsure", "rejected"]


def test_field_texts_of_a_class_without_args_are_empty() -> None:
    class Plain:
        """Nothing to say."""

    assert read_field_texts(Plain) == {}


def test_field_texts_come_from_bases_too() -> None:
    @dataclass(frozen=True, slots=True)
    class Heavier(Part):
        """More.

        Args:
            colour: Its colour.
        """

        colour: str

    assert list(read_field_texts(Heavier)) == ["weight_g", "colour"]
