"""Rows, picture and page of an agent's measurement."""

from pathlib import Path

import pytest

from cancerapy.cancers import Cancer, list_cancers
from cancerapy.errors import DataError
from cancerapy.evaluation.rows import read_rows
from cancerapy.policy.material import Material
from cancerapy.policy.page import END, START, build_tables, refresh_page
from cancerapy.policy.session import PREVALENCES, measure_agent, name_prevalence

ROOT = Path(__file__).parents[2]


def test_rows_and_picture_are_written(material: Material, cancer: Cancer, tmp_path: Path) -> None:
    told = []
    files = measure_agent(
        material, cancer, tmp_path / "results", tmp_path / "docs", command="cancerapy x",
        prevalences=(0.013, 0.02), progress=lambda *step: told.append(step),
    )  # fmt: skip
    assert [file.name for file in files] == ["toy.csv", "agent-toy.png"]
    assert files[1].read_bytes().startswith(b"\x89PNG")
    rows = read_rows(files[0])
    models = {row.origin.model for row in rows}
    assert {"agent", "always refer", "agent minus never refer", "all images minus one image"} <= (
        models
    )
    prevalences = {name_prevalence(value) for value in (*PREVALENCES, 0.013)}
    assert prevalences <= {row.origin.subgroup for row in rows}
    own = [
        row
        for row in rows
        if (row.origin.model, row.origin.subgroup) == ("agent", "prevalence=0.013")
    ]
    assert {"ppv", "npv", "cost_per_1000"} <= {row.figure.metric for row in own}
    refer_all = [
        row.figure.value
        for row in rows
        if (row.origin.model, row.origin.subgroup) == ("always refer", "prevalence=0.013")
        and row.figure.metric == "ppv"
    ]
    assert refer_all == [pytest.approx(0.013)], (
        "who refers everybody is right as often as they are ill"
    )
    assert {row.origin.command for row in rows} == {"cancerapy x"}
    assert {row.origin.task for row in rows} == {"toy/finding"}
    assert told[-1] == ("policies", len(PREVALENCES) + 1, len(PREVALENCES) + 1)


def test_the_page_has_the_tables_of_the_rows() -> None:
    text = (ROOT / "docs" / "agent.md").read_text(encoding="utf-8")
    inside = text.partition(START)[2].partition(END)[0]
    assert inside.strip() == build_tables(ROOT / "results").strip()
    for name in list_cancers():
        assert f"agent-{name}.png" in inside


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "agent.md"
    page.write_text("# Mine\n")
    with pytest.raises(DataError, match="once each"):
        refresh_page(tmp_path, tmp_path)
    assert page.read_text() == "# Mine\n"
    page.unlink()
    assert refresh_page(tmp_path, tmp_path) == []
