"""One value that cannot be read is named, and hides nothing else."""

import sqlite3
from collections.abc import Callable

import pytest

from cancerapy.contract.audit import AuditCheck
from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import NewConsent, NewReview, PatientDetails
from cancerapy.people.accounts import NewAccount, add_account
from cancerapy.people.roles import Role
from cancerapy.records import Records
from cancerapy.records.consents import record_consent
from cancerapy.records.integrity import check_records
from cancerapy.records.patients import create_patient
from cancerapy.records.raw_rows import iter_rows, to_id
from cancerapy.records.reviews import add_review
from cancerapy.records.tables import Base, Consent

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])

FIELDS = {
    "patients": "altered_patients",
    "examinations": "altered_examinations",
    "accounts": "altered_accounts",
    "predictions": "altered_predictions",
    "decisions": "altered_decisions",
    "reviews": "altered_judgements",
    "consents": "altered_judgements",
}
WHOLE_NUMBER_KEYS = {"number"}
"""SQLite holds these to whole numbers itself."""

VALUES = ("'zz'", "x'ff'", "CAST(x'ff' AS TEXT)", "9e99")
CASES = [
    (table, column.name, value)
    for table in FIELDS
    for column in Base.metadata.tables[table].columns
    for value in VALUES
    if column.name not in WHOLE_NUMBER_KEYS
    # Any text may be a remark, of which the log holds nothing.
    if (table, column.name, value[0]) not in {("reviews", "comment", one) for one in "'9"}
]


@pytest.fixture
def filled(records: Records, add: Callable[..., ExaminationRecord], patient_id: str) -> Records:
    """Return records with a row of every kind that is checked, and a second patient."""
    made = add(1, 2)
    add_account(records, NewAccount("jane", Role.CLINICIAN), "me")
    with records.writing() as session:
        said = NewReview("correct", class_id="bkl")
        add_review(session, made.predictions[0].id, said, "dr-amal")
        record_consent(session, patient_id, NewConsent("training", False), "dr-amal")
        create_patient(session, PatientDetails("Omar", 1970), "dr-amal")
    return records


def _run(records: Records, *statements: str) -> None:
    path = records.engine.url.database
    assert path
    database = sqlite3.connect(path)
    for (trigger,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute("PRAGMA ignore_check_constraints = 1")
    for statement in statements:
        assert database.execute(statement).rowcount == 1, statement
    database.commit()
    database.close()


def _check(records: Records) -> AuditCheck:
    with records.reading() as session:
        return check_records(session)


def _raw_id(records: Records, table: str) -> str:
    path = records.engine.url.database
    assert path
    database = sqlite3.connect(path)
    order = "birth_year" if table == "patients" else "rowid"
    (own,) = database.execute(f"SELECT id FROM {table} ORDER BY {order} LIMIT 1").fetchone()
    database.close()
    return str(own)


@pytest.mark.parametrize(("table", "column", "value"), CASES)
def test_a_value_that_cannot_be_read_is_named_and_hides_no_other(
    filled: Records, table: str, column: str, value: str
) -> None:
    assert _check(filled).is_whole
    own = _raw_id(filled, table)
    _run(
        filled,
        "UPDATE patients SET sex = 'other' WHERE birth_year = 1970",
        f"UPDATE {table} SET {column} = {value} WHERE id = '{own}'",
    )
    check = _check(filled)
    assert not check.is_whole
    assert to_id(own) in getattr(check, FIELDS[table])
    assert check.altered_patients


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "column",
    ["at", "actor", "action", "subject", "subject_id", "details", "previous_hash", "hash"],
)
def test_an_entry_that_cannot_be_read_breaks_the_chain_and_hides_no_other(
    filled: Records, column: str, value: str
) -> None:
    _run(
        filled,
        "UPDATE patients SET sex = 'other' WHERE birth_year = 1970",
        f"UPDATE audit_log SET {column} = {value} WHERE number = 2",
    )
    check = _check(filled)
    assert check.broken_at == 2
    assert check.altered_patients


@pytest.mark.parametrize(
    "details",
    ['{"examinations": 5}', '{"examinations": [[]]}', '{"examination": ["x"]}', '{"lost": 1}'],
)
@pytest.mark.parametrize("action", ["examination.erase", "prediction.create", "records.downgrade"])
def test_details_of_another_form_break_the_chain_and_hide_no_other(
    filled: Records, action: str, details: str
) -> None:
    _run(
        filled,
        "UPDATE patients SET sex = 'other' WHERE birth_year = 1970",
        f"UPDATE audit_log SET action = '{action}', details = '{details}' WHERE number = 2",
    )
    check = _check(filled)
    assert check.broken_at == 2
    assert check.altered_patients


def test_a_consent_that_was_put_in_again_under_its_id_in_another_form_is_named(
    filled: Records,
) -> None:
    own = _raw_id(filled, "consents")
    _run(
        filled,
        "INSERT INTO consents (number, id, patient_id, purpose, given, recorded_by, created_at) "
        f"SELECT 99, '{to_id(own)}', patient_id, purpose, given, recorded_by, created_at "
        "FROM consents",
    )
    assert _check(filled).altered_judgements == (to_id(own),)


def test_rows_are_read_as_they_were_written(filled: Records) -> None:
    with filled.reading() as session:
        (row,) = iter_rows(session, Consent, Consent.purpose == "training")
        (wanted,) = session.query(Consent).all()
        names = [column.name for column in Consent.__table__.columns]
        assert {name: getattr(row, name) for name in names} == {
            name: getattr(wanted, name) for name in names
        }
        assert row.is_readable
        assert list(iter_rows(session, Consent, Consent.purpose == "care")) == []
