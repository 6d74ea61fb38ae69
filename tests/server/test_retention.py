"""The retention period of a running server, on a clock that the tests turn."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from cancerapy.contract.requests import ExaminationDetails, PatientDetails
from cancerapy.errors import StorageError
from cancerapy.records import Records, RecordsError, open_records
from cancerapy.records.audit import list_entries, verify
from cancerapy.records.columns import now
from cancerapy.records.examinations import JudgedImage, add_examination, list_examinations
from cancerapy.records.patients import create_patient, list_patients
from cancerapy.server import retention
from cancerapy.server.retention import (
    ACTOR,
    BREATH_S,
    DAY_S,
    RETRY_S,
    RetentionKeeper,
    keeping_to_retention,
)
from cancerapy.settings import Settings

Log = pytest.LogCaptureFixture


class Time:
    """A clock that waiting turns; it notes the pauses and says when to stop."""

    def __init__(self, n_pauses: int = 0, n_breaths: int = 1000) -> None:
        self.now = now()
        self.pauses: list[float] = []
        self.n_breaths = n_breaths
        self._n_pauses = n_pauses
        self.after: Callable[[], None] = lambda: None

    def tell(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += timedelta(seconds=seconds)
        if seconds == BREATH_S:
            self.n_breaths -= 1
            return self.n_breaths < 0
        self.pauses.append(seconds)
        self.after()
        return len(self.pauses) >= self._n_pauses


@pytest.fixture
def records(records_settings: Settings) -> Iterator[Records]:
    """Records with three examinations of today."""
    own = open_records(records_settings)
    with own.writing() as session:
        patient = create_patient(session, PatientDetails("Layla Haddad"), "me").id
    for number in range(3):
        image = JudgedImage(bytes([number]), "image/png")
        add_examination(own, patient, ExaminationDetails("skin"), [image], "me")
    yield own
    own.close()


def keep(records: Records, time: Time, days: int = 30) -> RetentionKeeper:
    return RetentionKeeper(lambda: records, days, clock=time.tell, wait=time.wait)


def count(records: Records) -> int:
    with records.reading() as session:
        return len(list_examinations(session).items)


def test_examinations_leave_on_their_day_in_the_servers_name(records: Records, caplog: Log) -> None:
    caplog.set_level(logging.INFO, "cancerapy.server")
    time, counts = Time(n_pauses=33), []
    time.after = lambda: counts.append(count(records))
    keep(records, time).run()
    # Looked at on days 0 to 32; on day 30 they are not older than 30 days by the breaths alone.
    assert time.pauses == [DAY_S] * 33
    assert counts in ([3] * 30 + [0] * 3, [3] * 31 + [0] * 2)
    assert list(records.images.list_digests()) == []
    with records.reading() as session:
        assert [one.name for one in list_patients(session).items] == ["Layla Haddad"]
        erased = [e for e in list_entries(session).items if e.action == "examination.erase"]
        assert verify(session).is_whole
    assert [entry.actor for entry in erased] == [ACTOR] * 3
    assert "3 examinations erased" in caplog.text


def test_an_erasure_is_followed_by_a_pause_for_requests(records: Records) -> None:
    time = Time()
    time.now += timedelta(days=31)
    assert keep(records, time).apply()
    assert time.n_breaths == 1000 - 3


def test_a_stop_ends_after_the_erasure_under_way_and_frees_the_work(records: Records) -> None:
    time = Time(n_breaths=1)
    time.now += timedelta(days=31)
    assert not keep(records, time).apply()
    assert count(records) == 2
    again = Time()
    again.now = time.now
    assert keep(records, again).apply()
    assert count(records) == 0


def test_of_two_servers_one_erases_at_a_time(records: Records, records_settings: Settings) -> None:
    second = open_records(records_settings)
    time, said = Time(), []
    time.now += timedelta(days=31)
    other = keep(second, time)

    class Meanwhile(Time):
        def wait(self, seconds: float) -> bool:
            said.append((other.apply(), count(records)))
            return super().wait(seconds)

    meanwhile = Meanwhile()
    meanwhile.now = time.now
    assert keep(records, meanwhile).apply()
    assert said == [(False, 3), (False, 2), (False, 1)]
    assert other.apply(), "it is free again"
    second.close()


def test_a_long_run_prolongs_its_lease_and_ends_where_it_was_lost(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [True, True, False]
    monkeypatch.setattr(retention, "take_lease", lambda *_, **__: answers.pop(0))

    class Slow(Time):
        def wait(self, seconds: float) -> bool:
            self.now += timedelta(minutes=6)
            return super().wait(seconds)

    slow = Slow()
    slow.now += timedelta(days=31)
    assert not keep(records, slow).apply()
    assert (count(records), answers) == (1, [])


@pytest.mark.parametrize(
    "fault",
    [
        RecordsError("Layla Haddad is locked", code="records_busy"),
        StorageError("Layla Haddad fills the disk", code="disk_full"),
        RuntimeError("Layla Haddad"),
    ],
)
def test_a_fault_is_logged_without_personal_data_and_tried_again(
    records: Records, caplog: Log, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Time(n_pauses=2)
    time.now += timedelta(days=31)
    with monkeypatch.context() as patch:

        def fail(*_: object, **__: object) -> None:
            raise fault

        patch.setattr("cancerapy.records.retention.erase_examination", fail)
        time.after = patch.undo
        keep(records, time).run()
    assert time.pauses == [RETRY_S, DAY_S]
    assert count(records) == 0
    assert "retention failed" in caplog.text
    assert getattr(fault, "code", "RuntimeError") in caplog.text
    assert "Layla" not in caplog.text


def test_records_that_cannot_be_opened_are_tried_again(caplog: Log) -> None:
    def fail() -> Records:
        raise RecordsError("No answer.")

    time = Time(n_pauses=2)
    RetentionKeeper(fail, 30, clock=time.tell, wait=time.wait).run()
    assert time.pauses == [RETRY_S] * 2
    assert caplog.text.count("records_unavailable") == 2


def test_locked_records_lose_nothing_and_are_tried_again(
    records_settings: Settings, records: Records, monkeypatch: pytest.MonkeyPatch, caplog: Log
) -> None:
    monkeypatch.setattr("cancerapy.records.database.BUSY_TIMEOUT_S", 1)
    second = open_records(records_settings)
    time = Time()
    time.now += timedelta(days=31)
    with records.writing():
        assert not keep(second, time).apply()
    assert "records_busy" in caplog.text
    assert count(records) == 3
    assert keep(second, time).apply()
    assert count(records) == 0
    second.close()


def test_a_period_longer_than_the_calendar_erases_nothing(records: Records) -> None:
    assert keep(records, Time(), days=999_999).apply()
    assert count(records) == 3


def test_the_thread_begins_with_the_server_and_ends_with_it(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_run = threading.Event()
    run = RetentionKeeper.apply

    def apply(self: RetentionKeeper) -> bool:
        is_done = run(self)
        has_run.set()
        return is_done

    monkeypatch.setattr(RetentionKeeper, "apply", apply)
    monkeypatch.setattr(retention, "RetentionKeeper", lambda find, days: RetentionKeeper(
        find, days, clock=lambda: now() + timedelta(days=2)
    ))  # fmt: skip
    with keeping_to_retention(Settings(retention_days=1), lambda: records):
        assert has_run.wait(60)
        assert "retention" in [thread.name for thread in threading.enumerate()]
    assert "retention" not in [thread.name for thread in threading.enumerate()]
    assert count(records) == 0


def test_without_a_period_nothing_begins() -> None:
    def fail() -> Records:
        raise AssertionError("the records are not asked for")

    with keeping_to_retention(Settings(), fail):
        assert "retention" not in [thread.name for thread in threading.enumerate()]


def test_a_period_longer_than_the_calendar_ends_for_none(records: Records) -> None:
    keeper = RetentionKeeper(lambda: records, 10**12, wait=lambda _: False)
    assert keeper.apply()
    with records.reading() as session:
        assert len(list_examinations(session).items) == 3
