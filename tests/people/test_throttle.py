"""The limit of requests, by a clock of the tests' own."""

import pytest

from cancerapy.errors import InvalidRequestError
from cancerapy.people import throttle
from cancerapy.people.throttle import RequestLimit


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_requests_are_limited_by_the_minute(clock: Clock) -> None:
    limit = RequestLimit(60, clock)
    for _ in range(60):
        limit.take("jane")
    with pytest.raises(InvalidRequestError, match="may send 60 requests a minute") as caught:
        limit.take("jane")
    assert caught.value.code == "too_many_requests"
    limit.take("another")
    clock.now_s += 2
    limit.take("jane")
    limit.take("jane")
    with pytest.raises(InvalidRequestError):
        limit.take("jane")


def test_no_limit_is_no_limit(clock: Clock) -> None:
    limit = RequestLimit(0, clock)
    for _ in range(1000):
        limit.take("jane")


def test_the_memory_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MAX_KEYS", 10)
    limit = RequestLimit(1, clock)
    for i in range(100):
        limit.take(f"name-{i}")
    assert len(limit._full_s) == 10
    with pytest.raises(InvalidRequestError):
        limit.take("name-99")
    limit.take("name-0")
