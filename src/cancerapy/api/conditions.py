"""The condition under which a record may be changed: that it is as the caller read it."""

from collections.abc import Container
from typing import Any

from flask import Response, request

from cancerapy.api.rendering import json_response
from cancerapy.records.entity_tags import tag_of

IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` that came with the record; if it is another by now, nothing is "
    "changed (412). Without it the change is made whatever the record says by now.",
    "schema": {"type": "string"},
}

ETAG: dict[str, Any] = {
    "ETag": {
        "description": "Stands for the record as it is answered; for `If-Match` of a change.",
        "schema": {"type": "string"},
    }
}


def tagged_response(record: object, status: int = 200) -> Response:
    """Return a record as an HTTP response with its tag.

    Args:
        record: A dataclass of ``contract``.
        status: HTTP status.
    """
    response = json_response(record, status)
    response.set_etag(tag_of(record))
    return response


def read_expected() -> Container[str] | None:
    """Return the tags of which the record must have one; ``None`` where the caller names none.

    ``*`` stands for any; a weak tag for none, as RFC 9110 has it for ``If-Match``.
    """
    return request.if_match if "If-Match" in request.headers else None
