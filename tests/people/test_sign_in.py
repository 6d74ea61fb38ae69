"""Signing in: one answer to every no, and everything written down."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cancerapy.errors import InvalidRequestError
from cancerapy.people import passwords
from cancerapy.people.accounts import NewAccount, add_account, set_active
from cancerapy.people.passwords import is_password
from cancerapy.people.roles import Role
from cancerapy.people.sign_in import SignIn
from cancerapy.people.sign_in_guard import SignInGuard
from cancerapy.people.tokens import find_caller
from cancerapy.records import Records, RecordsError
from cancerapy.records.account_tables import Account
from cancerapy.records.tables import AuditEntry

GOOD = "seven green umbrellas"
HERE = "1.2.3.4"


@pytest.fixture
def sign_in(records: Records) -> SignIn:
    add_account(records, NewAccount("jane", Role.REVIEWER, GOOD, subject="42"), "cli")
    return SignIn(records, SignInGuard(records), timedelta(hours=2))


def _actions(records: Records) -> list[tuple[str, str]]:
    with records.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number))
        return [(entry.actor, entry.action) for entry in entries]


def test_the_right_password_gives_a_token(sign_in: SignIn, records: Records) -> None:
    issued, caller = sign_in.with_password("Jane", GOOD, HERE)
    assert caller.name == "jane"
    with records.reading() as session:
        assert find_caller(session, issued.token).name == "jane"
    assert _actions(records)[-1] == ("jane", "sign_in")


def test_every_sign_in_gets_a_token_of_its_own(sign_in: SignIn) -> None:
    first, _ = sign_in.with_password("jane", GOOD, HERE)
    second, _ = sign_in.with_password("jane", GOOD, HERE)
    assert first.token != second.token


def test_every_no_is_the_same(sign_in: SignIn, records: Records) -> None:
    add_account(records, NewAccount("shut", Role.REVIEWER, GOOD), "cli")
    set_active(records, "shut", active=False, actor="cli")
    add_account(records, NewAccount("provider-only", Role.REVIEWER, subject="7"), "cli")
    answers = set()
    for name, password in [
        ("jane", "wrong"),
        ("nobody", GOOD),
        ("shut", GOOD),
        ("provider-only", GOOD),
        ("", ""),
        ("ja\0ne", GOOD),  # which PostgreSQL cannot hold
    ]:
        with pytest.raises(InvalidRequestError) as caught:
            sign_in.with_password(name, password, HERE + name)
        answers.add((caught.value.message, caught.value.code, caught.value.status))
        assert _actions(records)[-1] == ("anybody", "sign_in.refused")
    ((message, code, status),) = answers
    assert (code, status) == ("sign_in_refused", 401)
    assert "these are not" in message


def test_what_was_typed_as_a_name_is_not_written_down(sign_in: SignIn, records: Records) -> None:
    with pytest.raises(InvalidRequestError):
        sign_in.with_password("my secret password", "jane", HERE)
    with records.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry.subject_id == "unknown"
    assert "secret" not in entry.details + entry.actor


def test_after_five_wrong_ones_the_right_one_has_to_wait(sign_in: SignIn, records: Records) -> None:
    for _ in range(5):
        with pytest.raises(InvalidRequestError, match="these are not"):
            sign_in.with_password("jane", "wrong", HERE)
    n_entries = len(_actions(records))
    for name in ("jane", "JANE "):
        with pytest.raises(InvalidRequestError, match="has to wait") as caught:
            sign_in.with_password(name, GOOD, HERE)
        assert caught.value.status == 429
    assert len(_actions(records)) == n_entries, "a paused try fills no log"
    sign_in.with_password("jane", GOOD, "5.6.7.8")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_no_password_is_compared_that_cannot_be_counted(
    records: Records, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    monkeypatch.setattr("cancerapy.people.sign_in.is_password", lambda *_: compared.append("one"))
    with records.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "home" / "records" / "records.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="kept them locked") as caught:
        sign_in.with_password("jane", GOOD, HERE)
    assert (caught.value.code, caught.value.status, compared) == ("records_busy", 503, [])
    other.execute("ROLLBACK")
    other.close()


def test_a_name_that_does_not_exist_is_paused_alike(sign_in: SignIn) -> None:
    def answers(name: str) -> list[Any]:
        found = []
        for _ in range(7):
            with pytest.raises(InvalidRequestError) as caught:
                sign_in.with_password(name, "wrong", f"for {name}")
            found.append(caught.value.message)
        return found

    assert answers("jane") == answers("nobody")


def test_both_take_the_same_computation(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = passwords._hasher(), []

    class Counting:
        def verify(self, hashed: str, password: str) -> bool:
            seen.append(hashed.split("$")[1:4])
            return real.verify(hashed, password)

    passwords._nobodys_hash()
    monkeypatch.setattr(passwords, "_hasher", Counting)
    for name in ("jane", "nobody"):
        with pytest.raises(InvalidRequestError):
            sign_in.with_password(name, "wrong", HERE)
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_an_account_closed_while_the_password_is_compared_gets_nothing(
    sign_in: SignIn, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compare(password: str, hashed: str | None) -> bool:
        with records.writing() as session:
            session.scalars(select(Account)).one().is_active = False
        return is_password(password, hashed)

    monkeypatch.setattr("cancerapy.people.sign_in.is_password", compare)
    with pytest.raises(InvalidRequestError, match="these are not"):
        sign_in.with_password("jane", GOOD, HERE)


def test_a_hash_of_older_parameters_is_renewed(sign_in: SignIn, records: Records) -> None:
    with records.writing() as session:
        account = session.scalars(select(Account)).one()
        account.password_hash = passwords.PasswordHasher(
            time_cost=2, memory_cost=8, parallelism=1
        ).hash(GOOD)
        old = account.password_hash
    sign_in.with_password("jane", GOOD, HERE)
    with records.reading() as session:
        hashed = session.scalars(select(Account)).one().password_hash
    assert hashed != old
    assert "t=1," in hashed
    assert is_password(GOOD, hashed)


def test_a_provider_s_subject_signs_its_account_in(sign_in: SignIn, records: Records) -> None:
    _, caller = sign_in.with_subject("42")
    assert caller.name == "jane"
    with pytest.raises(InvalidRequestError, match="subject '43'") as caught:
        sign_in.with_subject("43")
    assert (caught.value.code, caught.value.status) == ("account_unknown", 403)
    set_active(records, "jane", active=False, actor="cli")
    with pytest.raises(InvalidRequestError, match="subject '42'"):
        sign_in.with_subject("42")


def test_signing_out_ends_this_token_alone(sign_in: SignIn, records: Records) -> None:
    issued, _ = sign_in.with_password("jane", GOOD, HERE)
    other, _ = sign_in.with_password("jane", GOOD, HERE)
    with records.reading() as session:
        caller = find_caller(session, issued.token)
    assert sign_in.sign_out(caller) == 1
    with records.reading() as session:
        assert find_caller(session, issued.token) is None
        assert find_caller(session, other.token) is not None
    assert _actions(records)[-1] == ("jane", "sign_out")
