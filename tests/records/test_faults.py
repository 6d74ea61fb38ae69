"""Full disk, locked and missing database: said clearly, with nothing half written."""

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, text

from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import PatientDetails
from cancerapy.errors import StorageError, UsageError
from cancerapy.records import Records, RecordsError, open_records
from cancerapy.records.audit import verify
from cancerapy.records.examinations import list_examinations
from cancerapy.records.patients import create_patient, list_patients
from cancerapy.settings import Settings

Add = Callable[..., ExaminationRecord]


def _n_examinations(records: Records) -> int:
    with records.reading() as session:
        return len(list_examinations(session).items)


def _read_patients(records: Records) -> None:
    with records.writing() as session:
        session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        session.execute(text("SELECT * FROM patients"))


def _register_until_full(records: Records, kept: list[str]) -> None:
    for number in range(2000):
        name = f"{number} " + "x" * 150
        with records.writing() as session:
            create_patient(session, PatientDetails(name), "me")
        kept.append(name)


def test_an_error_of_the_database_repeats_no_value(records: Records) -> None:
    statement = text("SELECT :name FROM no_such_table")
    with pytest.raises(RecordsError) as caught, records.reading() as session:
        session.execute(statement, {"name": "Layla Haddad"})
    assert caught.value.__cause__ is not None
    assert "Layla" not in f"{caught.value} {caught.value.__cause__}"
    assert "no_such_table" in str(caught.value.__cause__)


def test_a_value_that_the_database_cannot_read_is_not_repeated(records: Records) -> None:
    """The message goes to the log; PostgreSQL says 'invalid input syntax for type integer: ...'."""
    statement = text("SELECT CAST(:name AS integer) FROM no_such_table")
    if records.engine.dialect.name == "postgresql":
        statement = text("SELECT CAST(CAST(:name AS text) AS integer)")
    with pytest.raises(RecordsError, match="it does not: ") as caught, records.reading() as session:
        session.execute(statement, {"name": "Layla Haddad"})
    assert "Layla" not in caught.value.message


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a writer wait for a tenth of a second."""
    monkeypatch.setattr("cancerapy.records.database.BUSY_TIMEOUT_S", 0.1)


def test_locked_sqlite_is_busy_and_answers_afterwards(impatient: None, tmp_path: Path) -> None:
    records = open_records(Settings(home=tmp_path))
    with sqlite3.connect(tmp_path / "records" / "records.sqlite", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(RecordsError, match="locked for too long") as caught,
            records.writing(),
        ):
            pytest.fail("it must not begin")
        assert (caught.value.code, caught.value.status) == ("records_busy", 503)
        assert _n_examinations(records) == 0  # readers do not wait
        other.execute("ROLLBACK")
    other.close()
    with records.writing() as session:
        session.execute(text("SELECT 1"))
    records.close()


def test_locked_postgresql_is_busy(records: Records, kind: str) -> None:
    if kind == "sqlite":
        pytest.skip("see above")
    with records.engine.connect() as first, first.begin():
        first.execute(text("LOCK TABLE patients IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(RecordsError) as caught:
            _read_patients(records)
    assert caught.value.code == "records_busy"


def test_full_disk_while_a_file_is_kept_leaves_nothing(
    records: Records, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="Not enough room") as caught:
            add(1)
    assert (caught.value.code, caught.value.status) == ("disk_full", 507)
    assert _n_examinations(records) == 0
    assert [path for path in records.images.folder.rglob("*") if path.is_file()] == []
    add(1)
    assert _n_examinations(records) == 1


def test_full_disk_of_the_database_keeps_what_was_there(tmp_path: Path, kind: str) -> None:
    if kind == "postgresql":
        pytest.skip("SQLite's own limit is what fills the disk here")
    records = open_records(Settings(home=tmp_path))
    with records.writing() as session:
        create_patient(session, PatientDetails("first"), "me")
    with records.engine.connect() as connection:
        n_pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    records.engine.dispose()

    @event.listens_for(records.engine, "connect")
    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={n_pages}")

    kept: list[str] = []
    with pytest.raises(StorageError) as caught:
        _register_until_full(records, kept)
    assert (caught.value.code, caught.value.status) == ("disk_full", 507)
    with records.reading() as session:
        assert list_patients(session, limit=1).items[0].name == kept[-1]
        assert verify(session).n_entries == len(kept) + 1
        assert verify(session).is_whole
    records.close()


def test_a_database_that_does_not_answer_is_said_to(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    url = f"postgresql://nobody@/nothing?host={tmp_path}"
    with pytest.raises(RecordsError, match="must answer; it does not") as caught:
        open_records(Settings(home=tmp_path, database_url=url))
    assert (caught.value.code, caught.value.status) == ("records_unavailable", 503)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense"])
def test_another_kind_of_database_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="must be an address of PostgreSQL") as caught:
        open_records(Settings(home=tmp_path, database_url=url))
    assert caught.value.code == "setting_invalid"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="making the folder of the records"):
        open_records(Settings(home=tmp_path / "file"))
