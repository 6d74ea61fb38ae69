"""``cancerapy phantom``: which pictures are written, and where."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.cli.main import run
from cancerapy.cli.phantom import parse_size
from cancerapy.errors import UsageError
from cancerapy.phantoms import draw_phantom


def test_all_classes_of_the_main_task_by_default(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "folder"
    assert run(["phantom", "skin", "-o", str(folder), "--size", "40x30"]) == 0
    printed = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in printed] == [
        "skin-mel-0.png",
        "skin-nv-0.png",
        "skin-bkl-0.png",
    ]
    assert sorted(folder.iterdir()) == sorted(printed)


def test_class_count_and_seed_choose_the_pictures(tmp_path: Path) -> None:
    words = ["phantom", "skin", "-o", str(tmp_path), "--value", "vasc", "-n", "2", "--seed", "7"]
    assert run([*words, "--size", "20x15"]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["skin-vasc-7.png", "skin-vasc-8.png"]
    with Image.open(tmp_path / "skin-vasc-8.png") as picture:
        assert picture.size == (20, 15)
        drawn = draw_phantom("dermatoscopy", seed=8, height=15, width=20, value="vasc")
        np.testing.assert_array_equal(np.asarray(picture), drawn)


@pytest.mark.parametrize(
    ("words", "status", "text"),
    [
        (["skinn"], 2, "Did you mean 'skin'? [unknown_cancer]"),
        (["skin", "--value", "mell"], 2, "Did you mean 'mel'? [unknown_class]"),
        (["skin", "--size", "big"], 2, "'big' was given to --size"),
        (["skin", "-n", "0"], 2, "Invalid value"),
    ],
)
def test_wrong_use_is_explained(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    text: str,
) -> None:
    assert run(["phantom", *words, "-o", str(tmp_path / "new")]) == status
    assert text in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    words = ["phantom", "skin", "-o", str(tmp_path / "file" / "x"), "--size", "9x9"]
    assert run(words) == 1
    err = capsys.readouterr().err
    assert "Not a directory" in err
    assert err.endswith("[storage_failed]\n")


@pytest.mark.parametrize(
    ("text", "size"),
    [("600x450", (600, 450)), (" 7 X 9 ", (7, 9)), ("10000x5000", (10_000, 5_000))],
)
def test_sizes_that_are_read(text: str, size: tuple[int, int]) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "600", "0x5", "10001x5000", "-1x5", "5x5x5", "123456x1"])
def test_sizes_that_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^The size must be width x height with at most 50 mega"):
        parse_size(text)
