"""Any CSV."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.layouts.sample import Sample
from cancerapy.layouts.table import read_rows, read_samples

Touch = Callable[[Iterable[str]], Path]

read = partial(
    read_samples,
    image="file",
    labels={"finding": "dx"},
    group="patient",
    facts={"age": "years", "sex": "sex"},
)


def _write(folder: Path, *lines: str, name: str = "labels.csv") -> None:
    (folder / name).write_text("\n".join(lines), encoding="utf-8-sig")


def test_images_by_path_name_and_stem(touch: Touch) -> None:
    folder = touch(["x/one.png", "x/two.jpg", "three.tif"])
    _write(
        folder,
        "file, dx ,patient,years",
        "x/one.png,m,p1,61",
        "two.jpg,,p2,",
        ".\\three.tif,b,p2,7",
        "three,b,p2,7",
    )
    assert read(folder, values={"m": "malignant"}) == [
        Sample("x/one.png", {"finding": "malignant"}, "p1", {"age": "61"}),
        Sample("x/two.jpg", {}, "p2", {}),
        Sample("three.tif", {"finding": "b"}, "p2", {"age": "7"}),
        Sample("three.tif", {"finding": "b"}, "p2", {"age": "7"}),
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_delimiters(tmp_path: Path, mark: str) -> None:
    _write(tmp_path, f"a{mark}b", f'"x{mark}y"{mark} 2 ')
    assert read_rows(tmp_path / "labels.csv") == [{"a": f"x{mark}y", "b": "2"}]


def test_quoted_line_breaks_stay_in_their_cell(tmp_path: Path) -> None:
    _write(tmp_path, "a,b", '1,"two', 'and"', "3,4")
    assert read_rows(tmp_path / "labels.csv") == [{"a": "1", "b": "two\nand"}, {"a": "3", "b": "4"}]


def test_rows_without_an_image_say_why(touch: Touch) -> None:
    folder = touch(["set/a.png", "set/l/a.png", "set/r/b.png", "out.png"]) / "set"
    rows = ["a.png,m,p", "l/a.png,m,p", "c,m,p", ",m,p", "../out.png,m,p"]
    _write(folder, "file,dx,patient", *rows)
    samples = read(folder)
    assert [(s.path, s.absent_because) for s in samples] == [
        ("a.png", "several images have this name"),  # though one lies there: it may be the other
        ("l/a.png", ""),
        ("c", "no image has this name"),
        ("(row 5)", "its row names no image"),
        ("../out.png", "no image has this name"),
    ]
    assert [s.is_at(folder) for s in samples] == [False, True, False, False, False]


def test_missing_columns_are_named(touch: Touch) -> None:
    folder = touch(["a.png"])
    _write(folder, "file,diagnosis", "a,m")
    with pytest.raises(DataError, match=r"the columns dx, patient; it has file, diagnosis\."):
        read(folder)


def test_an_empty_table(tmp_path: Path) -> None:
    _write(tmp_path, "file,dx,patient")
    with pytest.raises(DataError, match="it has no row"):
        read(tmp_path)


def test_a_row_without_group(touch: Touch) -> None:
    folder = touch(["a.png", "b.png"])
    _write(folder, "file,dx,patient", "a,m,p", "b,m,")
    assert [s.group for s in read(folder)] == ["p", ""]


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, "file,dx, dx ,patient,,", "a.png,m,b,p,,")
    with pytest.raises(DataError, match=r"heading has more than one 'dx'\. Rename or remove"):
        read_rows(tmp_path / "labels.csv")
    _write(tmp_path, "file,dx,,", "a.png,m,,")  # empty columns, as a spreadsheet leaves them
    assert read_rows(tmp_path / "labels.csv") == [{"file": "a.png", "dx": "m", "": ""}]


def test_no_table_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'labels\.csv' must be a CSV.*No such file"):
        read(tmp_path)
    (tmp_path / "labels.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="it is not UTF-8"):
        read(tmp_path)


def test_a_row_without_an_end_is_named(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text('file,label\na.png,x\n"b.png,' + "y" * 200_000 + "\n")
    with pytest.raises(
        DataError, match=r"must be a CSV file; after its line 2 it is not \(field larger"
    ):
        read_rows(table)
