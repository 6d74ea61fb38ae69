"""``cancerapy audit verify`` says where the log breaks."""

import sqlite3
import uuid
from pathlib import Path

import pytest

from cancerapy.cli.main import run
from cancerapy.records.database import build_engine, database_url
from cancerapy.records.upgrade import downgrade
from cancerapy.settings import Settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return records with three entries."""
    for name in "abc":
        assert run(["patients", "add", name, "--home", str(tmp_path)]) == 0
    return tmp_path


def test_a_whole_log_is_called_whole(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["audit", "verify", "--home", str(home)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("3 entries hold; the last hash is ")
    assert run(["audit", "verify", "--home", str(home), "--expected", out.split()[-1]]) == 0
    assert run(["audit", "verify", "--home", str(home), "--expected", "0" * 64]) == 1
    assert "its end was cut off" in capsys.readouterr().err


def test_tampering_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(home / "records" / "records.sqlite") as database:
        database.execute("DROP TRIGGER audit_log_no_update")
        database.execute("UPDATE audit_log SET actor = 'nobody' WHERE number = 2")
    database.close()
    assert run(["audit", "verify", "--home", str(home)]) == 1
    assert "entry 2 is broken: its content was changed" in capsys.readouterr().err


def test_a_patient_changed_in_the_database_is_named_without_what_is_written_down(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(home / "records" / "records.sqlite") as database:
        (raw,) = database.execute("SELECT id FROM patients WHERE name = 'a'").fetchone()
        database.execute("UPDATE patients SET birth_year = 1961 WHERE id = ?", [raw])
    database.close()
    capsys.readouterr()
    assert run(["audit", "verify", "--home", str(home)]) == 1
    told = capsys.readouterr().err
    own = uuid.UUID(raw)
    wanted = f"cancerapy: the patient {own} was altered, or came or went without an entry\n"
    assert told == wanted


def test_what_a_downgrade_took_is_told_and_is_no_fault(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = build_engine(database_url(Settings(home=home)))
    downgrade(engine, "0004_decisions")
    engine.dispose()
    capsys.readouterr()
    assert run(["audit", "verify", "--home", str(home)]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("4 entries hold")
    assert second.startswith("3 patients, examinations or accounts were last written before")
    assert third.startswith("entry 4: the tables were taken back to 0004_decisions at 20")


def test_values_that_cannot_be_read_are_named_and_hide_no_other(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(home / "records" / "records.sqlite") as database:
        (own,) = database.execute("SELECT id FROM patients WHERE name = 'a'").fetchone()
        assert run(["consents", "give", own, "care", "--home", str(home)]) == 0
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("UPDATE consents SET id = x'ff'")
        database.execute("UPDATE patients SET id = 'zz' WHERE name = 'b'")
        database.execute("UPDATE patients SET name = CAST(x'ff' AS TEXT) WHERE name = 'c'")
        database.execute(
            "UPDATE audit_log SET action = 'records.downgrade', at = x'ff', "
            "subject_id = CAST(x'ff' AS TEXT), details = x'ff' WHERE number = 3"
        )
    database.close()
    capsys.readouterr()
    assert run(["audit", "verify", "--home", str(home)]) == 1
    told = capsys.readouterr().err
    assert "entry 3 is broken: its content was changed" in told
    assert "the review or consent b'\\xff' was altered" in told
    assert "the patient zz was altered" in told
    assert told.count("the patient ") == 3  # b under both ids, and c
