"""``cancerapy data`` from the command line, with a cancer of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers._skeleton import build_skeleton
from cancerapy.cli.main import run


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a data root with a folder per class for a cancer of the name ``toycli``."""
    text = build_skeleton("toycli", "Toy", ["benign", "malignant"], ["malignant"],
                          height=32, width=32)  # fmt: skip
    (tmp_path / "cancers").mkdir()
    (tmp_path / "cancers" / "toycli.py").write_text(
        text.replace("Licence of the images", "CC-BY-4.0")
    )
    monkeypatch.setenv("CANCERAPY_CANCERS", str(tmp_path / "cancers"))
    monkeypatch.setenv("CANCERAPY_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CANCERAPY_DATA", raising=False)
    for number in range(4):
        label = ("benign", "malignant")[number % 2]
        path = tmp_path / "data" / "toycli" / label / f"p{number}__x.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = np.random.default_rng(number).integers(0, 256, (40, 40, 3)).astype(np.uint8)
        Image.fromarray(picture).save(path)
    return tmp_path / "data"


def test_check_passes_and_fails(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "check", "toycli", "--data", str(root)]) == 0
    first = capsys.readouterr().out
    assert first.endswith(": 4 images in 4 groups, no faults.\n")
    (root / "toycli" / "benign" / "p0__x.png").write_bytes(b"damaged")
    assert run(["data", "check", "toycli", "--all", "--data", str(root)]) == 1
    out = capsys.readouterr().out
    assert "error         1  corrupt: benign/p0__x.png (image_unsupported" in out
    assert "  corrupt\tbenign/p0__x.png\timage_unsupported" in out


def test_only_what_is_on_this_machine_is_checked(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANCERAPY_DATA", str(root))
    assert run(["data", "check"]) == 0
    assert capsys.readouterr().out.count("images in") == 1


def test_summary_writes_pictures(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = root.parent / "pictures"
    assert run(["data", "summary", "toycli", "--data", str(root), "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert "benign         2 images  50.0 %      2 patients" in text
    assert {p.name for p in (out / "toycli").iterdir()} == {
        "classes.png", "sizes.png", "samples.png",
    }  # fmt: skip


def test_samples_come_with_attribution(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = root.parent / "examples"
    assert run(["data", "samples", "toycli", "-o", str(out), "--data", str(root)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert "Licence:     CC-BY-4.0" in (out / "ATTRIBUTION.txt").read_text()


def test_samples_are_fetched_only_where_the_set_is_not_here(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = root.parent / "cancers" / "toycli.py"
    text = file.read_text().replace("    Source,\n", "    Source,\n    Download,\n")
    address = 'downloads=(Download("http://127.0.0.1:1/a.zip", "a.zip", None, 1),)'
    file.write_text(text.replace("            instructions=", f"            {address},\n#"))
    out = str(root.parent / "examples")
    assert run(["data", "samples", "toycli", "-o", out, "--data", str(root)]) == 0
    shown = capsys.readouterr()
    assert (len(shown.out.splitlines()), shown.err) == (2, "")
    assert run(["data", "samples", "toycli", "-o", out]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("Fetching from http://127.0.0.1:1/a.zip\n")
    assert "http://127.0.0.1:1/a.zip must answer; it does not" in shown.err


def test_download_shows_the_instructions(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(root / "toycli")
    assert run(["data", "download", "toycli", "--data", str(root)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "must be got by hand" in shown.err
    assert "Put the images of each class into a folder of its name." in shown.err
    assert str(root / "toycli") in shown.err
    assert f"Then run: cancerapy data check toycli --source toycli --data {root}\n" in shown.err


def test_download_has_nothing_to_do(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "download", "toycli", "--data", str(root)]) == 0
    shown = capsys.readouterr()
    assert shown.out == f"{root / 'toycli'}\n"
    assert shown.err == (
        "'Where the images come from, as cited' is here already; check it with: "
        f"cancerapy data check toycli --source toycli --data {root}\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "toycli"], "Give --data FOLDER or set CANCERAPY_DATA"),
        (["check", "toycly", "--data", "."], "Did you mean 'toycli'?"),
        (["check", "toycli", "--source", "toycly", "--data", "."], "No data set named 'toycly'"),
    ],
)
@pytest.mark.usefixtures("root")
def test_wrong_use(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_nothing_there(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert run(["data", "summary", "toycli", "--data", str(tmp_path / "empty")]) == 1
    assert "none of these folders is: toycli" in capsys.readouterr().err


def test_make_copies_needs_the_originals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["data", "make-copies", "--data", str(tmp_path)]) == 1
    assert "must hold 'INbreast.csv' or 'INbreast.xls'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["download", "check", "summary", "samples", "make-copies"])
def test_help_teaches(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", command, "--help"]) == 0
    text = capsys.readouterr().out
    assert "For example:" in text
    assert f"cancerapy data {command}" in text
