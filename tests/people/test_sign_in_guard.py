"""The pauses after wrong passwords, in both databases, by a clock of the tests' own."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cancerapy.errors import InvalidRequestError
from cancerapy.people import sign_in_guard
from cancerapy.people.sign_in_guard import SignInGuard
from cancerapy.records import Records, open_records
from cancerapy.records.account_tables import SignInCount
from cancerapy.settings import Settings

OTHER_PROCESS = """
import sys
from pathlib import Path
from cancerapy.people.sign_in_guard import SignInGuard
from cancerapy.records import open_records
from cancerapy.settings import Settings
guard = SignInGuard(open_records(Settings(home=Path(sys.argv[1]), database_url=sys.argv[2])))
for _ in range(3):
    guard.begin("jane", "1.2.3.4")
"""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 28, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(records_settings: Settings) -> Iterator[Records]:
    """Return empty records, once in SQLite and once in PostgreSQL."""
    opened = open_records(records_settings)
    yield opened
    opened.close()


@pytest.fixture
def guard(records: Records, clock: Clock) -> SignInGuard:
    return SignInGuard(records, clock)


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


def succeed(records: Records, guard: SignInGuard, name: str, address: str) -> None:
    with records.writing() as session:
        guard.succeed(session, name, address)


def rows(records: Records) -> list[SignInCount]:
    with records.reading() as session:
        return list(session.scalars(select(SignInCount).order_by(SignInCount.last_at)))


def test_a_clock_that_ran_ahead_locks_nobody_out_once_it_is_put_right(
    guard: SignInGuard, clock: Clock
) -> None:
    clock.move(86_400 * 3650)
    assert fail_until_paused(guard, "jane", "1.2.3.4") == 5
    clock.move(-86_400 * 3650)
    assert not is_paused(guard, "jane", "1.2.3.4")
    # What was counted is not forgotten: this wrong one is the sixth.
    assert is_paused(guard, "jane", "1.2.3.4")
    clock.move(3.9)
    assert is_paused(guard, "jane", "1.2.3.4")
    clock.move(0.2)
    assert not is_paused(guard, "jane", "1.2.3.4")


def test_a_clock_that_is_put_back_by_seconds_shortens_no_pause(
    guard: SignInGuard, clock: Clock
) -> None:
    for _ in range(20):
        fail_until_paused(guard, "jane", "1.2.3.4")
        clock.move(900)
    fail_until_paused(guard, "jane", "1.2.3.4")
    clock.move(-50)
    assert is_paused(guard, "jane", "1.2.3.4")


def test_the_pause_begins_after_five_and_doubles(guard: SignInGuard, clock: Clock) -> None:
    assert fail_until_paused(guard, "jane", "1.2.3.4") == 5
    for pause_s in (2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        clock.move(pause_s - 0.1)
        assert is_paused(guard, "jane", "1.2.3.4"), pause_s
        clock.move(0.2)
        assert not is_paused(guard, "jane", "1.2.3.4"), pause_s


def test_the_pause_says_how_long_and_not_for_whom(guard: SignInGuard) -> None:
    fail_until_paused(guard, "jane", "1.2.3.4")
    with pytest.raises(InvalidRequestError, match="2 s are left") as caught:
        guard.begin("jane", "1.2.3.4")
    assert caught.value.code == "sign_in_paused"
    assert "jane" not in caught.value.message
    assert caught.value.retry_after_s == 2


def test_what_it_says_is_enough_and_no_whole_second_too_much(
    guard: SignInGuard, clock: Clock
) -> None:
    fail_until_paused(guard, "jane", "1.2.3.4")
    clock.move(2.1)
    fail_until_paused(guard, "jane", "1.2.3.4")
    clock.move(0.4)
    with pytest.raises(InvalidRequestError) as caught:
        guard.begin("jane", "1.2.3.4")
    assert caught.value.retry_after_s == 4  # 3.6 s are left
    clock.move(3)
    assert is_paused(guard, "jane", "1.2.3.4")
    clock.move(1)
    assert not is_paused(guard, "jane", "1.2.3.4")


def test_waiting_an_hour_begins_anew(guard: SignInGuard, clock: Clock) -> None:
    fail_until_paused(guard, "jane", "1.2.3.4")
    clock.move(3601)
    assert fail_until_paused(guard, "jane", "1.2.3.4") == 5


@pytest.mark.parametrize("written", [" JANE ", "\uff4aane"])
def test_writing_the_name_otherwise_changes_nothing(guard: SignInGuard, written: str) -> None:
    """The second begins with a full-width letter, which names the same account."""
    fail_until_paused(guard, "jane", "1.2.3.4")
    assert is_paused(guard, written, "1.2.3.4")


def test_a_stranger_elsewhere_does_not_keep_the_person_out(guard: SignInGuard) -> None:
    fail_until_paused(guard, "jane", "6.6.6.6")
    assert not is_paused(guard, "jane", "1.2.3.4")


def test_one_name_is_paused_when_many_addresses_try_it(guard: SignInGuard) -> None:
    tries = [is_paused(guard, "jane", f"6.6.6.{i}") for i in range(30)]
    assert tries == [False] * 21 + [True] * 9


def test_one_address_is_paused_when_it_tries_many_names(guard: SignInGuard) -> None:
    tries = [is_paused(guard, f"name-{i}", "6.6.6.6") for i in range(50)]
    assert tries == [False] * 41 + [True] * 9


def test_a_right_password_forgets_the_wrong_ones_of_the_name(
    records: Records, guard: SignInGuard
) -> None:
    for _ in range(5):
        guard.begin("jane", "1.2.3.4")
    succeed(records, guard, "jane", "1.2.3.4")
    assert fail_until_paused(guard, "jane", "1.2.3.4") == 5


def test_ones_own_password_does_not_wash_away_guesses_at_other_names(
    records: Records, guard: SignInGuard
) -> None:
    for i in range(60):
        if is_paused(guard, f"name-{i}", "6.6.6.6"):
            break
        guard.begin("mine", "6.6.6.6")
        succeed(records, guard, "mine", "6.6.6.6")
    assert 35 < i < 45


def test_many_at_the_same_moment_get_no_more_tries(guard: SignInGuard) -> None:
    with ThreadPoolExecutor(8) as pool:
        paused = list(pool.map(lambda _: is_paused(guard, "jane", "1.2.3.4"), range(40)))
    assert paused.count(False) == 5


def test_another_process_counts_on(records: Records, records_settings: Settings) -> None:
    """By the machine's own clock, on which the first pause is two seconds."""
    arguments = [str(records_settings.home), records_settings.database_url]
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, *arguments], check=True, timeout=120)
    guard = SignInGuard(records)
    assert fail_until_paused(guard, "jane", "1.2.3.4") == 2


def test_a_restart_forgets_nothing(
    records: Records, records_settings: Settings, guard: SignInGuard, clock: Clock
) -> None:
    fail_until_paused(guard, "jane", "1.2.3.4")
    records.close()
    again = open_records(records_settings)
    assert is_paused(SignInGuard(again, clock), "jane", "1.2.3.4")
    again.close()


def test_neither_names_nor_addresses_are_kept_and_old_rows_go(
    records: Records, guard: SignInGuard, clock: Clock
) -> None:
    guard.begin("jane", "1.2.3.4")
    first = {row.digest for row in rows(records)}
    assert len(first) == 3
    assert all(len(digest) == 64 and not set(digest) - set("0123456789abcdef") for digest in first)
    clock.move(3601)
    guard.begin("omar", "5.6.7.8")
    left = {row.digest for row in rows(records)}
    assert len(left) == 3
    assert not left & first


def test_the_table_is_bounded(
    records: Records, guard: SignInGuard, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_guard, "MAX_ROWS", 10)
    for i in range(8):
        clock.move(1)
        guard.begin(f"name-{i}", f"1.1.1.{i}")
    kept = rows(records)
    assert len(kept) == 10
    assert kept[-1].last_at == clock.moment
    assert kept[0].last_at == clock.moment - timedelta(seconds=3)


def test_a_paused_try_writes_nothing(records: Records, guard: SignInGuard) -> None:
    fail_until_paused(guard, "jane", "1.2.3.4")
    before = [(row.digest, row.n, row.until) for row in rows(records)]
    assert is_paused(guard, "jane", "1.2.3.4")
    assert [(row.digest, row.n, row.until) for row in rows(records)] == before
