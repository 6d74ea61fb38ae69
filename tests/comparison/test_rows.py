"""Rows written, read back, replaced by key; other files refused."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.comparison.rows import COLUMNS, CandidateRow, read_rows, write_row
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure

MakeRow = Callable[..., CandidateRow]


def test_rows_come_back_as_they_were_written(make_row: MakeRow, tmp_path: Path) -> None:
    file = tmp_path / "comparison" / "toy.csv"
    without_interval = {"accuracy": Figure("accuracy", 0.1, float("nan"), float("nan"))}
    rows = [
        make_row("A"),
        make_row("B", against="A", differences={"accuracy": Figure("accuracy", -0.1, -0.2, 0.0)}),
        make_row("C", figures={}, costs={}, failed="It has, as said, 'no' weights."),
        make_row("D", against="A", differences=without_interval, leaking="LEAKING"),
    ]
    for row in rows:
        write_row(file, row)
    found = read_rows(file)
    assert found[:3] == rows[:3]
    assert repr(found[3]) == repr(rows[3])  # not-a-number equals nothing
    with file.open(newline="") as stream:
        line = list(csv.DictReader(stream))[1]
    assert line["accuracy_difference_low"] == "-0.2000"
    assert line["multiply_adds"] == "300774272"
    assert line["macro_auc_difference"] == ""


def test_a_row_replaces_that_of_its_key_and_keeps_its_place(
    make_row: MakeRow, tmp_path: Path
) -> None:
    file = tmp_path / "toy.csv"
    others = [make_row("A", epochs=3), make_row("A", protocol="slides"), make_row("A", source="x")]
    for row in [make_row("A", 0.8), make_row("B"), *others]:
        write_row(file, row)
    write_row(file, make_row("A", 0.6))
    found = read_rows(file)
    assert [row.candidate for row in found] == ["A", "B", "A", "A", "A"]
    assert found[0].figures["accuracy"].value == pytest.approx(0.6)
    assert found[2:] == others


def test_no_file_has_no_rows(tmp_path: Path) -> None:
    assert read_rows(tmp_path / "none.csv") == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace("candidate,", "name,"), "its columns are not candidate, "),
        (lambda text: text.replace(",0.8000,", ",much,"), "could not convert string to float"),
        (lambda text: text.replace(",90,", ",90.5,"), "invalid literal for int"),
        (
            lambda text: text.rpartition(",a machine")[0] + "\n",
            "too few or too many values",
        ),
    ],
)
def test_a_file_that_is_not_ours_is_refused(
    change: Callable[[str], str], reason: str, make_row: MakeRow, tmp_path: Path
) -> None:
    file = tmp_path / "toy.csv"
    write_row(file, make_row())
    file.write_text(change(file.read_text()))
    with pytest.raises(DataError, match=rf"toy\.csv is not: .*{reason}.*Move it away"):
        read_rows(file)


def test_every_fact_has_a_column(make_row: MakeRow) -> None:
    # 20 facts, 8 costs, 3 figures and 3 differences with two bounds each, and whose they are
    assert len(COLUMNS) == len(set(COLUMNS)) == 20 + 8 + 9 + 9 + 1
    assert replace(make_row(), epochs=2).key == ("toyset", 2, "grouped-5", "A")
