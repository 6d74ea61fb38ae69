"""Rows of the results files."""

import csv
import math
from concurrent.futures import ThreadPoolExecutor
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
    rows_of_subgroups,
    write_rows,
)
from cancerapy.evaluation.subgroups import Subgroup

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
        "task protocol leaking model plan manifest split seed subgroup groups n metric value low "
        "high size machine commit command date"
    )
    assert line[8:15] == ["", "7470", "10015", "ece", "0.0123", "0.0100", ""]


def test_subgroups_have_rows_with_their_own_counts(tmp_path: Path) -> None:
    figures = [Figure("accuracy", 0.7, 0.6, 0.8), Figure("ece", 0.1, 0.1, 0.1)]
    figures += [Figure("balanced_accuracy", 0.5, NAN, NAN)]
    measured = {figure.metric: figure for figure in figures}
    tables = {
        "sex": [Subgroup("female", 120, 60, 2, measured), Subgroup("unknown", 7, 3, 1, None)],
        "site": [Subgroup("a=b", 20, 4, 1, measured)],
    }
    file = tmp_path / "skin.csv"
    write_rows(file, rows_of_subgroups(ORIGIN, tables))
    found = [
        (r.origin.subgroup, r.origin.n, r.origin.groups, r.figure.metric, r.figure.value)
        for r in read_rows(file)
    ]
    assert found[:2] == [
        ("sex=female", 120, 60, "accuracy", 0.7),
        ("sex=female", 120, 60, "balanced_accuracy", 0.5),
    ]
    assert found[2][:4] == ("sex=unknown", 7, 3, "accuracy")
    assert math.isnan(found[2][4])
    assert [row[:4] for row in found[3:]] == [
        ("site=a=b", 20, 4, "accuracy"),
        ("site=a=b", 20, 4, "balanced_accuracy"),
    ]
    assert read_rows(file)[0].figure == figures[0]
    write_rows(file, rows_of(ORIGIN, figures[:1]))  # the subgroups of before are measured no more
    assert read_rows(file) == [Row(ORIGIN, figures[0])]


def test_files_without_subgroups_are_still_read(tmp_path: Path) -> None:
    file = tmp_path / "skin.csv"
    other = replace(ORIGIN, model="baseline: majority")
    write_rows(file, rows_of(ORIGIN, [Figure("accuracy", 0.5, 0.4, 0.6)]))
    with file.open(newline="") as handle:
        lines = list(csv.reader(handle))
    place = lines[0].index("subgroup")
    with file.open("w", newline="") as handle:
        csv.writer(handle).writerows([line[:place] + line[place + 1 :] for line in lines])
    assert "subgroup" not in file.read_text()
    before = [Row(ORIGIN, Figure("accuracy", 0.5, 0.4, 0.6))]
    assert read_rows(file) == before
    assert read_all_rows(tmp_path) == before
    write_rows(file, rows_of(other, [Figure("accuracy", 0.4, 0.3, 0.5)]))
    assert [row.origin for row in read_rows(file)] == [ORIGIN, other]


def test_a_new_measurement_replaces_the_old_one_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "skin.csv"
    other = replace(ORIGIN, model="baseline: majority")
    write_rows(file, rows_of(ORIGIN, [Figure("accuracy", 0.5, NAN, NAN), Figure("old", 1, 1, 1)]))
    write_rows(file, rows_of(other, [Figure("accuracy", 0.4, NAN, NAN)]))
    write_rows(file, rows_of(ORIGIN, [Figure("accuracy", 0.6, NAN, NAN)]))
    found = {(row.origin.model, row.figure.metric): row.figure.value for row in read_rows(file)}
    assert found == {("MobileNetV2", "accuracy"): 0.6, ("baseline: majority", "accuracy"): 0.4}


def test_what_is_measured_side_by_side_is_all_kept(tmp_path: Path) -> None:
    file = tmp_path / "results" / "skin.csv"
    models = [f"model {number}" for number in range(24)]

    def add(model: str) -> None:
        write_rows(file, rows_of(replace(ORIGIN, model=model), [Figure("accuracy", 1, NAN, NAN)]))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, models))
    assert sorted(row.origin.model for row in read_rows(file)) == sorted(models)


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
