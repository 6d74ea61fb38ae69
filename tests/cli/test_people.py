"""Accounts on the command line: what is asked, printed, and kept off the arguments."""

import io
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from cancerapy.cli.main import run
from cancerapy.cli.people import add
from cancerapy.people import passwords
from cancerapy.people.accounts import get_account
from cancerapy.people.passwords import is_password
from cancerapy.people.tokens import find_caller
from cancerapy.records import Records, open_records
from cancerapy.settings import Settings

GOOD, OTHER = "seven green umbrellas", "nine yellow kettles"


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Records:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    monkeypatch.setenv("CANCERAPY_HOME", str(tmp_path / "home"))
    return open_records(Settings(home=tmp_path / "home"))


def _pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def _add(monkeypatch: pytest.MonkeyPatch, name: str, role: str, *options: str) -> int:
    _pipe(monkeypatch, f"{GOOD}\n")
    return run(["people", "add", name, "--role", role, *options])


def test_the_first_administrator_signs_in_with_the_password_from_the_pipe(
    records: Records, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _add(monkeypatch, "Jane", "administrator") == 0
    output = capsys.readouterr()
    assert output.out == "jane (administrator) can sign in.\n"
    assert GOOD not in output.out + output.err
    with records.reading() as session:
        assert is_password(GOOD, get_account(session, "jane").password_hash)


def test_a_password_is_never_an_argument() -> None:
    assert not [name for name in add.__annotations__ if "password" in name]
    assert run(["people", "add", "jane", "--role", "administrator", "--password", GOOD]) == 2


def test_a_terminal_is_asked_twice_without_an_echo(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[dict[str, object]] = []

    def prompt(text: str, **options: object) -> str:
        asked.append({"text": text, **options})
        return GOOD

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("typer.prompt", prompt)
    assert run(["people", "add", "jane", "--role", "reviewer"]) == 0
    assert asked == [
        {"text": "Password", "hide_input": True, "confirmation_prompt": True, "err": True}
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "jane", "--role", "doctor"], "No role named 'doctor'"),
        (["add", "j;", "--role", "reviewer"], "must have 2 to 60"),
        (["add", "jane", "--role", "patient"], "must belong to a patient's record"),
        (["disable", "nobody"], "No account named 'nobody'"),
    ],
)
def test_wrong_use_says_what_to_do(
    records: Records,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    _pipe(monkeypatch, f"{GOOD}\n")
    assert run(["people", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_accounts_are_listed_closed_and_opened(
    records: Records, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["people", "list"]) == 0
    assert "No account yet" in capsys.readouterr().out
    _add(monkeypatch, "jane", "administrator")
    assert run(["people", "add", "sam", "--role", "clinician", "--subject", "42"]) == 0
    assert run(["people", "disable", "sam"]) == 0
    capsys.readouterr()
    run(["people", "list"])
    first, second = capsys.readouterr().out.splitlines()
    assert first.split()[:3] == ["jane", "administrator", "open"]
    assert first.endswith("password")
    assert second.split()[:3] == ["sam", "clinician", "closed"]
    assert second.endswith("provider (42)")
    assert run(["people", "enable", "sam"]) == 0
    assert run(["people", "disable", "jane"]) == 2
    assert "last" in capsys.readouterr().err


def test_a_token_is_printed_alone_and_revoked(
    records: Records, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _add(monkeypatch, "jane", "reviewer")
    capsys.readouterr()
    assert run(["people", "token", "jane", "--days", "30"]) == 0
    output = capsys.readouterr()
    token = output.out.strip()
    assert "Holds until 20" in output.err
    with records.reading() as session:
        assert find_caller(session, token).name == "jane"
    assert run(["people", "revoke", "jane"]) == 0
    assert capsys.readouterr().out == "1 tokens ended.\n"
    with records.reading() as session:
        assert find_caller(session, token) is None
    assert run(["people", "token", "jane", "--days", "0"]) == 2


def test_another_password_takes_the_place_of_the_first(
    records: Records, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _add(monkeypatch, "jane", "reviewer")
    run(["people", "token", "jane"])
    capsys.readouterr()
    _pipe(monkeypatch, f"{OTHER}\n")
    assert run(["people", "password", "jane"]) == 0
    assert "1 sign-ins or tokens ended" in capsys.readouterr().out
    with records.reading() as session:
        assert is_password(OTHER, get_account(session, "jane").password_hash)
