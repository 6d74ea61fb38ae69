"""What is written as JSON is read back as it was."""

import json

import pytest

from cancerapy.bundle.from_json import fields_from
from cancerapy.bundle.schema import BundleFields


def test_fields_come_back_as_they_were(toy_fields: BundleFields) -> None:
    assert fields_from(json.loads(json.dumps(toy_fields.to_dict()))) == toy_fields


def test_an_unknown_field_is_refused(toy_fields: BundleFields) -> None:
    with pytest.raises(ValueError, match="unknown field colour"):
        fields_from({**toy_fields.to_dict(), "colour": "red"})
