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


@pytest.mark.parametrize("per_minute", [1, 7, 20, 60, 1200])
def test_it_says_the_first_whole_second_at_which_the_next_is_let_through(
    clock: Clock, per_minute: int
) -> None:
    """Asked by other limits in the same state: a try that is let through would move their own."""

    def full() -> RequestLimit:
        limit = RequestLimit(per_minute, clock)
        for _ in range(per_minute):
            limit.take("jane")
        return limit

    start_s, now, earlier, later = clock.now_s, full(), full(), full()
    with pytest.raises(InvalidRequestError) as caught:
        now.take("jane")
    wait_s = caught.value.retry_after_s
    assert wait_s is not None
    # Half a request of slack is given, so that the first place is free after half a step.
    assert wait_s == max(1, -(-30 // per_minute))
    clock.now_s = start_s + wait_s - 1
    with pytest.raises(InvalidRequestError):
        earlier.take("jane")
    clock.now_s = start_s + wait_s
    later.take("jane")


def test_what_is_given_back_can_be_taken_again(clock: Clock) -> None:
    limit = RequestLimit(5, clock)
    limit.give_back("jane")  # nothing was taken: nothing is gained
    for _ in range(100):
        limit.take("jane")
        limit.give_back("jane")
    for _ in range(5):
        limit.take("jane")
    with pytest.raises(InvalidRequestError):
        limit.take("jane")


def test_no_limit_is_no_limit(clock: Clock) -> None:
    limit = RequestLimit(0, clock)
    for _ in range(1000):
        limit.take("jane")
    limit.give_back("jane")


def test_the_memory_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MAX_KEYS", 10)
    limit = RequestLimit(1, clock)
    for i in range(100):
        limit.take(f"name-{i}")
    assert len(limit._full_s) == 10
    with pytest.raises(InvalidRequestError):
        limit.take("name-99")
    limit.take("name-0")
