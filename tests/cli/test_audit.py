"""``cancerapy audit verify`` says where the log breaks."""

import sqlite3
from pathlib import Path

import pytest

from cancerapy.cli.main import run


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
