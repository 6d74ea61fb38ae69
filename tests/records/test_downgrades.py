"""What went when the tables were taken back is told apart from what somebody removed."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from cancerapy.contract.audit import AuditCheck
from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import PatientDetails
from cancerapy.people.accounts import NewAccount, add_account
from cancerapy.people.roles import Role
from cancerapy.records import Records
from cancerapy.records.audit import list_entries
from cancerapy.records.downgrades import list_downgrades
from cancerapy.records.erasure import erase_patient
from cancerapy.records.integrity import check_records
from cancerapy.records.kept_decisions import read_kept
from cancerapy.records.patients import update_patient
from cancerapy.records.upgrade import downgrade, newest_revision, upgrade

Add = Callable[..., ExaminationRecord]


def _check(records: Records) -> AuditCheck:
    with records.reading() as session:
        return check_records(session)


def _decided(records: Records, made: ExaminationRecord) -> str:
    with records.reading() as session:
        (decided,) = read_kept(session, [made.id])
    return str(decided.id)


def test_decisions_and_accounts_that_went_with_their_tables_are_told(
    records: Records, add: Add
) -> None:
    decided = _decided(records, add(1))
    account = add_account(records, NewAccount("jane", Role.CLINICIAN), "me").id
    downgrade(records.engine, "0001_records", "me")
    upgrade(records.engine)
    later = add(2)
    check = _check(records)
    assert check.is_whole
    (told,) = check.downgrades
    assert (told.revision, told.lost) == ("0001_records", (decided, account))
    with records.reading() as session:
        (entry,) = list_entries(session, action="records.downgrade").items
    assert (entry.number, entry.at, entry.actor) == (told.number, told.at, "me")
    assert entry.details["before"] == newest_revision()
    assert {"accounts", "decisions", "patients.content_key"} <= {*entry.details["lost"]}
    assert "decisions.id" not in entry.details["lost"], "the table says that already"
    assert _decided(records, later) != decided


@pytest.mark.parametrize("revision", ["0003_signin_counts", "0004_decisions"])
def test_what_is_removed_beside_a_downgrade_is_a_fault(
    records: Records, add: Add, revision: str
) -> None:
    before = _decided(records, add(1))
    downgrade(records.engine, revision)
    upgrade(records.engine)
    after = _decided(records, add(2))
    guard = "DROP TRIGGER decisions_no_delete"
    if records.engine.dialect.name == "postgresql":
        guard = "ALTER TABLE decisions DISABLE TRIGGER ALL"
    with records.writing() as session:
        session.execute(text(guard))
        session.execute(text("DELETE FROM decisions"))
    check = _check(records)
    is_lost = revision == "0003_signin_counts"
    assert [one.lost for one in check.downgrades] == [(before,) if is_lost else ()]
    assert check.altered_decisions == ((after,) if is_lost else tuple(sorted((before, after))))
    assert not check.is_whole


def test_each_taking_back_tells_of_its_own_and_an_erasure_of_nothing(
    records: Records, add: Add, patient_id: str
) -> None:
    first = _decided(records, add(1))
    downgrade(records.engine, "0003_signin_counts")
    upgrade(records.engine)
    second = _decided(records, add(2))
    downgrade(records.engine, "0003_signin_counts")
    upgrade(records.engine)
    assert [one.lost for one in _check(records).downgrades] == [(first,), (second,)]
    erase_patient(records, patient_id, "me")
    check = _check(records)
    assert check.is_whole
    assert [one.lost for one in check.downgrades] == [(), ()]


def test_without_their_keys_rows_are_only_looked_for_until_they_are_written_again(
    records: Records, add: Add, patient_id: str
) -> None:
    add(1)
    add_account(records, NewAccount("jane", Role.CLINICIAN), "me")
    assert _check(records).n_without_digest == 0
    downgrade(records.engine, "0004_decisions")
    upgrade(records.engine)
    check = _check(records)
    assert (check.is_whole, check.n_without_digest) == (True, 3)
    with records.writing() as session:
        update_patient(session, patient_id, PatientDetails("Layla"), "me")
    check = _check(records)
    assert (check.is_whole, check.n_without_digest) == (True, 2)
    with records.writing() as session:
        session.execute(text("UPDATE patients SET name = 'Lyla'"))
        session.execute(text("DELETE FROM accounts"))
    check = _check(records)
    assert check.altered_patients == (patient_id,)
    assert (len(check.altered_accounts), check.n_without_digest) == (1, 1)


def test_a_revision_that_the_tables_have_already_is_no_taking_back(records: Records) -> None:
    downgrade(records.engine, newest_revision())
    with records.reading() as session:
        assert list_downgrades(session) == []


def test_an_entry_that_says_nothing_any_more_takes_nothing_back(records: Records, add: Add) -> None:
    decided = _decided(records, add(1))
    downgrade(records.engine, "0003_signin_counts")
    upgrade(records.engine)
    guard = "DROP TRIGGER audit_log_no_update"
    if records.engine.dialect.name == "postgresql":
        guard = "ALTER TABLE audit_log DISABLE TRIGGER ALL"
    with records.writing() as session:
        session.execute(text(guard))
        for details in ("x", '{"lost": 3}'):
            change = "UPDATE audit_log SET details = :it WHERE action = 'records.downgrade'"
            session.execute(text(change), {"it": details})
            assert check_records(session).altered_decisions == (decided,)
