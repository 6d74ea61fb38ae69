"""Migrations: up and down, empty and filled, whole or not at all."""

from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

from cancerapy.contract.records import ExaminationRecord
from cancerapy.records import RecordConflictError, Records, RecordsError
from cancerapy.records.account_tables import Account
from cancerapy.records.audit import verify
from cancerapy.records.erasure import erase_patient
from cancerapy.records.examinations import get_examination
from cancerapy.records.integrity import check_records
from cancerapy.records.kept_decisions import read_kept
from cancerapy.records.session import connect_records, open_records, upgrade_records
from cancerapy.records.tables import Base, DecisionRow
from cancerapy.records.upgrade import check_current, current_revision, downgrade, upgrade
from cancerapy.settings import Settings


def _tables(records: Records) -> set[str]:
    with records.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def test_migrations_make_the_tables_that_the_code_works_with(records: Records) -> None:
    with records.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_filled_records_stay_as_they_are_when_upgraded_again(
    records: Records, add: Callable[..., ExaminationRecord]
) -> None:
    made = add(1)
    upgrade(records.engine)
    check_current(records.engine)
    with records.reading() as session:
        assert get_examination(session, made.id) == made


def test_filled_records_go_down_and_up_again(
    records: Records, add: Callable[..., ExaminationRecord]
) -> None:
    add(1)
    downgrade(records.engine, "base")
    assert _tables(records) == {"alembic_version"}
    upgrade(records.engine)
    assert _tables(records) == {"alembic_version", *Base.metadata.tables}


def test_filled_records_lose_only_what_the_older_tables_lack(
    records: Records, add: Callable[..., ExaminationRecord], patient_id: str
) -> None:
    made = add(1, 2)
    with records.reading() as session:
        (decided,) = read_kept(session, [made.id])
    with records.writing() as session:
        session.add(Account(name="jane", role="patient", patient_id=patient_id))
    downgrade(records.engine, "0001_records")
    upgrade(records.engine)
    with records.reading() as session:
        assert get_examination(session, made.id) == made
        assert read_kept(session, [made.id]) == []
        assert check_records(session).downgrades[0].lost == (decided.id,)
        assert session.scalars(select(Account)).all() == []


def test_the_newest_tables_are_made_over_filled_ones_and_guarded(
    records: Records, add: Callable[..., ExaminationRecord], patient_id: str
) -> None:
    older = add(1)
    downgrade(records.engine, "0003_signin_counts")
    upgrade(records.engine)
    newer = add(2)
    with records.reading() as session:
        assert get_examination(session, older.id) == older
        assert [one.examination_id for one in read_kept(session, [older.id, newer.id])] == [
            newer.id
        ]
    for change in ("UPDATE decisions SET content = ''", "DELETE FROM decisions"):
        with pytest.raises(RecordConflictError), records.writing() as session:
            session.execute(text(change))
    assert erase_patient(records, patient_id, "me").n_examinations == 2
    with records.reading() as session:
        assert session.scalars(select(DecisionRow)).all() == []
        assert verify(session).is_whole


def test_a_failing_upgrade_changes_nothing(
    make_settings: Callable[[], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = connect_records(make_settings())
    with monkeypatch.context() as patch:
        patch.setattr(
            "cancerapy.records.migrations.guards._guard_sqlite",
            lambda *_: (_ for _ in ()).throw(RuntimeError("power cut")),
        )
        patch.setattr(
            "cancerapy.records.migrations.guards._guard_postgresql",
            lambda *_: (_ for _ in ()).throw(RuntimeError("power cut")),
        )
        with pytest.raises(RuntimeError, match="power cut"):
            upgrade(fresh.engine)
    assert _tables(fresh) == set()
    upgrade(fresh.engine)
    check_current(fresh.engine)
    fresh.close()


def test_sqlite_is_made_when_opened_and_postgresql_when_asked(
    kind: str, make_settings: Callable[[], Settings]
) -> None:
    settings = make_settings()
    if kind == "postgresql":
        with pytest.raises(RecordsError, match="run 'cancerapy records upgrade'") as caught:
            open_records(settings)
        assert caught.value.code == "records_outdated"
        upgrade_records(settings).close()
    records = open_records(settings)
    with records.engine.connect() as connection:
        assert current_revision(connection) is not None
    records.close()


def test_tables_of_a_newer_version_are_left_alone(records: Records) -> None:
    with records.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    for check in (check_current, upgrade):
        with pytest.raises(RecordsError, match="made by a newer version"):
            check(records.engine)
