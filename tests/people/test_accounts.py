"""Accounts: what can be made, and what is written down about it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from cancerapy.errors import InvalidRequestError, UnknownNameError, UsageError
from cancerapy.people.accounts import (
    NewAccount,
    add_account,
    find_account,
    get_account,
    has_accounts,
    list_accounts,
    parse_role,
    set_active,
    set_password,
)
from cancerapy.people.passwords import is_password
from cancerapy.people.roles import ACCOUNT_ROLES, Role
from cancerapy.people.tokens import issue_token
from cancerapy.records import (
    AccessToken,
    RecordConflictError,
    Records,
    RecordUnknownError,
    open_records,
)
from cancerapy.records.account_tables import ROLES
from cancerapy.records.backup import write_backup
from cancerapy.records.restore import restore_backup
from cancerapy.records.tables import AuditEntry, Patient
from cancerapy.settings import Settings

GOOD = "seven green umbrellas"


def _entries(records: Records) -> list[AuditEntry]:
    with records.reading() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


def _patient(records: Records) -> str:
    with records.writing() as session:
        patient = Patient(name="Jane Doe")
        session.add(patient)
        session.flush()
        return patient.id


def test_the_roles_of_the_table_are_those_of_accounts() -> None:
    assert tuple(role.value for role in ACCOUNT_ROLES) == ROLES
    assert parse_role("reviewer") is Role.REVIEWER
    with pytest.raises(UnknownNameError, match="Did you mean 'clinician'"):
        parse_role("clinicain")
    with pytest.raises(UnknownNameError):
        parse_role("device")


def test_an_account_keeps_the_hash_and_not_the_password(records: Records) -> None:
    with records.reading() as session:
        assert not has_accounts(session)
    account = add_account(records, NewAccount(" Jane.Doe ", Role.CLINICIAN, GOOD), "cli")
    assert (account.name, account.role, account.is_active) == ("jane.doe", "clinician", True)
    assert is_password(GOOD, account.password_hash)
    with records.reading() as session:
        assert has_accounts(session)
        assert find_account(session, "JANE.DOE").id == account.id
        assert [other.name for other in list_accounts(session)] == ["jane.doe"]
    (entry,) = _entries(records)
    assert (entry.actor, entry.action, entry.subject_id) == ("cli", "account.add", account.id)
    details = json.loads(entry.details)
    assert len(details.pop("content_hmac")) == 64
    assert details == {"role": "clinician"}
    with records.reading() as session:
        names = inspect(session.connection()).get_table_names()
        stored = str([session.execute(text(f"SELECT * FROM {name}")).all() for name in names])
    assert "jane.doe" in stored
    assert GOOD not in stored


@pytest.mark.parametrize(
    "name", ["", "x", "-jane", "two words", "a" * 61, "ja\nne", "ja;ne", "Local", "cli"]
)
def test_a_name_that_is_none_is_refused(records: Records, name: str) -> None:
    with pytest.raises(InvalidRequestError, match="must have 2 to 60 letters") as caught:
        add_account(records, NewAccount(name, Role.REVIEWER, GOOD), "cli")
    assert caught.value.code == "account_name_invalid"
    assert _entries(records) == []


def test_a_name_and_a_subject_belong_to_one_account(records: Records) -> None:
    add_account(records, NewAccount("jane", Role.CLINICIAN, GOOD, subject="42"), "cli")
    add_account(records, NewAccount("sam", Role.CLINICIAN, GOOD), "cli")
    add_account(records, NewAccount("ann", Role.CLINICIAN, GOOD), "cli")
    for again in (
        NewAccount("JANE", Role.REVIEWER, GOOD),
        NewAccount("joan", Role.REVIEWER, subject="42"),
    ):
        with pytest.raises(RecordConflictError, match="already one with") as caught:
            add_account(records, again, "cli")
        assert caught.value.code == "account_exists"


def test_only_a_patient_has_a_record(records: Records) -> None:
    patient = _patient(records)
    account = add_account(records, NewAccount("jane", Role.PATIENT, GOOD, patient), "cli")
    assert account.patient_id == patient
    with pytest.raises(InvalidRequestError, match="'patient' and no record"):
        add_account(records, NewAccount("joan", Role.PATIENT, GOOD), "cli")
    with pytest.raises(InvalidRequestError, match="'clinician' and a record"):
        add_account(records, NewAccount("joan", Role.CLINICIAN, GOOD, patient), "cli")
    for unknown in ("00000000-0000-4000-8000-000000000000", "no uuid"):
        with pytest.raises(RecordUnknownError):
            add_account(records, NewAccount("joan", Role.PATIENT, GOOD, unknown), "cli")


def test_a_patient_s_account_leaves_with_the_record(records: Records) -> None:
    patient = _patient(records)
    add_account(records, NewAccount("jane", Role.PATIENT, GOOD, patient), "cli")
    with records.writing() as session:
        session.delete(session.get(Patient, patient))
    with records.reading() as session:
        assert list_accounts(session) == []


def test_the_last_administrator_stays(records: Records) -> None:
    add_account(records, NewAccount("jane", Role.ADMINISTRATOR, GOOD), "cli")
    with pytest.raises(UsageError, match="'jane' is the last") as caught:
        set_active(records, "jane", active=False, actor="cli")
    assert caught.value.code == "last_administrator"
    add_account(records, NewAccount("sam", Role.ADMINISTRATOR, GOOD), "cli")
    assert not set_active(records, "jane", active=False, actor="sam").is_active
    assert set_active(records, "jane", active=True, actor="sam").is_active
    assert [e.action for e in _entries(records)][-2:] == ["account.disable", "account.enable"]


def test_another_password_replaces_the_first(records: Records) -> None:
    account = add_account(records, NewAccount("jane", Role.REVIEWER, GOOD), "cli")
    with pytest.raises(InvalidRequestError, match="contains the name"):
        set_password(records, account.id, "jane is my name", actor="jane")
    assert set_password(records, account.id, "nine yellow kettles", actor="jane") == 0
    with pytest.raises(RecordConflictError, match="set another meanwhile"):
        set_password(
            records, account.id, "ten yellow kettles", actor="jane", instead_of="an older hash"
        )
    with records.reading() as session:
        hashed = get_account(session, "jane").password_hash
    assert is_password("nine yellow kettles", hashed)
    assert not is_password(GOOD, hashed)


def test_a_backup_holds_the_accounts_and_no_token(records: Records, tmp_path: Path) -> None:
    """Otherwise a restoration would sign somebody in again who has signed out since."""
    account = add_account(records, NewAccount("jane", Role.REVIEWER, GOOD), "cli")
    with records.writing() as session:
        issue_token(session, account.id, lasts=timedelta(days=1), label="test")
    summary = write_backup(records, tmp_path / "backup.zip")
    assert summary.n_rows["accounts"] == 1
    assert "access_tokens" not in summary.n_rows
    restored = open_records(Settings(home=tmp_path / "restored"))
    restore_backup(restored, tmp_path / "backup.zip")
    with restored.reading() as session:
        assert is_password(GOOD, get_account(session, "jane").password_hash)
        assert session.scalars(select(AccessToken)).all() == []
    restored.close()


def test_an_unknown_name_is_offered_the_nearest(records: Records) -> None:
    add_account(records, NewAccount("jane", Role.ADMINISTRATOR, GOOD), "cli")
    with records.reading() as session, pytest.raises(UnknownNameError, match="mean 'jane'"):
        get_account(session, "jaen")
