"""Tables by hand from made-up rows, and the committed pages from the committed rows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cancerapy.comparison.rows import CandidateRow, read_rows
from cancerapy.comparison.table import comparison_page, comparison_table, describe_comparison
from cancerapy.evaluation.measure import Figure

MakeRow = Callable[..., CandidateRow]
RESULTS = Path(__file__).parents[2] / "results" / "comparison"
PAGES = sorted(RESULTS.glob("*.csv"))


def test_a_line_by_hand(make_row: MakeRow) -> None:
    difference = {"accuracy": Figure("accuracy", 0.025, 0.0111, 0.04)}
    rows = [
        make_row("A", 0.8, 10),
        make_row("B", 0.825, 20, against="A", differences=difference, last_layer="block_2"),
        make_row("C", 0.7, 30, against="A", costs={"memory_mb": float("nan")}),
    ]
    lines = comparison_table(rows).splitlines()
    assert lines[2] == (
        "| A | 80.0 (75.0 to 85.0) | 70.0 (60.0 to 75.0) | 0.900 (0.850 to 0.950) |  | reference | "
        "120 | 10.0 | 4.5 | 75 | 2.26 | 301 | front |"
    )
    assert lines[3].startswith("| B (to `block_2`) | 82.5 (77.5 to 87.5) | ")
    assert "| +2.5 (+1.1 to +4.0) | better than A | 120 | 20.0 |" in lines[3]
    assert lines[4].endswith("| - | too few groups to tell | - | - | - | - | - | - |  |")


def test_what_failed_stands_below_with_its_reason(make_row: MakeRow) -> None:
    failed = make_row("B", figures={}, costs={}, failed="It starts at random.")
    table = comparison_table([make_row("A"), failed])
    assert table.endswith("front |\n\n- B failed: It starts at random.")
    assert comparison_table([failed]) == "- B failed: It starts at random."


def test_the_page_has_a_part_for_each_comparison(make_row: MakeRow) -> None:
    rows = [
        make_row("A", protocol="random-5-LEAKING", leaking="LEAKING"),
        make_row("A", epochs=4),
        make_row("A"),
        make_row("B", epochs=4, figures={}, costs={}, failed="no"),
    ]
    page = comparison_page("toy", rows)
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == [
        "## toyset, grouped-5, frozen features",
        "## toyset, random-5 LEAKING, frozen features",
        "## toyset, grouped-5, 4 epochs with the last layers trained",
        "## Columns of the rows",
    ]
    assert (
        "90 images of 9 groups, 16 x 24 px; a machine; commit abc; 2026-01-02. "
        "`cancerapy compare toy`" in page
    )
    assert page.count("- B failed: no") == 1


def test_one_epoch_is_told_in_words_that_fit(make_row: MakeRow) -> None:
    assert describe_comparison(make_row(epochs=1)).endswith("1 epoch with the last layers trained")


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_committed_page_is_made_from_its_rows(file: Path) -> None:
    assert file.with_suffix(".md").read_text() == comparison_page(file.stem, read_rows(file))
