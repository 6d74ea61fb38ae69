"""The pauses after wrong passwords and the limit of requests, by a clock of the tests' own."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from cancerapy.errors import InvalidRequestError
from cancerapy.people import throttle
from cancerapy.people.throttle import RequestLimit, SignInGuard


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(clock: Clock) -> SignInGuard:
    return SignInGuard(clock)


def is_paused(guard: SignInGuard, name: str, address: str) -> bool:
    try:
        guard.begin(name, address)
    except InvalidRequestError:
        return True
    return False


def fail_until_paused(guard: SignInGuard, name: str, address: str) -> int:
    n = 0
    while not is_paused(guard, name, address):
        n += 1
    return n


def test_the_pause_begins_after_five_and_doubles(guard: SignInGuard, clock: Clock) -> None:
    assert fail_until_paused(guard, "jane", "1.2.3.4") == 5
    for pause_s in (2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        clock.now_s += pause_s - 0.1
        assert is_paused(guard, "jane", "1.2.3.4"), pause_s
        clock.now_s += 0.2
        assert not is_paused(guard, "jane", "1.2.3.4"), pause_s


def test_the_pause_says_how_long_and_not_for_whom(guard: SignInGuard) -> None:
    fail_until_paused(guard, "jane", "1.2.3.4")
    with pytest.raises(InvalidRequestError, match="2 s are left") as caught:
        guard.begin("jane", "1.2.3.4")
    assert caught.value.code == "sign_in_paused"
    assert "jane" not in caught.value.message


def test_waiting_an_hour_begins_anew(guard: SignInGuard, clock: Clock) -> None:
    fail_until_paused(guard, "jane", "1.2.3.4")
    clock.now_s += throttle.FORGET_AFTER_S + 1
    assert fail_until_paused(guard, "jane", "1.2.3.4") == 5


def test_writing_the_name_otherwise_changes_nothing(guard: SignInGuard) -> None:
    fail_until_paused(guard, "jane", "1.2.3.4")
    assert is_paused(guard, " JANE ", "1.2.3.4")


def test_a_stranger_elsewhere_does_not_keep_the_person_out(guard: SignInGuard) -> None:
    fail_until_paused(guard, "jane", "6.6.6.6")
    assert not is_paused(guard, "jane", "1.2.3.4")


def test_one_name_is_paused_when_many_addresses_try_it(guard: SignInGuard) -> None:
    tries = [is_paused(guard, "jane", f"6.6.6.{i}") for i in range(30)]
    assert tries == [False] * 21 + [True] * 9


def test_one_address_is_paused_when_it_tries_many_names(guard: SignInGuard) -> None:
    tries = [is_paused(guard, f"name-{i}", "6.6.6.6") for i in range(50)]
    assert tries == [False] * 41 + [True] * 9


def test_a_right_password_forgets_the_wrong_ones_of_the_name(guard: SignInGuard) -> None:
    for _ in range(4):
        guard.begin("jane", "1.2.3.4")
    guard.begin("jane", "1.2.3.4")
    guard.succeed("jane", "1.2.3.4")
    assert fail_until_paused(guard, "jane", "1.2.3.4") == 5


def test_ones_own_password_does_not_wash_away_guesses_at_other_names(guard: SignInGuard) -> None:
    for i in range(60):
        if is_paused(guard, f"name-{i}", "6.6.6.6"):
            break
        guard.begin("mine", "6.6.6.6")
        guard.succeed("mine", "6.6.6.6")
    assert 35 < i < 45


def test_many_at_the_same_moment_get_no_more_tries(guard: SignInGuard) -> None:
    with ThreadPoolExecutor(8) as pool:
        paused = list(pool.map(lambda _: is_paused(guard, "jane", "1.2.3.4"), range(40)))
    assert paused.count(False) == 5


def test_the_memory_is_bounded(guard: SignInGuard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MAX_KEYS", 10)
    for i in range(100):
        is_paused(guard, f"name-{i}", f"1.1.1.{i}")
    assert len(guard._counts._counts) == 10


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
