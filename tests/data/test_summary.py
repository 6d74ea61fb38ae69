"""A data set in figures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cancers import Cancer
from cancerapy.data.summary import ClassCount, DataSummary, class_of, summarise_data
from cancerapy.errors import DataError

ROWS = [
    ("1.png", "a", "1", "p"),
    ("2.png", "a", "2", "p"),
    ("3.png", "b", "1", "q"),
    ("4.png", "", "1", "q"),
]


@pytest.fixture
def summary(toy: Cancer, write_toy: Callable[[Any], Path]) -> DataSummary:
    root = write_toy(ROWS)
    (root / "toyset" / "4.png").write_bytes(b"no picture")
    return summarise_data(toy, toy.sources[0], root)


def test_counts_sizes_and_ages(summary: DataSummary, toy: Cancer) -> None:
    (task,) = toy.tasks
    assert summary.classes(task) == ["a", "a", "b", ""]
    assert summary.counts(task) == [ClassCount("a", 2, 1), ClassCount("b", 1, 1)]
    assert summary.common_sizes == [((24, 32), 3)]
    assert (summary.n_groups, summary.n_unreadable) == (2, 1)
    assert summary.ages(task) == {"a": [30.0, 31.0], "b": [32.0]}
    assert summary.facts() == {"age": 4}


def test_text(summary: DataSummary) -> None:
    assert summary.text().splitlines() == [
        "Toy set: 4 images of 2 patients",
        "",
        "Toy (toy)",
        "  a      2 images  66.7 %      1 patients",
        "  b      1 images  33.3 %      1 patients",
        "",
        "Sizes in pixels (images): 32 x 24 (3)",
        "Unreadable: 1",
        "Known facts (images): age (4)",
    ]


def test_missing_images_are_counted_apart(toy: Cancer, write_toy: Callable[[Any], Path]) -> None:
    root = write_toy(ROWS)
    (root / "toyset" / "1.png").unlink()
    summary = summarise_data(toy, toy.sources[0], root)
    assert [sample.path for sample in summary.samples] == ["2.png", "3.png", "4.png"]
    assert "Missing: 1" in summary.text().splitlines()
    for path in (root / "toyset").glob("*.png"):
        path.unlink()
    with pytest.raises(DataError, match="its tables list 4, and none of them is there") as caught:
        summarise_data(toy, toy.sources[0], root)
    assert caught.value.code == "data_missing"


def test_a_class_needs_all_its_values(toy: Cancer) -> None:
    (task,) = toy.tasks
    assert class_of(task, {"finding": "b", "density": "2"}) == "b"
    assert class_of(task, {"density": "2"}) == ""


def test_tables_that_list_nothing(toy: Cancer, write_toy: Callable[[Any], Path]) -> None:
    root = write_toy([])
    with pytest.raises(DataError, match="it has no row"):
        summarise_data(toy, toy.sources[0], root)
