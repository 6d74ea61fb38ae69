"""Rows of the results files."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import (
    COLUMNS,
    Origin,
    Row,
    read_all_rows,
    read_rows,
    rows_of,
    write_rows,
)

ORIGIN = Origin(
    task="skin",
    protocol="grouped-5",
    leaking="",
    model="MobileNetV2",
    plan="0123",
    manifest="4567",
    split="89ab",
    seed="0",
    groups=7470,
    n=10015,
    size="4.5",
    machine="some processor, x86_64, 2 cores",
    commit="abcdef012",
    command="cancerapy evaluate skin, quoted",
    date="2026-01-31",
)
NAN = float("nan")


def test_rows_are_read_back(tmp_path: Path) -> None:
    file = tmp_path / "results" / "skin.csv"
    figures = [Figure("accuracy", 0.8, 0.75, 0.85), Figure("auc:x", NAN, NAN, NAN)]
    write_rows(file, rows_of(ORIGIN, figures))
    first, second = read_rows(file)
    assert first == Row(ORIGIN, figures[0])
    assert second.figure.metric == "auc:x"
    assert all(math.isnan(v) for v in (second.figure.value, second.figure.low, second.figure.high))


def test_the_file_has_the_columns_of_the_readme(tmp_path: Path) -> None:
    file = tmp_path / "skin.csv"
    write_rows(file, rows_of(ORIGIN, [Figure("ece", 0.01234, 0.01, NAN)]))
    with file.open(newline="") as handle:
        header, line = list(csv.reader(handle))
    assert header == COLUMNS
    assert " ".join(header) == (
        "task protocol leaking model plan manifest split seed groups n metric value low high "
        "size machine commit command date"
    )
    assert line[10:14] == ["ece", "0.0123", "0.0100", ""]


def test_a_new_measurement_replaces_the_old_one_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "skin.csv"
    other = replace(ORIGIN, model="baseline: majority")
    write_rows(file, rows_of(ORIGIN, [Figure("accuracy", 0.5, NAN, NAN), Figure("old", 1, 1, 1)]))
    write_rows(file, rows_of(other, [Figure("accuracy", 0.4, NAN, NAN)]))
    write_rows(file, rows_of(ORIGIN, [Figure("accuracy", 0.6, NAN, NAN)]))
    found = {(row.origin.model, row.figure.metric): row.figure.value for row in read_rows(file)}
    assert found == {("MobileNetV2", "accuracy"): 0.6, ("baseline: majority", "accuracy"): 0.4}


def test_other_tables_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    write_rows(tmp_path / "skin.csv", rows_of(ORIGIN, [Figure("accuracy", 0.5, NAN, NAN)]))
    (tmp_path / "latency.csv").write_text("what,milliseconds\ndecode,3\n")
    (tmp_path / "empty.csv").write_text("")
    assert len(read_all_rows(tmp_path)) == 1
    with pytest.raises(DataError, match=r"latency\.csv has others"):
        read_rows(tmp_path / "latency.csv")


def test_a_damaged_number_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "skin.csv"
    write_rows(file, rows_of(ORIGIN, [Figure("accuracy", 0.5, NAN, NAN)]))
    file.write_text(file.read_text().replace("0.5000", "half"))
    with pytest.raises(DataError, match=r"skin\.csv holds a number that cannot be read: .*'half'"):
        read_rows(file)
