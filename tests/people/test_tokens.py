"""Tokens: random, kept as digests, and over when they should be."""

from datetime import timedelta

import pytest

from cancerapy.errors import InvalidRequestError
from cancerapy.people.accounts import NewAccount, add_account, set_active
from cancerapy.people.roles import Role
from cancerapy.people.tokens import MARK, find_caller, issue_token, revoke_tokens
from cancerapy.people.under_way import digest_of
from cancerapy.records import Records
from cancerapy.records.account_tables import AccessToken, Account
from cancerapy.records.columns import now

HOUR = timedelta(hours=1)


@pytest.fixture
def account(records: Records) -> Account:
    return add_account(records, NewAccount("jane", Role.REVIEWER), "cli")


def _issue(records: Records, account: Account) -> str:
    with records.writing() as session:
        return issue_token(session, account.id, lasts=HOUR, label="test").token


def _holds(records: Records, token: str) -> bool:
    with records.reading() as session:
        return find_caller(session, token) is not None


def test_a_token_stands_for_its_account(records: Records, account: Account) -> None:
    token = _issue(records, account)
    assert token.startswith(MARK)
    assert len(token) == len(MARK) + 43  # 256 bits
    with records.reading() as session:
        caller = find_caller(session, token)
        assert session.get(AccessToken, token) is None
        kept = session.get(AccessToken, digest_of(token))
        assert kept.expires_at - now() == pytest.approx(HOUR, abs=timedelta(minutes=1))
    assert (caller.name, caller.roles) == ("jane", frozenset({Role.REVIEWER}))
    assert caller.account_id == account.id
    assert caller.token_digest == digest_of(token)


def test_no_two_tokens_are_the_same(records: Records, account: Account) -> None:
    assert _issue(records, account) != _issue(records, account)


def test_anything_else_stands_for_nobody(records: Records, account: Account) -> None:
    token = _issue(records, account)
    for other in ("", MARK, token[:-1], token + "x", token.upper(), digest_of(token)):
        assert not _holds(records, other)


def test_a_token_ends_with_its_time(records: Records, account: Account) -> None:
    token = _issue(records, account)
    with records.writing() as session:
        session.get(AccessToken, digest_of(token)).expires_at = now() - timedelta(seconds=1)
    assert not _holds(records, token)


def test_a_token_ends_when_it_is_revoked(records: Records, account: Account) -> None:
    first, second, third = (_issue(records, account) for _ in range(3))
    with records.writing() as session:
        assert revoke_tokens(session, account.id, only=digest_of(first)) == 1
    assert [_holds(records, t) for t in (first, second, third)] == [False, True, True]
    with records.writing() as session:
        assert revoke_tokens(session, account.id, but=digest_of(third)) == 1
    assert [_holds(records, t) for t in (first, second, third)] == [False, False, True]


def test_tokens_end_with_the_account_and_do_not_come_back(
    records: Records, account: Account
) -> None:
    token = _issue(records, account)
    set_active(records, "jane", active=False, actor="cli")
    assert not _holds(records, token)
    set_active(records, "jane", active=True, actor="cli")
    assert not _holds(records, token)


def test_the_role_is_the_account_s_of_now(records: Records, account: Account) -> None:
    token = _issue(records, account)
    with records.writing() as session:
        session.get(Account, account.id).role = "clinician"
    with records.reading() as session:
        assert find_caller(session, token).roles == {Role.CLINICIAN}


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_holds_for_some_time_and_not_for_ever(
    records: Records, account: Account, days: int
) -> None:
    with records.writing() as session, pytest.raises(InvalidRequestError, match=f"{days} days are"):
        issue_token(session, account.id, lasts=timedelta(days=days), label="test")


def test_rows_of_tokens_that_ended_long_ago_go(records: Records, account: Account) -> None:
    token = _issue(records, account)
    with records.writing() as session:
        session.get(AccessToken, digest_of(token)).expires_at = now() - timedelta(days=31)
    _issue(records, account)
    with records.reading() as session:
        assert session.get(AccessToken, digest_of(token)) is None
