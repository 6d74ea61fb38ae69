"""The JSON body of a request as one of the dataclasses of ``contract.requests``."""

import dataclasses
import json
from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from flask import request
from pydantic import TypeAdapter, ValidationError

from cancerapy.api.uploads import check_known
from cancerapy.errors import InvalidRequestError

Body = TypeVar("Body")


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def read_json(kind: type[Body]) -> Body:
    """Return the body of the current request.

    Args:
        kind: A dataclass; fields without a default are needed, others are refused.

    Raises:
        InvalidRequestError: The body is no JSON object, or a field is missing, unknown or of
            another kind.
    """
    if request.mimetype != "application/json":
        found = f"'{request.mimetype[:60]}'" if request.mimetype else "of no stated type"
        raise InvalidRequestError(
            f"The body must be JSON (application/json); it is {found}. With curl: "
            "-H 'Content-Type: application/json' -d '{...}'",
            code="media_type_unsupported",
            field="body",
        )
    text = request.get_data()
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _invalid("body", f"JSON; it is not ({str(error)[:80]})") from error
    if isinstance(content, dict):
        specs = dataclasses.fields(kind)  # type: ignore[arg-type]  # all bodies are dataclasses
        check_known(content, [spec.name for spec in specs], "field")
    try:
        body: Body = _adapter(cast(Hashable, kind)).validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise _invalid(place, f"as described under '/docs': {first['msg']}") from error
    return body


def _invalid(field: str, rule: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"The field '{field[:40]}' must be {rule}. Correct it and send it again.",
        code="field_invalid",
        field=field[:40],
    )
