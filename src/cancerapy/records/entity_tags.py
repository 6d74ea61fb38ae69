"""Whether a record is still as somebody read it: what HTTP calls an entity tag.

A tag is the digest of all that the record answers, so that it needs no column of its own, is the
same on every server that shares the records, and is another after any change that can be read.

References:
    RFC 9110, sections 8.8.3 (ETag) and 13.1.1 (If-Match).
"""

import hashlib
import json
from collections.abc import Container
from typing import Any

from cancerapy.contract import to_dict
from cancerapy.records.faults import RecordChangedError


def tag_of(record: Any) -> str:
    """Return the tag of a record: 32 hexadecimal digits.

    Args:
        record: A dataclass of ``contract.records``.
    """
    content = json.dumps(to_dict(record), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def check_unchanged(record: Any, expected: Container[str] | None) -> None:
    """Check that a record is as the caller read it, in the transaction that is to change it.

    Args:
        record: The record as it stands.
        expected: Tags that it may have; ``None`` for any.

    Raises:
        RecordChangedError: It has another.
    """
    if expected is not None and tag_of(record) not in expected:
        raise RecordChangedError(
            "A change must be made to the record as it stands ('If-Match'); somebody has changed "
            "this one since you read it. Nothing was changed: read it anew, then make your change "
            "to that, with its 'ETag'.",
            field="If-Match",
        )
