"""Refusals that end by themselves, and say when: what HTTP calls ``Retry-After``."""

import math

from cancerapy.errors import InvalidRequestError


def come_back_in(wait_s: float, message: str, *, code: str, field: str) -> InvalidRequestError:
    """Return the error of a request that came too soon.

    Args:
        wait_s: Seconds until the same would be let through, above 0; told in whole ones, upwards.
        message: As that of every error.
        code: A stable word with status 429.
        field: The part of the request at fault.

    References:
        RFC 9110, section 10.2.3, Retry-After.
    """
    error = InvalidRequestError(message, code=code, field=field)
    error.retry_after_s = max(math.ceil(wait_s), 1)
    return error
