"""The generated tables, and that those of the repository are current."""

from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.cancers import load_cancer
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import (
    Origin,
    read_all_rows,
    rows_of,
    rows_of_subgroups,
    write_rows,
)
from cancerapy.evaluation.subgroups import Subgroup
from cancerapy.evaluation.tables import (
    END,
    NONE_YET,
    START,
    headline_table,
    markdown_table,
    refresh_tables,
    replace_between_marks,
    results_page,
)

ROOT = Path(__file__).parents[2]
NAN = float("nan")
MODEL = Origin(
    task="colorectal",
    protocol="slides",
    leaking="",
    model="MobileNetV2",
    plan="p",
    manifest="m",
    split="s",
    seed="0",
    groups=10,
    n=5000,
    size="",
    machine="processor, x86_64, 2 cores",
    commit="abc",
    command="cancerapy evaluate colorectal",
    date="2026-01-31",
)
FIGURES = [
    Figure("accuracy", 0.8312, 0.7, 0.91),
    Figure("balanced_accuracy", 0.802, 0.71, 0.88),
    Figure("ece", 0.0312, NAN, NAN),
    Figure("sensitivity:TUMOR", 0.9, 0.85, 0.95),
    Figure("auc:TUMOR", 0.98, 0.97, 0.99),
]
ROWS = [
    *rows_of(replace(MODEL, protocol="random-10-LEAKING", leaking="LEAKING"), FIGURES),
    *rows_of(replace(MODEL, model="baseline: majority"), FIGURES[:2]),
    *rows_of(MODEL, FIGURES),
]
OF_SUBGROUPS = {
    "fold": [Subgroup("fold-1", 300, 2, 2, {f.metric: f for f in FIGURES})],
    "sex": [
        Subgroup("female", 150, 9, 2, {"accuracy": Figure("accuracy", 0.7, 0.6, 0.8)}),
        Subgroup("male", 12, 5, 2, None),
    ],
    "slide": [Subgroup("01", 30, 1, 2, {"accuracy": Figure("accuracy", 0.9, NAN, NAN)})],
}


def test_the_repository_s_tables_are_current() -> None:
    rows = read_all_rows(ROOT / "results")
    how = "run 'cancerapy evaluate --tables'"
    page = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    assert page == results_page(rows), f"results/README.md is stale: {how}"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == replace_between_marks(readme, headline_table(rows)), f"README.md is: {how}"


def test_a_cancer_s_caution_stands_below_its_figures_and_no_others() -> None:
    breast = load_cancer("breast")
    assert breast.caution
    line = f"**{breast.title}**: {breast.caution}"
    rows = rows_of(replace(MODEL, task="breast"), FIGURES[:3])
    assert headline_table(rows).splitlines()[-1] == line
    assert line in results_page(rows).splitlines()
    assert breast.caution not in headline_table(ROWS) + results_page(ROWS)


def test_the_headline_table_has_models_only_and_marks_leaks() -> None:
    lines = headline_table(ROWS).splitlines()
    assert len(lines) == 4
    assert lines[2] == (
        "| `colorectal` | slides | MobileNetV2 | 5000 (10) | 83.1 (70.0 to 91.0) "
        "| 80.2 (71.0 to 88.0) | - | - | 0.031 |"
    )
    assert lines[3].startswith("| `colorectal` | random-10 **LEAKING** | MobileNetV2 |")
    assert headline_table([]) == NONE_YET


def test_the_page_has_baselines_classes_and_commands() -> None:
    page = results_page(ROWS)
    assert "| `colorectal` | slides | baseline: majority | 5000 (10) |" in page
    assert "### `colorectal`, slides, MobileNetV2\n" in page
    assert "| TUMOR | 90.0 (85.0 to 95.0) | - | - | - | 0.980 (0.970 to 0.990) |" in page
    assert "- `cancerapy evaluate colorectal` (2026-01-31, commit abc," in page
    assert results_page([]).rstrip().endswith(NONE_YET)
    assert "baseline: majority\n" not in page  # a baseline has no section of its own
    assert "## By slide" not in page


def test_the_page_has_one_table_of_all_subgroups_of_a_task() -> None:
    leaking = replace(MODEL, protocol="random-10-LEAKING", leaking="LEAKING")
    rows = [*ROWS, *rows_of_subgroups(MODEL, OF_SUBGROUPS)]
    rows += rows_of_subgroups(leaking, OF_SUBGROUPS)
    page = results_page(rows)
    before, _, section = page.partition("## By slide, age, sex and site\n")
    section = section.partition("## Commands")[0]
    assert [line for line in section.splitlines() if line.startswith(("#", "|"))] == [
        "### `colorectal`, slides, MobileNetV2",
        "| By | Value | Images (groups) | Accuracy, % |",
        "|---|---|---|---|",
        "| slide | 01 | 30 (1) | 90.0 |",
        "| sex | female | 150 (9) | 70.0 (60.0 to 80.0) |",
        "|  | male | 12 (5) | too few |",
    ]
    assert before == results_page(ROWS).partition("## Commands")[0]
    assert headline_table(rows) == headline_table(ROWS)


def test_normal_images_have_a_table_of_their_own_with_the_specificity() -> None:
    normal = replace(MODEL, protocol="external-other-bi_rads-1-2", n=287, groups=96)
    figures = [
        Figure("accuracy", 0.1707, 0.116, 0.225),
        Figure("point_specificity", 0.0105, 0, 0.024),
        Figure("answered_share", 0.3589, 0.282, 0.44),
    ]
    density = replace(normal, task="colorectal/density")
    rows = [*ROWS, *rows_of(normal, figures), *rows_of(density, figures[:1])]
    for text in (headline_table(rows), results_page(rows)):
        _, _, below = text.partition("\n\nNormal images alone:\n\n")
        lines = below.splitlines()
        assert lines[0].endswith(
            "| Specificity at the operating point, % | Accuracy, % | Plain answers, % |"
        )
        assert lines[2] == (
            "| `colorectal` | external-other-bi_rads-1-2 | MobileNetV2 | 287 (96) "
            "| 1.1 (0.0 to 2.4) | 17.1 (11.6 to 22.5) | 35.9 (28.2 to 44.0) |"
        )
        assert text.count("bi_rads") == 1  # no line of dashes, no heading without rows
    assert headline_table(rows).startswith(headline_table(ROWS))
    assert headline_table(rows_of(normal, figures)).startswith("Normal images alone:")


def test_tables_are_refreshed_in_place(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Title\n\n{START}\nold\n{END}\n\nRest.\n")
    write_rows(tmp_path / "results" / "colorectal.csv", ROWS)
    files = refresh_tables(tmp_path / "results")
    assert files == [tmp_path / "results" / "README.md", readme]
    text = readme.read_text()
    assert text == f"# Title\n\n{START}\n\n{headline_table(ROWS)}\n\n{END}\n\nRest.\n"
    refresh_tables(tmp_path / "results")
    assert readme.read_text() == text


def test_a_readme_without_marks_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Another project.\n")
    (tmp_path / "results").mkdir()
    assert refresh_tables(tmp_path / "results") == [tmp_path / "results" / "README.md"]
    assert (tmp_path / "README.md").read_text() == "Another project.\n"


@pytest.mark.parametrize("text", [START, f"{END}\n{START}", f"{START}\n{START}\n{END}"])
def test_broken_marks_are_an_error(text: str) -> None:
    with pytest.raises(DataError, match=r"README\.md must hold the line"):
        replace_between_marks(text, "table")


def test_bars_inside_cells_are_escaped() -> None:
    assert markdown_table(["a"], [["x|y"]]) == "| a |\n|---|\n| x\\|y |"
