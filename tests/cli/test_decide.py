"""The command ``decide`` with the shipped skin model and phantoms."""

import json
from pathlib import Path

import pytest
from PIL import Image

from cancerapy.cli.main import run
from cancerapy.phantoms import draw_phantom


@pytest.fixture
def lesion(tmp_path: Path) -> Path:
    """Return a picture of a lesion."""
    file = tmp_path / "lesion.png"
    Image.fromarray(draw_phantom("dermatoscopy", seed=1, height=450, width=600)).save(file)
    return file


def test_the_sentence_comes_first_and_the_standing_line_last(
    lesion: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decide", "skin", str(lesion), "--answer", "age=61", "--prevalence", "0.02"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(".")
    assert lines[-1].startswith("Machine guess")
    costs = [float(line.split()[0]) for line in lines[2:-1]]
    assert costs == sorted(costs)


def test_json_holds_the_whole_examination(lesion: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["decide", "skin-7", str(lesion), str(lesion), "--format", "json"]
    assert run([*arguments, "--answer", "dermatoscope=yes", "--answer", "site=back"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["task"], len(found["predictions"])) == ("skin-7", 2)
    if found["n_used"]:
        assert found["decision"]["answers_used"] == ["site"]
        assert sum(entry["probability"] for entry in found["classes"]) == pytest.approx(1)


def test_arabic_is_spoken(lesion: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decide", "skin", str(lesion), "--language", "ar"]) == 0
    assert any("\u0600" <= c <= "\u06ff" for c in capsys.readouterr().out.splitlines()[0])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--answer", "age"], "option_invalid"),
        (["--answer", "age=1", "--answer", "age=2"], "option_invalid"),
        (["--answer", "agee=61"], "answer_invalid"),
        (["--prevalence", "1.5"], "prevalence_invalid"),
        (["--language", "xx"], "unknown_language"),
        (["--format", "xml"], "unknown_format"),
    ],
)
def test_wrong_use_is_refused(
    lesion: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    assert run(["decide", "skin", str(lesion), *arguments]) == 2
    assert f"[{code}]" in capsys.readouterr().err
