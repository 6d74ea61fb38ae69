"""Machine, command, commit and date, as they stand beside figures."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cancerapy.surroundings import (
    describe_command,
    describe_commit,
    describe_machine,
    today,
    without_places,
)


def test_the_machine_is_described_without_its_name() -> None:
    text = describe_machine()
    assert text.endswith(" cores")
    assert len(text.split(", ")) >= 3


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["evaluate", "skin"], "cancerapy evaluate skin"),
        (["evaluate", "--report", "/home/ada/reports"], "cancerapy evaluate --report reports"),
        (["evaluate", "--report=/home/ada/reports/"], "cancerapy evaluate --report=reports"),
        (
            ["evaluate", "--data", "../data", "--seed=3"],
            "cancerapy evaluate --data ../data --seed=3",
        ),
        (["reproduce", "--part", "L2, breast"], "cancerapy reproduce --part 'L2, breast'"),
    ],
)
def test_a_command_is_told_without_places_on_this_machine(
    arguments: list[str], command: str
) -> None:
    assert describe_command(arguments) == command


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'/home/ada/w.h5' cannot be used.", "'w.h5' cannot be used."),
        ("A=/home/ada/a.h5,B=/srv/b.h5", "A=a.h5,B=b.h5"),
        ("/home/ada/runs/", "runs/"),
        ("see docs/how-to/export.md or ../data", "see docs/how-to/export.md or ../data"),
        ("3 MB/s and and/or 5 / 7", "3 MB/s and and/or 5 / 7"),
    ],
)
def test_of_absolute_paths_in_a_text_the_last_part_is_kept(text: str, expected: str) -> None:
    assert without_places(text) == expected


def test_a_folder_without_history_has_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert describe_commit(tmp_path) == "unknown"
    assert describe_commit(tmp_path / "absent") == "unknown"
    monkeypatch.setenv("PATH", "")
    assert describe_commit() == "unknown"


def test_code_that_was_changed_since_its_commit_has_a_mark(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        done = subprocess.run(
            ["git", *name, *words], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    git("init", "--quiet")
    (tmp_path / "code.py").write_text("1\n")
    git("add", "code.py")
    git("commit", "--quiet", "-m", "a")
    commit = git("rev-parse", "--short=9", "HEAD")
    assert describe_commit(tmp_path) == commit
    (tmp_path / "results.csv").write_text("1\n")
    assert describe_commit(tmp_path) == commit, "results are no code"
    git("add", "results.csv")
    git("commit", "--quiet", "-m", "b")
    assert describe_commit(tmp_path) == commit
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "more.py").write_text("1\n")
    assert describe_commit(tmp_path) == f"{commit}+", "a new file is a change"
    (tmp_path / "part" / "more.py").unlink()
    (tmp_path / "code.py").write_text("2\n")
    assert describe_commit(tmp_path) == f"{commit}+"


def test_the_date_is_that_of_greenwich() -> None:
    before = datetime.now(UTC)
    assert before.date() <= date.fromisoformat(today()) <= datetime.now(UTC).date()
