"""The command line as a whole: finding commands, exit statuses, errors as one line."""

import errno
import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

import pytest

from cancerapy import __version__
from cancerapy.cli import main
from cancerapy.errors import DataError, UsageError
from cancerapy.settings import PREFIX, Settings


def _fails_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(name: str) -> None:
        raise error

    monkeypatch.setattr(main, "load_command", fail)


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for command, line in main.COMMANDS.items():
        assert f"{command} {line}" in text


@pytest.mark.parametrize("command", sorted(main.COMMANDS))
def test_every_example_of_a_help_has_a_line_of_its_own(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert re.findall(r"(?:xamples?|instance):(.*)$", text, re.MULTILINE) == [""]
    assert re.search(rf"^ +(cancerapy {command}\b|export )", text, re.MULTILINE)


@pytest.mark.parametrize("command", ["train", "export", "predict", "serve", "models"])
def test_an_option_that_stands_for_a_setting_names_its_variable(command: str) -> None:
    settings = {spec.name for spec in fields(Settings)}
    options = [p for p in main.load_command(command).params if p.name in settings - {"weights"}]
    assert options
    for option in options:
        assert f"({PREFIX}{option.name.upper()}" in option.help


@pytest.mark.parametrize("command", sorted(main.COMMANDS))
def test_every_command_has_its_module(command: str) -> None:
    assert find_spec(main.module_of(command)) is not None


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--version"]) == 0
    assert capsys.readouterr().out == f"cancerapy {__version__}\n"


def test_an_unknown_command_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["predcit", "skin"]) == 2
    err = capsys.readouterr().err
    first = ", ".join(sorted(main.COMMANDS)[:2])
    assert err.startswith(f"cancerapy: No command named 'predcit'. Known: {first}, ")
    assert err.endswith(" Did you mean 'predict'? [unknown_command]\n")


@pytest.mark.parametrize("words", [[], ["phantom"], ["phantom", "skin", "--colour", "red"]])
def test_wrong_use_ends_with_status_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Usage: cancerapy" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (UsageError("Give a size."), 2, "cancerapy: Give a size. [usage]\n"),
        (DataError("A file is gone.", code="data_missing"), 1,
         "cancerapy: A file is gone. [data_missing]\n"),
    ],
)  # fmt: skip
def test_an_error_of_ours_is_one_line_with_its_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    status: int,
    said: str,
) -> None:
    _fails_with(monkeypatch, error)
    assert main.run(["serve"]) == status
    assert capsys.readouterr() == ("", said)


def test_a_missing_package_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _fails_with(monkeypatch, ModuleNotFoundError("No module named 'keras'", name="keras"))
    assert main.run(["train", "skin"]) == 1
    err = capsys.readouterr().err
    assert "needs the package 'keras', which is not installed" in err
    assert 'in the folder of the repository, with: pip install ".[train]"' in err


@pytest.mark.parametrize(
    "error",
    [RuntimeError("odd"), ModuleNotFoundError("no", name="cancerapy.odd")],
    ids=["any", "own-module"],
)
def test_a_surprise_shows_its_trace_on_request_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    _fails_with(monkeypatch, error)
    assert main.run(["serve"]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"cancerapy: Something unexpected happened: {type(error).__name__}: ")
    assert "Traceback" not in err
    assert main.run(["--debug", "serve"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "said", "code"),
    [
        (OSError(errno.ENOSPC, "Full"), "The place that this writes to", "disk_full"),
        (PermissionError(errno.EACCES, "Denied", "a.png"), "'a.png'", "storage_failed"),
        (NotADirectoryError(errno.ENOTDIR, "A file", "runs/a"), "'runs/a'", "storage_failed"),
    ],
)
def test_a_place_that_cannot_be_used_is_no_surprise(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: OSError,
    said: str,
    code: str,
) -> None:
    _fails_with(monkeypatch, error)
    assert main.run(["serve"]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"cancerapy: {said} cannot be used: {error.strerror}. Check that ")
    assert err.endswith(f" [{code}]\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_a_full_disk_behind_stdout_is_said(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cancerapy", "--help"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("cancerapy: The place that this writes to cannot be used: ")
    assert done.stderr.endswith(" [disk_full]\n")


def test_an_interrupt_says_that_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _fails_with(monkeypatch, KeyboardInterrupt())
    assert main.run(["serve"]) == main.INTERRUPTED
    assert "What was finished is kept" in capsys.readouterr().err


def test_an_interrupted_prediction_claims_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _fails_with(monkeypatch, KeyboardInterrupt())
    assert main.run(["predict", "skin", "a.png"]) == main.INTERRUPTED
    assert capsys.readouterr().err.endswith("No answer was written; run the same command again.\n")


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise on Windows")
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "cancerapy", "--help"],
        stdout=writer, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")
