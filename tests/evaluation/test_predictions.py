"""Writing and reading of out-of-fold predictions."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Factor
from cancerapy.errors import DataError, StorageError
from cancerapy.evaluation.predictions import (
    join_predictions,
    read_added,
    read_predictions,
    write_fold,
)

FACTORS = (Factor("malignancy", ("benign", "malignant")), Factor("density", ("1", "2", "3")))
LOGITS = np.array([[0.123456, -2.0, 1.0, 2.0, 3.0], [1.0, 2.0, -1.0, 0.0, 0.5]])
LABELS = {"malignancy": np.array([1, -1]), "density": np.array([-1, 2])}


def write(folder: Path, name: str, images: list[str]) -> None:
    write_fold(folder / f"{name}.csv", images, ["p1", "p2"], name, FACTORS, LABELS, LOGITS)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    write(tmp_path, "fold-1", ["a/1.png", "a, quoted.png"])
    write(tmp_path, "fold-2", ["b/1.png", "b/2.png"])
    read = read_predictions(tmp_path)
    assert read.images.tolist() == ["a/1.png", "a, quoted.png", "b/1.png", "b/2.png"]
    assert read.groups.tolist() == ["p1", "p2", "p1", "p2"]
    assert read.fold_names == ["fold-1", "fold-2"]
    assert read.labels["malignancy"].tolist() == [1, -1, 1, -1]
    assert read.labels["density"].tolist() == [-1, 2, -1, 2]
    assert [f.values for f in read.network.factors] == [("benign", "malignant"), ("1", "2", "3")]
    np.testing.assert_allclose(read.logits[:2], LOGITS, atol=5.1e-6)
    assert len(read.part(read.folds == "fold-2")) == 2


def test_the_file_has_the_columns_of_the_contract(tmp_path: Path) -> None:
    write(tmp_path, "fold-1", ["a.png", "b.png"])
    lines = (tmp_path / "fold-1.csv").read_text().splitlines()
    assert lines[0] == (
        "image,group,fold,true:malignancy,true:density,logit:malignancy:benign,"
        "logit:malignancy:malignant,logit:density:1,logit:density:2,logit:density:3"
    )
    assert lines[1] == "a.png,p1,fold-1,malignant,,0.12346,-2.00000,1.00000,2.00000,3.00000"
    assert len(lines) == 3


def test_answers_to_added_images_lie_apart(tmp_path: Path) -> None:
    write(tmp_path, "fold-1", ["a.png", "b.png"])
    assert read_added(tmp_path) is None
    write(tmp_path / "added", "fold-1", ["c.png", "d.png"])
    shipped, added = read_predictions(tmp_path), read_added(tmp_path)
    assert shipped.images.tolist() == ["a.png", "b.png"]
    assert added
    both = join_predictions([shipped, added])
    assert both.images.tolist() == ["a.png", "b.png", "c.png", "d.png"]
    assert both.labels["density"].tolist() == [-1, 2, -1, 2]
    np.testing.assert_array_equal(both.logits, np.concatenate([shipped.logits, added.logits]))


def test_an_image_in_two_folds_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "fold-1", ["a.png", "b.png"])
    write(tmp_path, "fold-2", ["c.png", "b.png"])
    with pytest.raises(DataError, match=r"'b\.png' is in several of .* \(1 such images\)"):
        read_predictions(tmp_path)


def test_an_empty_folder_says_which_command_makes_predictions(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cancerapy train <cancer> --cross-validate <protocol>"):
        read_predictions(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"fold\.csv has: nothing"),
        ("image,group,fold,true:d\n", r"fold\.csv has: image, group, fold, true:d"),
        ("image,group,fold,logit:d:x\n", "The columns must be image, group, fold"),
        ("image,group,fold,true:d,logit:d:x\na,g,f,x\n", r"line 2 of fold\.csv has 4"),
        ("image,group,fold,true:d,logit:d:x\na,g,f,x,one\n", "Logits must be numbers"),
        ("image,group,fold,true:d,logit:d:x\na,g,f,y,1\n", "true:d must be one of x or empty"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "fold.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        read_predictions(tmp_path)


def test_folds_of_another_network_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "fold-1", ["a.png", "b.png"])
    other = (Factor("tissue", ("x", "y")),)
    write_fold(tmp_path / "fold-2.csv", ["c"], ["g"], "2", other, {"tissue": [0]}, np.ones((1, 2)))
    with pytest.raises(DataError, match=r"fold-2\.csv differs from fold-1\.csv"):
        read_predictions(tmp_path)


def test_what_does_not_fit_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "fold.csv"
    with pytest.raises(DataError, match="row of 5 logits per image"):
        write_fold(file, ["a"], ["g"], "f", FACTORS, LABELS, LOGITS)
    with pytest.raises(DataError, match="Logits must be finite"):
        write_fold(file, ["a", "b"], ["g", "h"], "f", FACTORS, LABELS, LOGITS * np.nan)
    assert not file.exists()


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "fold-1", ["a.png", "b.png"])
    before = (tmp_path / "fold-1.csv").read_text()

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError, match=r"writing fold-1\.csv: No space left") as caught:
        write(tmp_path, "fold-1", ["c.png", "d.png"])
    assert caught.value.code == "disk_full"
    assert (tmp_path / "fold-1.csv").read_text() == before
    assert [file.name for file in tmp_path.iterdir()] == ["fold-1.csv"]
