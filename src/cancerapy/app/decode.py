"""Builds the dataclasses of ``contract`` back from JSON, with the standard library alone.

A field that the server adds later is ignored. One that is missing has its default, or is refused
where it has none; one of another kind is refused.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")

_UNIONS = (Union, types.UnionType)


def from_json(kind: type[Kind], value: object) -> Kind:
    """Return ``value`` as an instance of ``kind``.

    Args:
        kind: A dataclass whose fields are dataclasses, tuples, mappings, enumerations, numbers,
            strings or ``None``.
        value: What a JSON parser gave.

    Raises:
        ValueError: ``value`` has not the form of ``kind``.

    >>> from cancerapy.contract.service import Liveness
    >>> from_json(Liveness, {"status": "alive", "added_later": 1})
    Liveness(status='alive')
    """
    built: Kind = _convert(kind, value, kind.__name__)
    return built


def _convert(kind: Any, value: Any, where: str) -> Any:
    if kind is Any:
        return value
    if is_dataclass(kind):
        return _build(kind, value, where)
    origin = get_origin(kind)
    if origin in _UNIONS:
        return _one_of(get_args(kind), value, where)
    if origin is tuple:
        return _items(get_args(kind)[0], value, where)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _entries(get_args(kind)[1], value, where)
    return _plain(kind, value, where)


def _build(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise _unlike(where, "an object", value)
    hints = get_type_hints(kind)
    values = {}
    for spec in fields(kind):
        if spec.name not in value:
            if spec.default is MISSING and spec.default_factory is MISSING:
                raise ValueError(f"{where} needs the field '{spec.name}'; it is missing.")
            continue
        values[spec.name] = _convert(hints[spec.name], value[spec.name], f"{where}.{spec.name}")
    return kind(**values)


def _one_of(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and types.NoneType in kinds:
        return None
    (kind,) = (kind for kind in kinds if kind is not types.NoneType)
    return _convert(kind, value, where)


def _items(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, list):
        raise _unlike(where, "a list", value)
    return tuple(_convert(kind, item, f"{where}[{i}]") for i, item in enumerate(value))


def _entries(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise _unlike(where, "an object", value)
    return {key: _convert(kind, item, f"{where}.{key}") for key, item in value.items()}


def _plain(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _unlike(where, kind.__name__, value)
    return value


def _unlike(where: str, wanted: str, value: object) -> ValueError:
    return ValueError(f"{where} must be {wanted}; it is {type(value).__name__}.")
