"""Every bad file on the command line has a message with a code, exit 1 or 2, and no trace."""

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cli.main import run

Predict = Callable[..., int]


@pytest.fixture
def predict(toy_bundles: Path) -> Predict:
    """Return a function that runs ``cancerapy predict`` with the toy bundle."""

    def call(task: str, *rest: object) -> int:
        words = ["predict", task, *map(str, rest), "--bundles", str(toy_bundles), "--workers", "1"]
        return run(words)

    return call


def test_a_bad_file_does_not_stop_the_rest(
    predict: Predict,
    all_refused: Any,
    as_png: Callable[..., bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "0-good.png").write_bytes(as_png())
    for number, case in enumerate(all_refused, 1):
        (tmp_path / f"{number}-{case.name}.png").write_bytes(case.make())
    (tmp_path / "99-good.png").write_bytes(as_png())
    assert predict("toy", tmp_path, "--format", "csv") == 1
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == len(all_refused) + 2
    assert [Path(row["image"]).name for row in rows][1:3] == [
        "1-zero-byte.png",
        "2-text-as-jpeg.png",
    ]
    for row in (rows[0], rows[-1]):
        assert float(row["p_dark"]) + float(row["p_light"]) == pytest.approx(1, abs=2e-6)
    assert "Traceback" not in err
    lines = err.splitlines()
    assert len(lines) == len(all_refused)
    for row, line, case in zip(rows[1:-1], lines, all_refused, strict=True):
        assert {row[name] for name in row if name != "image"} == {""}
        assert line.startswith(f"cancerapy: {row['image']}: ")
        assert line.endswith(f" [{case.code}]")


def test_unusual_files_are_answered(
    predict: Predict, all_accepted: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for case in all_accepted:
        (tmp_path / f"{case.name}.png").write_bytes(case.make())
    assert predict("toy", tmp_path, "--format", "json") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert [row["predicted_class"] in {"dark", "light"} for row in json.loads(out)] == [True] * len(
        all_accepted
    )


def test_an_error_in_json_has_its_code(
    predict: Predict, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    assert predict("toy", path, "--format", "json") == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert row["image"] == str(path)
    assert row["code"] == "image_empty"
    assert row["error"].startswith("'empty.png' must be an image file; it has 0 bytes.")


@pytest.mark.parametrize(
    ("words", "code", "status", "text"),
    [
        (["toi", "."], "unknown_task", 2, "Did you mean 'toy'?"),
        (["toy", ".", "--format", "cvs"], "unknown_format", 2, "Did you mean 'csv'?"),
        (["skin", "."], "bundle_missing", 1, "A model bundle for skin must be installed"),
        (["toy", "nowhere.png"], "image_unreadable", 1, "No such file or directory"),
        (["toy", "a\nb.png"], "image_unreadable", 1, "No such file or directory"),
        (["toy", "{empty}"], "usage", 2, "A folder must hold images"),
        (["toy", "{good}", "-o", "{good}/x.csv"], "storage_failed", 1, "writing"),
    ],
)
def test_wrong_use_is_explained(
    predict: Predict,
    as_png: Callable[..., bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: str,
    status: int,
    text: str,
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "good.png").write_bytes(as_png())
    places = {"empty": tmp_path / "empty", "good": tmp_path / "good.png"}
    assert predict(*(word.format(**places) for word in words)) == status
    err = capsys.readouterr().err
    assert text in err
    assert err.rstrip().endswith(f"[{code}]")
    assert "Traceback" not in err


@pytest.mark.skipif(os.name == "nt", reason="such names are not allowed on Windows")
def test_a_name_cannot_break_the_table_or_steer_the_terminal(
    predict: Predict,
    as_png: Callable[..., bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a\nb\x1b[2J.png").write_bytes(as_png())
    (tmp_path / "c\rd\x9b1m.png").write_bytes(b"no image")
    assert predict("toy", tmp_path) == 1
    out, err = capsys.readouterr()
    rows = out.splitlines()
    assert [row.split()[0] for row in rows[1:3]] == [
        rf"{tmp_path}/a\nb\x1b[2J.png",
        rf"{tmp_path}/c\rd\x9b1m.png",
    ]
    assert err.startswith(rf"cancerapy: {tmp_path}/c\rd\x9b1m.png: The image must ")
    assert not set("\x1b\x9b\r") & set(out + err)


@pytest.mark.skipif(os.name == "nt", reason="file names are text on Windows")
def test_a_name_that_is_no_text_stays_as_it_is(
    predict: Predict, as_png: Callable[..., bytes], tmp_path: Path
) -> None:
    image = os.fsencode(tmp_path) + b"/\xff.png"
    with open(image, "wb") as file:  # noqa: PTH123 - the name is bytes
        file.write(as_png())
    output = tmp_path / "answers.csv"
    assert predict("toy", os.fsdecode(image), "--format", "csv", "-o", output) == 0
    assert output.read_bytes().splitlines()[1].startswith(image + b",")


@pytest.mark.skipif(os.name == "nt", reason="file names are text on Windows")
@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", b"/\xff\xc3\xa9.png"), ("ascii", b"/\\udcff\\xe9.png")],
)
def test_a_name_that_stdout_cannot_write_loses_no_answer(
    predict: Predict,
    as_png: Callable[..., bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    shown: bytes,
) -> None:
    image = os.fsencode(tmp_path) + b"/\xff\xc3\xa9.png"
    with open(image, "wb") as file:  # noqa: PTH123 - the name is bytes
        file.write(as_png())
    written = io.BytesIO()
    with io.TextIOWrapper(written, encoding) as screen:
        monkeypatch.setattr("sys.stdout", screen)
        assert predict("toy", os.fsdecode(image), "--format", "csv") == 0
        screen.flush()
        row = written.getvalue().splitlines()[1]
    assert row.startswith(os.fsencode(tmp_path) + shown + b",")
    assert row.count(b",") == 5


def test_a_folder_that_cannot_be_opened_is_not_passed_over(
    predict: Predict,
    as_png: Callable[..., bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("a", "locked"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b.png").write_bytes(as_png())
    scan = os.scandir

    def refuse(path: str) -> Any:
        if str(path).endswith("locked"):  # the superuser, who may run this, can open any
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert predict("toy", tmp_path, "--format", "csv") == 1
    out, err = capsys.readouterr()
    names = [Path(row["image"]).name for row in csv.DictReader(io.StringIO(out))]
    assert names == ["b.png", "locked"]
    assert err.startswith(f"cancerapy: {tmp_path / 'locked'}: 'locked' must be a file that can be ")
