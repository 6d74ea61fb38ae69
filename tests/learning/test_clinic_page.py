"""The chapter on a clinic's own data says what its rows say."""

from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Row, read_rows, write_rows
from cancerapy.learning.candidates import NO_CONSENT
from cancerapy.learning.clinic_names import (
    CHALLENGER,
    CHAMPION,
    DIFFERENCE,
    FOLDS,
    HOLDS,
    OWN,
    RECORDS,
    UNJUDGED,
    UNSEEN,
    rows_file,
)
from cancerapy.learning.clinic_page import ClinicRows, build_chapters, tell_verdict
from cancerapy.learning.clinic_rows import clinic_rows


@pytest.fixture
def rows(ran_clinic) -> list[Row]:
    return clinic_rows(ran_clinic.request, ran_clinic.run, n_resamples=50)


def changed(rows: list[Row], protocol: str, model: str, *figures: Figure) -> list[Row]:
    """Return the rows with figures of a model put in place of those of the same name."""
    by_name = {figure.metric: figure for figure in figures}
    key = (f"{protocol}site", model)
    return [
        replace(row, figure=by_name.get(row.figure.metric, row.figure))
        if (row.origin.protocol, row.origin.model) == key
        else row
        for row in rows
    ]


def test_the_chapter_is_the_same_from_the_file(rows: list[Row], tmp_path: Path) -> None:
    file = rows_file(tmp_path, "toy", "site")
    write_rows(file, rows)
    assert sorted(r.key for r in read_rows(file)) == sorted(r.key for r in rows)
    (chapter,) = build_chapters(tmp_path)
    assert chapter.startswith("## A clinic's own data: toy, Another site\n")
    assert "`cancerapy learn clinic toy --site site`" in chapter
    assert "come to a simulated clinic; 1 of them refuse training" in chapter
    assert "Dark means dark to the eye there. `collect` takes 10 images of 5 patients" in chapter
    assert f"leaves out 2 ({NO_CONSENT})" in chapter
    assert "neither model saw, `toy`, 12 images of 6 patients:" in chapter
    assert "fixed folds of the shipped data, `toy`, 16 images of 8 patients:" in chapter
    assert "collected patients, never learnt from, `toy`, 10 images of 5 patients:" in chapter
    assert "| not judged, patients: 2 |" in chapter
    assert "too few patients to judge toy sensitivity:dark (" in chapter
    assert "Another site is for looking only, and" in chapter
    assert build_chapters(tmp_path / "elsewhere") == []


def test_the_verdict_says_no_more_than_the_intervals(rows: list[Row]) -> None:
    auc = "malignancy_auc"
    rows = changed(rows, UNSEEN, CHAMPION, Figure(auc, 0.56, 0.4, 0.7))
    rows = changed(rows, UNSEEN, CHALLENGER, Figure(auc, 0.7, 0.6, 0.8))
    better = changed(
        rows, UNSEEN, DIFFERENCE, Figure(auc, 0.14, 0.02, 0.26), Figure("ece", -0.2, -0.3, -0.1)
    )
    told = tell_verdict(ClinicRows(better))
    assert "from 0.560 (0.400 to 0.700) to 0.700 (0.600 to 0.800): better by 14.0 points" in told
    assert "Calibration error (ECE): better by 20.0 points (10.0 to 30.0)." in told
    unclear = changed(rows, UNSEEN, DIFFERENCE, Figure(auc, 0.14, -0.02, 0.26))
    assert "no difference shown (14.0 points, -2.0 to 26.0)" in tell_verdict(ClinicRows(unclear))


def decided(rows: list[Row], *, accepted: bool, folds: bool = True, own: bool = True) -> list[Row]:
    """Return the rows with a decision put in place of theirs, everything of own patients judged.

    No figure got worse: what the toy's challenger loses differs between machines.
    """
    nan = float("nan")
    kept = [
        replace(r, figure=replace(r.figure, value=1.0)) if r.origin.model == HOLDS else r
        for r in rows
        if r.origin.model != UNJUDGED
    ]
    for protocol, holds in ((FOLDS, folds), (OWN, own)):
        told = (
            Figure("accepted", float(accepted), nan, nan),
            Figure("holds", float(holds), nan, nan),
        )
        kept = changed(kept, protocol, RECORDS, *told)
    return kept


def test_a_refusal_names_what_did_not_hold_and_where(rows: list[Row]) -> None:
    lost = Figure("sensitivity:dark", 0.0, float("nan"), float("nan"))
    refused = changed(decided(rows, accepted=False, folds=False), FOLDS, HOLDS, lost)
    told = tell_verdict(ClinicRows(refused))
    assert "on the fixed folds of the shipped data: it gets worse (toy sensitivity:dark" in told
    assert "collected patients, never learnt from: it gets worse in no class" in told
    assert told.endswith("`promote` refuses it and the clinic goes on with the model it had.")
    accepted = decided(rows, accepted=True)
    assert tell_verdict(ClinicRows(accepted)).endswith("`promote` serves it from then on.")
    few = tell_verdict(ClinicRows(rows))
    assert "too few patients to judge toy sensitivity:dark (" in few
    first = next(r for r in rows if r.origin.protocol == f"{OWN}site")
    worse = Row(replace(first.origin, model=HOLDS), lost)
    told = tell_verdict(ClinicRows([*decided(rows, accepted=False, own=False), worse]))
    assert "never learnt from: it gets worse (toy sensitivity:dark)." in told
    nobody = decided(rows, accepted=False, own=False)
    assert "never learnt from: nobody to judge it on." in tell_verdict(ClinicRows(nobody))


def test_a_challenger_that_passes_and_misses_more_is_not_praised(rows: list[Row]) -> None:
    rows = decided(rows, accepted=True)
    point = next(r for r in rows if r.origin.protocol == f"{UNSEEN}site")

    def told(low: float, high: float) -> str:
        figure = Figure("point_sensitivity", (low + high) / 2, low, high)
        own = replace(point.origin, model=DIFFERENCE)
        others = [r for r in rows if (r.origin, r.figure.metric) != (own, figure.metric)]
        return tell_verdict(ClinicRows([*others, Row(own, figure)]))

    assert "other patients it misses more" in told(-0.8, -0.5)
    assert "other patients it misses more" not in told(-0.8, 0.1)


def test_what_was_not_measured_is_named(rows: list[Row]) -> None:
    found = ClinicRows(rows)
    with pytest.raises(
        DataError, match=r"'brier' of 'served' \(clinic-site, toy\), which the rows"
    ):
        found.of(UNSEEN, CHAMPION, "toy", "brier")
