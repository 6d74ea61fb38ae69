"""Whoever changes a patient, an examination or an account in the database itself is found out."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import text

from cancerapy.contract.audit import AuditCheck
from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import Identifier, PatientDetails
from cancerapy.people.accounts import (
    NewAccount,
    add_account,
    change_account,
    get_account,
    set_password,
)
from cancerapy.people.roles import Role
from cancerapy.records import Records
from cancerapy.records.audit import write_entry
from cancerapy.records.erasure import erase_patient
from cancerapy.records.integrity import check_records
from cancerapy.records.patients import create_patient, update_patient
from cancerapy.records.tables import Examination

Add = Callable[..., ExaminationRecord]
KINDS = ("patient", "examination", "account")
DETAILS = PatientDetails("Layla Haddad", 1961, "female", (Identifier("hospital", "H-7"),))


@pytest.fixture
def ids(records: Records, add: Add, patient_id: str) -> dict[str, str]:
    """Return the ids of a patient, an examination of two images and a clinician's account."""
    account = add_account(records, NewAccount("jane", Role.CLINICIAN), "me")
    return {"patient": patient_id, "examination": add(1, 2).id, "account": account.id}


def _run(records: Records, statement: str, **ids: str) -> None:
    """Change the database itself."""
    if records.engine.dialect.name == "sqlite":
        ids = {name: own.replace("-", "") for name, own in ids.items()}
    with records.writing() as session:
        assert session.execute(text(statement), ids).rowcount == 1  # type: ignore[attr-defined]


def _check(records: Records) -> AuditCheck:
    with records.reading() as session:
        check = check_records(session)
    assert (check.broken_at, check.reason) == (None, "")
    return check


def _altered(records: Records) -> dict[str, tuple[str, ...]]:
    check = _check(records)
    found = {kind: getattr(check, f"altered_{kind}s") for kind in KINDS}
    assert check.is_whole is not any(found.values())
    assert check.n_without_digest == 0
    return {kind: own for kind, own in found.items() if own}


def test_what_was_written_and_changed_with_an_entry_is_whole(
    records: Records, ids: dict[str, str]
) -> None:
    assert _altered(records) == {}
    with records.writing() as session:
        update_patient(session, ids["patient"], PatientDetails("Layla H.", 1962), "me")
    add_account(records, NewAccount("root", Role.ADMINISTRATOR), "me")
    set_password(records, ids["account"], "a long enough one 7", actor="me")
    with records.writing() as session:
        change_account(
            session, get_account(session, "jane"), Role.REVIEWER, None, active=False, actor="me"
        )
    assert _altered(records) == {}


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("patient", "UPDATE patients SET name = 'Lyla' WHERE id = :id"),
        ("patient", "UPDATE patients SET birth_year = 1962 WHERE id = :id"),
        ("patient", "UPDATE patients SET birth_year = NULL WHERE id = :id"),
        ("patient", "UPDATE patients SET sex = 'male' WHERE id = :id"),
        ("patient", "UPDATE patients SET created_at = '2020-01-01 00:00:00' WHERE id = :id"),
        ("patient", "UPDATE patient_identifiers SET value = 'H-8' WHERE patient_id = :id"),
        ("patient", "DELETE FROM patient_identifiers WHERE patient_id = :id"),
        ("patient", "UPDATE patients SET content_key = NULL WHERE id = :id"),
        ("patient", "UPDATE patients SET content_key = 'another' WHERE id = :id"),
        ("examination", 'UPDATE examinations SET answers = \'{"sex": "male"}\' WHERE id = :id'),
        ("examination", "UPDATE examinations SET lesion = 'right arm' WHERE id = :id"),
        ("examination", "UPDATE examinations SET task = 'skin-7' WHERE id = :id"),
        ("examination", "UPDATE examinations SET created_by = 'dr-omar' WHERE id = :id"),
        (
            "examination",
            "UPDATE examination_images SET laterality = 'R' "
            "WHERE examination_id = :id AND position = 1",
        ),
        (
            "examination",
            "UPDATE examination_images SET view = 'far' WHERE examination_id = :id AND position=0",
        ),
        ("account", "UPDATE accounts SET role = 'administrator' WHERE id = :id"),
        ("account", "UPDATE accounts SET is_active = false WHERE id = :id"),
        ("account", "UPDATE accounts SET subject = 'somebody' WHERE id = :id"),
        ("account", "UPDATE accounts SET password_hash = 'known' WHERE id = :id"),
        ("account", "DELETE FROM accounts WHERE id = :id"),
    ],
)
def test_a_change_without_an_entry_names_the_record_and_only_it(
    records: Records, ids: dict[str, str], kind: str, statement: str
) -> None:
    _run(records, statement, id=ids[kind])
    assert _altered(records) == {kind: (ids[kind],)}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("own", "statement"),
    [
        ("examination", "UPDATE examinations SET answers = 'no JSON' WHERE id = :id"),
        ("examination", "UPDATE examinations SET answers = '[1' WHERE id = :id"),
        ("patient", "UPDATE patients SET created_at = 'never' WHERE id = :id"),
        ("patient", "UPDATE patients SET name = x'00ff' WHERE id = :id"),
        ("account", "UPDATE accounts SET is_active = 'x' WHERE id = :id"),
    ],
)
def test_what_can_no_longer_be_read_is_named_too(
    records: Records, ids: dict[str, str], own: str, statement: str
) -> None:
    _run(records, statement, id=ids[own])
    assert _altered(records) == {own: (ids[own],)}


def test_a_change_is_not_covered_by_an_entry_that_comes_after(
    records: Records, ids: dict[str, str]
) -> None:
    _run(records, "UPDATE patients SET birth_year = 1999 WHERE id = :id", id=ids["patient"])
    with records.writing() as session:
        update_patient(session, ids["patient"], DETAILS, "me")
        write_entry(session, "me", "patient.read", "patient", ids["patient"])
    assert _altered(records) == {"patient": (ids["patient"],)}


def test_a_change_by_our_own_code_without_an_entry_is_named(
    records: Records, ids: dict[str, str]
) -> None:
    with records.writing() as session:
        row = session.get(Examination, ids["examination"])
        assert row
        row.answers = {"age": "50"}
    assert _altered(records) == {"examination": (ids["examination"],)}


def test_rows_that_come_without_an_entry_are_named(records: Records, ids: dict[str, str]) -> None:
    own = {"id": "11111111-1111-4111-8111-111111111111", "patient": ids["patient"]}
    for statement in (
        "INSERT INTO patients (id, name, sex, created_at, content_key) "
        "SELECT :id, name, sex, created_at, content_key FROM patients WHERE id = :patient",
        "INSERT INTO accounts (id, name, role, is_active, created_at, patient_id) "
        "SELECT :id, 'eve', 'patient', true, created_at, id FROM patients WHERE id = :patient",
    ):
        if records.engine.dialect.name == "postgresql":
            statement = statement.replace(":id", "CAST(:id AS uuid)", 1)
        _run(records, statement, **own)
    check = _check(records)
    assert check.altered_patients == check.altered_accounts == (own["id"],)
    assert check.n_without_digest == 0


def test_an_erasure_takes_patient_examinations_and_account_and_leaves_nothing_to_name(
    records: Records, ids: dict[str, str]
) -> None:
    patient = NewAccount("layla", Role.PATIENT, patient_id=ids["patient"])
    account = add_account(records, patient, "me").id
    _run(records, "UPDATE patients SET birth_year = 1999 WHERE id = :id", id=ids["patient"])
    erase_patient(records, ids["patient"], "me")
    assert _altered(records) == {}
    _run(records, "UPDATE accounts SET role = 'reviewer' WHERE id = :id", id=ids["account"])
    assert _altered(records) == {"account": (ids["account"],)}
    assert account != ids["account"]


def test_a_patient_whose_row_was_deleted_past_an_erasure_is_named(records: Records) -> None:
    with records.writing() as session:
        own = create_patient(session, PatientDetails("Omar"), "me").id
    _run(records, "DELETE FROM patients WHERE id = :id", id=own)
    assert _altered(records) == {"patient": (own,)}


def _write_as_before_digests(records: Records, kind: str, table: str, **values: str) -> str:
    """Put a row with its entry on the record as versions did that knew no digest."""
    own = str(uuid.uuid4())
    columns = ", ".join(values)
    given = ", ".join(f"'{value}'" for value in values.values())
    _run(
        records,
        f"INSERT INTO {table} (id, created_at, {columns}) "
        f"VALUES ('{_raw(records, own)}', '2026-01-02 03:04:05', {given})",
    )
    action = "account.add" if kind == "account" else f"{kind}.create"
    role = {"role": values["role"]} if "role" in values else {}
    with records.writing() as session:
        write_entry(session, "me", action, kind, own, **role)
    return own


def _raw(records: Records, own: str) -> str:
    return own.replace("-", "") if records.engine.dialect.name == "sqlite" else own


def test_of_what_was_written_before_digests_only_the_presence_is_checked(records: Records) -> None:
    own = _write_as_before_digests(records, "patient", "patients", name="Layla", sex="female")
    _run(records, "UPDATE patients SET sex = 'male' WHERE id = :id", id=own)
    check = _check(records)
    assert (check.is_whole, check.n_without_digest) == (True, 1)
    with records.writing() as session:
        update_patient(session, own, DETAILS, "me")
    assert _altered(records) == {}
    _run(records, "UPDATE patients SET sex = 'male' WHERE id = :id", id=own)
    assert _altered(records) == {"patient": (own,)}


def test_one_from_before_digests_that_is_gone_is_named(records: Records) -> None:
    own = _write_as_before_digests(records, "patient", "patients", name="Layla", sex="female")
    _run(records, "DELETE FROM patients WHERE id = :id", id=own)
    assert _altered(records) == {"patient": (own,)}


def test_accounts_that_went_with_an_erasure_from_before_it_named_them_are_not_missed(
    records: Records,
) -> None:
    patient = _write_as_before_digests(records, "patient", "patients", name="Layla", sex="female")
    fields = {"name": "layla", "role": "patient", "patient_id": _raw(records, patient)}
    _write_as_before_digests(records, "account", "accounts", is_active="1", **fields)
    fields = {"name": "jane", "role": "clinician"}
    jane = _write_as_before_digests(records, "account", "accounts", is_active="1", **fields)
    _run(records, "DELETE FROM patients WHERE id = :id", id=patient)
    with records.writing() as session:
        write_entry(session, "me", "patient.erase", "patient", patient, examinations=[])
    check = _check(records)
    assert (check.is_whole, check.n_without_digest) == (True, 1)
    _run(records, "DELETE FROM accounts WHERE id = :id", id=jane)
    assert _altered(records) == {"account": (jane,)}
