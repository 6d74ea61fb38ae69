"""The page of published values is that of the rows, and its figures are those of their place."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Row, read_all_rows, write_rows
from cancerapy.reproduce import anchors
from cancerapy.reproduce.anchors import ANCHORS, build_anchors, own_in_words
from cancerapy.reproduce.published import Chapter, Checked, Leaking, Own, Published

ROOT = Path(__file__).parents[2]
OWN = Own("toy", "grouped-2", ("accuracy", "macro_auc"))

MakeRow = Callable[..., Row]


def of_subgroup(row: Row) -> Row:
    return Row(replace(row.origin, subgroup="age=40 to 49"), Figure("accuracy", 0.1, 0.0, 0.2))


def test_the_page_is_current() -> None:
    written = (ROOT / "docs" / ANCHORS).read_text(encoding="utf-8")
    assert written == build_anchors(ROOT / "results"), "run 'cancerapy reproduce --document'"


def test_figures_of_ours_are_those_of_the_model_on_all_images(make_row: MakeRow) -> None:
    rows = [
        make_row("baseline: majority", value=0.5),
        of_subgroup(make_row("Net")),
        make_row("Net", value=0.8),
        make_row("Net", "macro_auc", 0.9),
        make_row("Net", value=0.6, task="other"),
        make_row("Net", value=0.7, protocol="grouped-3"),
    ]
    assert own_in_words(OWN, rows) == (
        "grouped-2: accuracy 80.0 % (70.0 to 90.0), AUC 0.900 (0.800 to 1.000)"
    )


def test_several_models_are_told_apart(make_row: MakeRow) -> None:
    rows = [make_row("Small", value=0.6), make_row("Large", value=0.8)]
    own = Own("toy", "grouped-2", ("accuracy",))
    assert own_in_words(own, rows) == (
        "grouped-2, Large: accuracy 80.0 % (70.0 to 90.0); "
        "grouped-2, Small: accuracy 60.0 % (50.0 to 70.0)"
    )


def test_a_leaking_figure_of_ours_says_so(make_row: MakeRow) -> None:
    row = make_row("Net", value=0.8, protocol="random-2-LEAKING", leaking="LEAKING")
    own = Own("toy", "random-2-LEAKING", ("accuracy",))
    assert own_in_words(own, [row]) == "random-2 **LEAKING**: accuracy 80.0 % (70.0 to 90.0)"


def test_what_was_not_measured_is_said(make_row: MakeRow) -> None:
    assert own_in_words(OWN, []) == "grouped-2: not measured yet"
    assert own_in_words(OWN, [make_row("baseline: majority")]) == "grouped-2: not measured yet"
    assert own_in_words(OWN, [make_row("Net", value=0.8)]) == (
        "grouped-2: accuracy 80.0 % (70.0 to 90.0), AUC not measured yet"
    )


def make_published(who: str, ours: Iterable[Own]) -> Published:
    return Published(
        who=who, task="toy", figure="accuracy 99 %", protocol="toys", split="by image",
        leaking=Leaking.YES, source="doi:10.1/toy", checked=Checked.MEMORY, how="Remembered.",
        ours=tuple(ours), comparable="The toys.", not_comparable="The children.",
    )  # fmt: skip


def test_a_line_and_a_note_for_each_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_row: MakeRow
) -> None:
    values = (make_published("A 2020", [OWN]), make_published("B 2021", []))
    chapters = {"skin": Chapter(values, ("C 2022: not found.",))}
    monkeypatch.setattr(anchors, "load_chapters", lambda: chapters)
    write_rows(tmp_path / "toy.csv", [make_row("Net", value=0.8)])
    page = build_anchors(tmp_path)
    wanted = (
        "| A 2020 | accuracy 99 % | toys | by image | **LEAKING** "
        "| grouped-2: accuracy 80.0 % (70.0 to 90.0), AUC not measured yet | from memory |",
        "| B 2021 | accuracy 99 % | toys | by image | **LEAKING** | - | from memory |",
        "- **A 2020** (doi:10.1/toy). *May be compared:* The toys. *May not:* The children. "
        "*Checked:* Remembered.",
        "## Looked for and left out\n\n- C 2022: not found.\n",
    )
    for text in wanted:
        assert text in page


def test_every_figure_of_ours_that_is_named_is_in_the_rows() -> None:
    rows = read_all_rows(ROOT / "results")
    missing = [
        (own.task, own.protocol)
        for chapter in anchors.load_chapters().values()
        for value in chapter.values
        for own in value.ours
        if "not measured" in own_in_words(own, rows)
    ]
    assert missing == []
