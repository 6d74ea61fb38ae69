"""INbreast."""

from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cancerapy.errors import DataError, MissingDependencyError
from cancerapy.layouts.inbreast import read_samples
from cancerapy.layouts.sample import Sample

Touch = Callable[[Iterable[str]], Path]

HEAD = "Patient ID;Patient age;Laterality;View;Acquisition date;File Name;ACR;Bi-Rads\n"
ONE = "AllDICOMs/111_aaa_MG_R_CC_ANON.dcm"
TWO = "AllDICOMs/222_bbb_MG_L_ML_ANON.dcm"


def _cells(*, mass: str = "") -> list[list[Any]]:
    head = [*HEAD.strip().split(";"), "Mass ", "Micros"]
    rows = [
        ["removed", "removed", "R", "CC", "201001", 111.0, 4.0, 3.0, mass, ""],
        ["removed", "removed", "L", "MLO", "201001", 222.0, 1.0, "4a", "", "X"],
    ]
    return [head, *rows, ["", "", "", "", "", 28.0, 49.0, 108.0, 3.0, ""]]


@pytest.fixture
def workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let xlrd see the rows of the original workbook: nothing at hand writes ``.xls``."""
    xlrd = pytest.importorskip("xlrd")
    rows = _cells(mass="X")
    sheet = SimpleNamespace(nrows=len(rows), row_values=lambda number: rows[number])
    book = SimpleNamespace(sheet_by_index=[sheet].__getitem__)
    monkeypatch.setattr(xlrd, "open_workbook", lambda path: book)


def test_the_csv(touch: Touch) -> None:
    folder = touch([ONE, TWO, "AllDICOMs/notes.txt"])
    (folder / "INbreast.csv").write_text(
        HEAD
        + "removed;removed;R;CC;201001;111;4;3\nremoved;removed;L;MLO;201001; 222 ;;4b\n;;;;;;;\n"
    )
    assert read_samples(folder) == [
        Sample(
            ONE,
            {"malignancy": "benign", "density": "4"},
            "aaa",
            {"laterality": "right", "view": "CC", "bi_rads": "3"},
        ),
        Sample(
            TWO,
            {"malignancy": "malignant"},
            "bbb",
            {"laterality": "left", "view": "MLO", "bi_rads": "4b"},
        ),
    ]


@pytest.mark.usefixtures("workbook")
def test_the_workbook_where_there_is_no_csv(touch: Touch) -> None:
    folder = touch([ONE, TWO, "INbreast.xls"])
    first, second = read_samples(folder)
    assert first == Sample(
        ONE,
        {"malignancy": "benign", "density": "4"},
        "aaa",
        {"laterality": "right", "view": "CC", "bi_rads": "3", "mass": "yes"},
    )
    assert second.labels == {"malignancy": "malignant", "density": "1"}
    assert second.facts["mass"] == "no"


def test_a_damaged_workbook(touch: Touch) -> None:
    pytest.importorskip("xlrd")
    folder = touch([ONE])
    (folder / "INbreast.xls").write_bytes(b"no workbook")
    with pytest.raises(DataError, match=r"'INbreast\.xls' must be the workbook") as caught:
        read_samples(folder)
    assert caught.value.code == "data_corrupt"


def test_a_workbook_needs_its_reader(touch: Touch, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = touch([ONE, "INbreast.xls"])
    monkeypatch.setitem(__import__("sys").modules, "xlrd", None)
    with pytest.raises(MissingDependencyError, match=r"Reading INbreast\.xls needs .*'xlrd'"):
        read_samples(folder)


def test_missing_table_and_column(touch: Touch) -> None:
    folder = touch([ONE])
    with pytest.raises(DataError, match=r"must hold 'INbreast\.csv' or 'INbreast\.xls'"):
        read_samples(folder)
    table = folder / "INbreast.csv"
    table.write_text("Laterality;View;File Name\nR;CC;111\n")
    with pytest.raises(DataError, match="the columns ACR, Bi-Rads;"):
        read_samples(folder)


def test_missing_images_are_kept(touch: Touch) -> None:
    folder = touch([ONE])
    rows = "r;r;R;CC;2;111;4;3\nr;r;R;CC;2;333;2;5\n"
    (folder / "INbreast.csv").write_text(HEAD + rows)
    here, absent = read_samples(folder)
    assert here.is_at(folder)
    assert not absent.is_at(folder)
    assert absent == Sample(
        "AllDICOMs/333",
        {"malignancy": "malignant", "density": "2"},
        "",  # the patient is in the name of the file that is not there
        {"laterality": "right", "view": "CC", "bi_rads": "5"},
        absent_because="no image has a name that begins with 333_",
    )
