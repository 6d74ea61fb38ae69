"""The page and its picture are those of the rows in the repository."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from cancerapy.errors import DataError
from cancerapy.evaluation.rows import read_rows
from cancerapy.learning.page import PAGE, PICTURES, LearningRows, build_page, read_learning
from cancerapy.learning.picture import SOURCE_KEY
from cancerapy.learning.policies import ALL, POLICIES
from cancerapy.learning.simulation import round_name
from cancerapy.learning.stream import N_ROUNDS

ROOT = Path(__file__).parents[2]
RESULTS, DOCS = ROOT / "results", ROOT / "docs"


def test_the_page_is_current() -> None:
    written = (DOCS / PAGE).read_text(encoding="utf-8")
    assert written == build_page(RESULTS), "run 'cancerapy learn simulate --page'"


def test_the_pictures_are_current() -> None:
    found = read_learning(RESULTS)
    drawn = {path.stem for path in (DOCS / PICTURES).glob("*.png")}
    assert drawn == set(found)
    for name, rows in found.items():
        with Image.open(DOCS / PICTURES / f"{name}.png") as picture:
            assert picture.info[SOURCE_KEY] == rows.digest


def test_every_way_begins_alike_and_reviews_cost_the_same() -> None:
    for rows in read_learning(RESULTS).values():
        starts = {rows.of(round_name(p, 0), "balanced_accuracy").value for p in POLICIES}
        assert len(starts) == 1
        for policy in POLICIES:
            reviews = rows.of(round_name(policy, N_ROUNDS), "n_reviews").value
            share = 0 if policy.order == "machine" else policy.share
            n_uploaded = rows.of(round_name(ALL, N_ROUNDS), "n_reviews").value
            assert reviews == pytest.approx(share * n_uploaded, abs=8)


def test_before_a_run_the_page_says_so(tmp_path: Path) -> None:
    assert build_page(tmp_path).endswith("Not run yet.\n")


def test_a_figure_that_was_not_measured_is_named() -> None:
    (file, *_) = sorted((RESULTS / "learning").glob("*.csv"))
    rows = LearningRows(read_rows(file)[:3])
    with pytest.raises(DataError, match="'ece' of 'nothing', which the rows lack"):
        rows.of("nothing", "ece")


def test_rows_of_two_protocols_are_not_mixed() -> None:
    (file, *_) = sorted((RESULTS / "learning").glob("*.csv"))
    rows = read_rows(file)[:3]
    other = replace(rows[0], origin=replace(rows[0].origin, protocol="another"))
    with pytest.raises(DataError, match="must be of one protocol; 'skin-7' has several"):
        LearningRows([*rows, other])
