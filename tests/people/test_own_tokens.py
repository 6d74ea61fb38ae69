"""Tokens that people make for themselves, in both databases."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from cancerapy.contract.accounts import TokenMade, TokenRequest
from cancerapy.errors import InvalidRequestError
from cancerapy.people import own_tokens
from cancerapy.people.accounts import NewAccount, add_account, change_account, set_password
from cancerapy.people.caller import DEVICE, OWN_USER, Caller
from cancerapy.people.roles import Role
from cancerapy.people.sign_in import SignIn
from cancerapy.people.sign_in_guard import SignInGuard
from cancerapy.people.tokens import MAX_DAYS, find_caller
from cancerapy.people.under_way import digest_of
from cancerapy.records import Records, RecordUnknownError
from cancerapy.records.account_tables import Account
from cancerapy.records.tables import AuditEntry

GOOD, OTHER = "seven green umbrellas", "nine yellow kettles"


@pytest.fixture
def sign_in(records: Records) -> SignIn:
    return SignIn(records, SignInGuard(records), timedelta(hours=12))


@pytest.fixture
def jane(records: Records, sign_in: SignIn) -> Caller:
    """A clinician who is signed in."""
    add_account(records, NewAccount("jane", Role.CLINICIAN, GOOD), "cli")
    issued, caller = sign_in.with_password("jane", GOOD, "1.2.3.4")
    return Caller(
        caller.name, caller.roles, caller.account_id, token_digest=digest_of(issued.token)
    )


def _make(
    records: Records, sign_in: SignIn, caller: Caller, password: str = GOOD, days: float = 30
) -> TokenMade:
    wanted = TokenRequest("nightly import", password, days)
    return own_tokens.make_token(records, sign_in, wanted, caller, "1.2.3.4")


def _find(records: Records, token: str) -> Caller | None:
    with records.reading() as session:
        return find_caller(session, token)


def test_a_token_can_do_what_its_account_can_and_no_more(
    records: Records, sign_in: SignIn, jane: Caller
) -> None:
    made = _make(records, sign_in, jane)
    found = _find(records, made.token)
    assert found is not None
    assert (found.account_id, found.roles) == (jane.account_id, frozenset({Role.CLINICIAN}))
    with records.writing() as session:
        account = session.get_one(Account, jane.account_id)
        change_account(session, account, Role.REVIEWER, None, active=True, actor="cli")
    assert _find(records, made.token) is None


def test_tokens_are_listed_without_their_secrets_and_ended_one_by_one(
    records: Records, sign_in: SignIn, jane: Caller
) -> None:
    made, other = (_make(records, sign_in, jane) for _ in range(2))
    account_id = own_tokens.account_of(jane)
    with records.reading() as session:
        listed = own_tokens.list_tokens(session, account_id, jane).tokens
    assert {one.id for one in listed} >= {made.record.id, other.record.id}
    assert [one.label for one in listed if one.is_current] == ["sign-in"]
    assert made.record in listed
    assert made.token not in str(listed)
    own_tokens.end_token(records, account_id, made.record.id, jane)
    assert _find(records, made.token) is None
    assert _find(records, other.token) is not None
    for unknown in (made.record.id, "", other.record.id[:8], other.token):
        with pytest.raises(RecordUnknownError, match="must be that of a token"):
            own_tokens.end_token(records, account_id, unknown, jane)
    assert _find(records, other.token) is not None


def test_making_and_ending_stand_in_the_audit_log(
    records: Records, sign_in: SignIn, jane: Caller
) -> None:
    made = _make(records, sign_in, jane)
    own_tokens.end_token(records, own_tokens.account_of(jane), made.record.id, jane)
    with records.reading() as session:
        query = select(AuditEntry).where(AuditEntry.subject == "account")
        entries = list(session.scalars(query.order_by(AuditEntry.number)))[-2:]
    assert [(one.actor, one.action, one.subject_id) for one in entries] == [
        ("jane", "token.issue", jane.account_id),
        ("jane", "token.revoke", jane.account_id),
    ]
    details = [json.loads(one.details) for one in entries]
    assert details == [{"days": 30}, {"tokens_ended": 1}]


def test_a_token_alone_makes_no_other(records: Records, sign_in: SignIn, jane: Caller) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        _make(records, sign_in, jane, OTHER)
    assert caught.value.code == "sign_in_refused"
    codes = []
    for _ in range(6):
        with pytest.raises(InvalidRequestError) as caught:
            _make(records, sign_in, jane, OTHER)
        codes.append(caught.value.code)
    assert codes[-1] == "sign_in_paused"


def test_a_password_that_was_changed_while_it_was_compared_makes_none(
    records: Records, sign_in: SignIn, jane: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm = sign_in.confirm_password

    def confirm_and_change(*given: str) -> str | None:
        hashed = confirm(*given)  # type: ignore[arg-type]
        set_password(records, own_tokens.account_of(jane), OTHER, actor="cli")
        return hashed

    monkeypatch.setattr(sign_in, "confirm_password", confirm_and_change)
    with pytest.raises(InvalidRequestError) as caught:
        _make(records, sign_in, jane)
    assert caught.value.code == "sign_in_refused"


@pytest.mark.parametrize("days", [0, -1, MAX_DAYS + 0.001, float("nan"), float("inf")])
def test_a_token_holds_no_longer_than_one_of_the_command_line(
    records: Records, sign_in: SignIn, jane: Caller, days: float
) -> None:
    with pytest.raises(InvalidRequestError, match="at most 366 days") as caught:
        _make(records, sign_in, jane, days=days)
    assert caught.value.code == "token_lifetime_invalid"


@pytest.mark.parametrize("caller", [OWN_USER, DEVICE])
def test_who_has_no_account_has_no_tokens(
    records: Records, sign_in: SignIn, caller: Caller
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        _make(records, sign_in, caller)
    assert caught.value.code == "account_needed"
