"""The drill from the command line."""

import json
from pathlib import Path

import pytest

from cancerapy.cli.main import run


def test_a_backup_is_restored_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, file = (str(tmp_path / name) for name in ("old", "new", "b.zip"))
    assert run(["patients", "add", "Layla", "--home", old]) == 0
    capsys.readouterr()
    assert run(["backup", file, "--home", old]) == 0
    assert "2 rows and 0 images" in capsys.readouterr().out  # the patient and its audit entry
    assert run(["restore", file, "--home", new]) == 0
    assert run(["restore", file, "--home", new]) == 2
    assert "into empty records" in capsys.readouterr().err
    assert run(["patients", "list", "--home", new]) == 0
    (found,) = json.loads(capsys.readouterr().out)["items"]
    assert found["name"] == "Layla"
