"""Dataclasses of ``contract`` as JSON and as JSON schema, both through Pydantic.

What a class's fields are is written once, in the class; the OpenAPI description takes their
meaning from its docstring.
"""

import dataclasses
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import Response
from pydantic import TypeAdapter

REF_TEMPLATE = "#/components/schemas/{model}"


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(answer: object) -> bytes:
    """Return a ``contract`` dataclass as UTF-8 JSON."""
    kind: type = type(answer)
    return _adapter(kind).dump_json(answer)


def json_response(answer: object, status: int = 200) -> Response:
    """Return a ``contract`` dataclass as an HTTP response.

    Args:
        answer: The dataclass.
        status: HTTP status.
    """
    return Response(to_json(answer), status=status, mimetype="application/json")


def build_schemas(kinds: Iterable[type]) -> dict[str, Any]:
    """Return the JSON schemas of dataclasses and of all that they contain, by class name.

    Every property that the docstring's ``Args`` names carries that text as its description. All
    properties are required and no others exist: an answer always has all its fields.

    Args:
        kinds: The dataclasses.
    """
    listed = list(kinds)
    keys: list[tuple[Any, Any, Any]] = [(kind, "serialization", _adapter(kind)) for kind in listed]
    _, document = TypeAdapter.json_schemas(keys, ref_template=REF_TEMPLATE)
    schemas: dict[str, Any] = document.get("$defs", {})
    for kind in _with_parts(listed):
        schema = schemas.get(kind.__name__, {})
        if "properties" in schema:
            _describe(schema, kind)
    return schemas


def build_request_schemas(kinds: Iterable[type]) -> dict[str, Any]:
    """Return the JSON schemas of request bodies and of all that they contain, by class name.

    What has a default may be left out; no other properties exist.

    Args:
        kinds: The dataclasses.
    """
    listed = list(kinds)
    keys: list[tuple[Any, Any, Any]] = [(kind, "validation", _adapter(kind)) for kind in listed]
    _, document = TypeAdapter.json_schemas(keys, ref_template=REF_TEMPLATE)
    schemas: dict[str, Any] = document.get("$defs", {})
    for kind in _with_parts(listed):
        schema = schemas.get(kind.__name__, {})
        needed = schema.get("required", [])
        if "properties" in schema:
            _describe(schema, kind)
            schema["required"] = needed
    return schemas


def _with_parts(kinds: Iterable[type]) -> list[type]:
    found: dict[str, type] = {}
    queue = list(kinds)
    while queue:
        kind = queue.pop()
        if kind.__name__ in found:
            continue
        found[kind.__name__] = kind
        for spec in dataclasses.fields(kind):
            queue.extend(_dataclasses_in(spec.type))
    return list(found.values())


def _dataclasses_in(annotation: object) -> list[type]:
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        return [annotation]
    parts = getattr(annotation, "__args__", ())
    return [kind for part in parts for kind in _dataclasses_in(part)]


def _describe(schema: dict[str, Any], kind: type) -> None:
    texts = read_field_texts(kind)
    schema["description"] = (kind.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    schema["required"] = list(schema["properties"])
    schema["additionalProperties"] = False
    for name, entry in schema["properties"].items():
        if name in texts and "$ref" not in entry:
            entry["description"] = texts[name]
        entry.pop("default", None)


def read_field_texts(kind: type) -> dict[str, str]:
    """Return the text of each field from the ``Args`` of a class and of its bases.

    Args:
        kind: A class with a Google-style docstring.
    """
    texts: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        _, _, block = (base.__doc__ or "").partition("Args:\n")
        indent = " " * (len(block) - len(block.lstrip(" ")))
        pattern = rf"^{indent}(\w+): (.*(?:\n{indent} +.*)*)"
        for name, text in re.findall(pattern, block, flags=re.MULTILINE):
            texts[name] = " ".join(text.replace("``", "").split())
    return texts
