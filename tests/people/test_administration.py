"""What an administrator does with the accounts of others, in both databases."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from cancerapy.contract.accounts import AccountChange, AccountRequest
from cancerapy.contract.requests import PatientDetails
from cancerapy.errors import InvalidRequestError
from cancerapy.people import administration
from cancerapy.people.accounts import NewAccount, add_account, get_account
from cancerapy.people.caller import OWN_USER, Caller
from cancerapy.people.passwords import is_password
from cancerapy.people.roles import Role
from cancerapy.people.tokens import find_caller, issue_token, to_caller
from cancerapy.records import RecordConflictError, Records, RecordUnknownError, open_records
from cancerapy.records.account_tables import Account
from cancerapy.records.patients import create_patient
from cancerapy.records.tables import AuditEntry, Patient
from cancerapy.settings import Settings

GOOD, OTHER = "seven green umbrellas", "nine yellow kettles"
CLOSED = AccountChange("administrator", is_active=False)


@pytest.fixture
def records(records_settings: Settings, cheap_passwords: None) -> Iterator[Records]:
    """Return empty records, once in SQLite and once in PostgreSQL."""
    opened = open_records(records_settings)
    yield opened
    opened.close()


@pytest.fixture
def jane(records: Records) -> Caller:
    """An administrator who is signed in."""
    account = add_account(records, NewAccount("jane", Role.ADMINISTRATOR, GOOD), "cli")
    with records.writing() as session:
        issued = issue_token(session, account.id, lasts=timedelta(days=1), label="sign-in")
    with records.reading() as session:
        caller = find_caller(session, issued.token)
    assert caller is not None
    return caller


def _add(records: Records, name: str, role: Role = Role.REVIEWER) -> Account:
    return add_account(records, NewAccount(name, role, GOOD), "cli")


def _token(records: Records, account: Account, label: str = "script") -> str:
    with records.writing() as session:
        return issue_token(session, account.id, lasts=timedelta(days=1), label=label).token


def _holds(records: Records, token: str) -> bool:
    with records.reading() as session:
        return find_caller(session, token) is not None


def _entries(records: Records) -> list[tuple[str, str, str, dict[str, object]]]:
    with records.reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.number))
        return [(row.actor, row.action, row.subject_id, json.loads(row.details)) for row in rows]


def test_a_password_is_made_unless_there_is_another_way_in(records: Records, jane: Caller) -> None:
    made = administration.add(records, AccountRequest("Sam", "reviewer"), jane)
    given = administration.add(records, AccountRequest("ann", "reviewer", password=OTHER), jane)
    provided = administration.add(records, AccountRequest("eve", "reviewer", subject="7"), jane)
    with records.reading() as session:
        hashes = [get_account(session, name).password_hash for name in ("sam", "ann", "eve")]
    assert made.password is not None
    assert is_password(made.password, hashes[0])
    assert is_password(OTHER, hashes[1])
    assert (given.password, provided.password, hashes[2]) == (None, None, None)
    assert made.account.name == "sam"
    assert (provided.account.has_password, provided.account.subject) == (False, "7")
    assert [entry[:2] for entry in _entries(records)[-3:]] == [("jane", "account.add")] * 3


@pytest.mark.parametrize("subject", ["x" * 256, "a\0b"])
def test_a_subject_that_no_database_keeps_is_refused(
    records: Records, jane: Caller, subject: str
) -> None:
    with pytest.raises(InvalidRequestError, match="'subject' must be readable text"):
        administration.add(records, AccountRequest("sam", "reviewer", subject=subject), jane)


def test_accounts_are_listed_newest_first_in_pages(records: Records, jane: Caller) -> None:
    sam = _add(records, "sam")
    _token(records, sam)
    with records.reading() as session:
        first = administration.list_page(session, limit=1)
        second = administration.list_page(session, limit=1, after=first.next)
    (newest,), (oldest,) = first.items, second.items
    assert (newest.name, newest.role, newest.n_tokens) == ("sam", "reviewer", 1)
    assert (oldest.name, oldest.is_active, oldest.n_tokens) == ("jane", True, 1)
    assert (first.next, second.next) == (sam.id, None)


def test_another_role_ends_tokens_and_is_written_down(records: Records, jane: Caller) -> None:
    sam = _add(records, "sam")
    token = _token(records, sam)
    wanted = AccountChange("clinician", is_active=True)
    assert administration.change(records, sam.id, wanted, jane).role == "clinician"
    assert not _holds(records, token)
    details = {"before": "reviewer", "role": "clinician", "tokens_ended": 1}
    *entry, written = _entries(records)[-1]
    assert entry == ["jane", "account.role", sam.id]
    assert len(written.pop("content_hmac")) == len(written.pop("content_hmac_before")) == 64
    assert written == details
    n_entries = len(_entries(records))
    administration.change(records, sam.id, wanted, jane)
    assert len(_entries(records)) == n_entries, "what stays as it is leaves no entry"


def test_a_patient_s_account_belongs_to_a_record(records: Records, jane: Caller) -> None:
    sam = _add(records, "sam")
    with records.writing() as session:
        patient = Patient(name="Layla")
        session.add(patient)
        session.flush()
    of_nobody = "00000000-0000-4000-8000-000000000000"
    for wanted, error in (
        (AccountChange("patient", is_active=True), InvalidRequestError),
        (AccountChange("reviewer", is_active=True, patient_id=patient.id), InvalidRequestError),
        (AccountChange("patient", is_active=True, patient_id=of_nobody), RecordUnknownError),
    ):
        with pytest.raises(error):
            administration.change(records, sam.id, wanted, jane)
    wanted = AccountChange("patient", is_active=True, patient_id=patient.id)
    assert administration.change(records, sam.id, wanted, jane).patient_id == patient.id


def test_a_record_s_id_may_be_spelt_in_capitals(records: Records, jane: Caller) -> None:
    with records.writing() as session:
        patient = create_patient(session, PatientDetails("Layla Haddad"), "cli").id
    wanted = AccountRequest("layla", "patient", patient.upper(), password=GOOD)
    account = administration.add(records, wanted, jane).account
    assert account.patient_id == patient
    with records.reading() as session:
        token = _token(records, get_account(session, "layla"))
    same = AccountChange("patient", is_active=True, patient_id=patient.upper())
    assert administration.change(records, account.id, same, jane).patient_id == patient
    assert _holds(records, token)  # it is the same record, so nothing was changed


def test_closing_ends_tokens_and_opening_brings_none_back(records: Records, jane: Caller) -> None:
    sam = _add(records, "sam")
    token = _token(records, sam)
    for active in (False, True):
        wanted = AccountChange("reviewer", is_active=active)
        changed = administration.change(records, sam.id, wanted, jane)
        assert (changed.is_active, changed.n_tokens) == (active, 0)
        assert not _holds(records, token)
    assert [entry[:3] for entry in _entries(records)[-2:]] == [
        ("jane", "account.disable", sam.id),
        ("jane", "account.enable", sam.id),
    ]


def test_nobody_locks_themselves_out(records: Records, jane: Caller) -> None:
    _add(records, "sam", Role.ADMINISTRATOR)
    assert jane.account_id is not None
    for wanted in (CLOSED, AccountChange("reviewer", is_active=True)):
        with pytest.raises(RecordConflictError, match="this one is your own") as caught:
            administration.change(records, jane.account_id, wanted, jane)
        assert (caught.value.code, caught.value.status) == ("own_account", 409)
    with pytest.raises(RecordConflictError, match="/api/v1/account/password"):
        administration.give_password(records, jane.account_id, OTHER, jane)


def test_the_last_administrator_stays_one(records: Records) -> None:
    """The machine's own user has no account, so this is all that holds them back."""
    sam = _add(records, "sam", Role.ADMINISTRATOR)
    for wanted in (CLOSED, AccountChange("reviewer", is_active=True)):
        with pytest.raises(RecordConflictError, match="'sam' is the last") as caught:
            administration.change(records, sam.id, wanted, OWN_USER)
        assert (caught.value.code, caught.value.status) == ("last_administrator", 409)
    closed = _add(records, "ann", Role.ADMINISTRATOR)
    administration.change(records, closed.id, CLOSED, OWN_USER)
    with pytest.raises(RecordConflictError, match="'sam' is the last"):
        administration.change(records, sam.id, CLOSED, OWN_USER)
    demoted = AccountChange("reviewer", is_active=False)
    assert administration.change(records, closed.id, demoted, OWN_USER).role == "reviewer"


def test_two_administrators_who_close_each_other_leave_one(records: Records) -> None:
    accounts = [_add(records, name, Role.ADMINISTRATOR) for name in ("jane", "sam")]
    callers = [to_caller(account) for account in accounts]

    def close(place: int) -> bool:
        try:
            administration.change(records, accounts[1 - place].id, CLOSED, callers[place])
        except RecordConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, (0, 1))) == [False, True]


def test_another_password_is_made_or_given_and_ends_tokens(records: Records, jane: Caller) -> None:
    sam = _add(records, "sam")
    token = _token(records, sam)
    made = administration.give_password(records, sam.id, None, jane)
    assert (made.n_ended, _holds(records, token)) == (1, False)
    given = administration.give_password(records, sam.id, OTHER, jane)
    assert given.password is None
    with records.reading() as session:
        hashed = get_account(session, "sam").password_hash
    assert is_password(OTHER, hashed)
    assert not is_password(made.password or "", hashed)
    with pytest.raises(InvalidRequestError, match="must have 12 to 200"):
        administration.give_password(records, sam.id, "", jane)
    assert [entry[:3] for entry in _entries(records)[-2:]] == [
        ("jane", "account.password", sam.id)
    ] * 2


def test_tokens_are_listed_without_their_secret_and_ended(records: Records, jane: Caller) -> None:
    sam = _add(records, "sam")
    tokens = [_token(records, sam, label) for label in ("old phone", "import")]
    with records.reading() as session:
        listed = administration.list_tokens(session, sam.id, OWN_USER).tokens
    assert [one.label for one in listed] == ["import", "old phone"]
    assert all(one.expires_at > one.created_at for one in listed)
    assert administration.end_tokens(records, sam.id, jane) == 2
    assert not any(_holds(records, token) for token in tokens)
    with records.reading() as session:
        assert administration.list_tokens(session, sam.id, OWN_USER).tokens == ()
    assert _entries(records)[-1] == ("jane", "token.revoke", sam.id, {"tokens_ended": 2})


def test_ending_one_s_own_tokens_keeps_the_one_in_use(records: Records, jane: Caller) -> None:
    with records.reading() as session:
        account = get_account(session, "jane")
    lost = _token(records, account)
    assert administration.end_tokens(records, account.id, jane) == 1
    assert not _holds(records, lost)
    with records.reading() as session:
        assert len(administration.list_tokens(session, account.id, OWN_USER).tokens) == 1


def test_an_account_that_there_is_not_is_unknown(records: Records, jane: Caller) -> None:
    for unknown in ("00000000-0000-4000-8000-000000000000", "jane"):
        with pytest.raises(RecordUnknownError):
            administration.change(records, unknown, CLOSED, jane)
        with pytest.raises(RecordUnknownError):
            administration.give_password(records, unknown, None, jane)
        with pytest.raises(RecordUnknownError):
            administration.end_tokens(records, unknown, jane)
        with records.reading() as session, pytest.raises(RecordUnknownError):
            administration.list_tokens(session, unknown, OWN_USER)
