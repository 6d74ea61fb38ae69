"""Tables, periods and files from the command line."""

from pathlib import Path

import pytest

from cancerapy.cli.main import run
from cancerapy.cli.records import parse_period
from cancerapy.errors import UsageError
from cancerapy.records.upgrade import newest_revision


def test_tables_are_made_and_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert run(["records", "upgrade", "--home", str(tmp_path)]) == 0
        assert capsys.readouterr().out == f"The tables are of revision {newest_revision()}.\n"


def test_nothing_is_erased_or_swept_where_nothing_is_old(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["records", "retention", "--older-than", "1d", "--home", str(tmp_path)]) == 0
    assert run(["records", "sweep", "--home", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "0 examinations erased.\n0 files removed.\n"


def test_a_period_is_in_days() -> None:
    assert parse_period("3650d").days == 3650
    for wrong in ("3650", "0d", "-1d", "10y", "d"):
        with pytest.raises(UsageError, match="must be a whole number of days"):
            parse_period(wrong)
