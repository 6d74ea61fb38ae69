"""Rows of the toy's simulated clinic, against figures that are counted here."""

import math

import numpy as np
import pytest

from cancerapy.bundle.store import load_bundle
from cancerapy.evaluation.rows import Row
from cancerapy.learning import clinic_rows as module
from cancerapy.learning.candidates import NO_CONSENT
from cancerapy.learning.clinic_names import (
    CHALLENGER,
    CHAMPION,
    DIFFERENCE,
    FOLDS,
    HOLDS,
    LOOP,
    MEASURED,
    OWN,
    RECORDS,
    UNJUDGED,
    UNSEEN,
)
from cancerapy.learning.clinic_rows import answers_of_bundle, clinic_rows
from cancerapy.runtime.predictor import Predictor


@pytest.fixture
def rows(ran_clinic) -> list[Row]:
    return clinic_rows(ran_clinic.request, ran_clinic.run, n_resamples=50)


def values(rows: list[Row], protocol: str, model: str) -> dict[str, float]:
    return {
        row.figure.metric: row.figure.value
        for row in rows
        if (row.origin.protocol, row.origin.model) == (f"{protocol}site", model)
    }


def test_what_is_measured_is_what_is_served(ran_clinic) -> None:
    run, cancer = ran_clinic.run, ran_clinic.request.cancer
    bundle = load_bundle(run.challenger)
    answers = answers_of_bundle(bundle, run.unseen, cancer)["toy"].outcome
    assert answers.images.tolist() == [sample.path for sample in run.unseen.samples]
    predictor = Predictor(bundle)
    for row, sample in enumerate(run.unseen.samples):
        given = predictor.predict_path(sample.at(run.unseen.root), "toy").classes
        np.testing.assert_allclose(
            answers.probabilities[row], [c.probability for c in given], atol=1e-5
        )


def test_a_graph_is_asked_once(ran_clinic, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, cancer = ran_clinic.run, ran_clinic.request.cancer
    bundle = load_bundle(run.champion)
    first = answers_of_bundle(bundle, run.unseen, cancer, kept=tmp_path)["toy"].outcome
    (file,) = tmp_path.iterdir()
    assert file.name.startswith("toy-1-")
    monkeypatch.setattr(module, "predict_manifest", None)
    again = answers_of_bundle(bundle, run.unseen, cancer, kept=tmp_path)["toy"].outcome
    np.testing.assert_array_equal(again.probabilities, first.probabilities)


def test_both_models_answer_the_same_unseen_images(rows: list[Row], ran_clinic) -> None:
    unseen = [row for row in rows if row.origin.protocol == f"{UNSEEN}site"]
    assert {(row.origin.n, row.origin.groups) for row in unseen} == {(12, 6)}
    assert {row.origin.model for row in unseen} == {CHAMPION, CHALLENGER, DIFFERENCE}
    assert {row.figure.metric for row in unseen} <= set(MEASURED)
    before, after, change = (values(rows, UNSEEN, m) for m in (CHAMPION, CHALLENGER, DIFFERENCE))
    answers = answers_of_bundle(
        load_bundle(ran_clinic.run.champion), ran_clinic.run.unseen, ran_clinic.request.cancer
    )["toy"].outcome
    assert before["accuracy"] == pytest.approx(np.mean(answers.y_pred == answers.y_true))
    assert before.keys() == after.keys()
    for name, value in change.items():
        assert value == pytest.approx(after[name] - before[name])


def test_what_happened_in_the_records_is_counted(rows: list[Row]) -> None:
    counts = values(rows, LOOP, RECORDS)
    agreed = counts.pop("n_agreed")
    assert 0 <= agreed <= 12
    assert counts == {
        "n_patients": 6,
        "n_refusing": 1,
        "n_uploaded": 12,
        "n_rejected": counts["n_rejected"],
        "n_reviewed": 12,
        "n_collected": 10,
        "n_collected_patients": 5,
        f"n_left_out:{NO_CONSENT}": 2,
    }


def test_the_promotion_is_that_of_the_judgement(rows: list[Row], ran_clinic) -> None:
    verdict = ran_clinic.run.verdict
    judged = verdict.folds
    assert values(rows, FOLDS, RECORDS) == {
        "accepted": float(verdict.is_accepted),
        "holds": float(judged.is_accepted),
    }
    holds = values(rows, FOLDS, HOLDS)
    assert holds == {f.metric: float(f.holds) for f in judged.findings if f.decides}
    assert {"sensitivity:dark", "sensitivity:light", "ece"} <= holds.keys()
    assert values(rows, FOLDS, UNJUDGED) == {}
    # Of two and three own patients nothing can be said, so the clinic keeps its model.
    assert values(rows, OWN, RECORDS) == {"holds": 0.0}
    deciding = [f for f in verdict.own.findings if f.decides]
    unjudged = values(rows, OWN, UNJUDGED)
    assert unjudged == {f.metric: f.n_groups for f in deciding if not f.is_judged}
    assert unjudged["sensitivity:dark"] + unjudged["sensitivity:light"] == 5
    assert values(rows, OWN, HOLDS) == {f.metric: float(f.holds) for f in deciding if f.is_judged}
    assert {(r.origin.n, r.origin.groups) for r in rows if r.origin.protocol == f"{OWN}site"} == {
        (10, 5)
    }
    on = {(r.origin.n, r.origin.groups) for r in rows if r.origin.protocol == f"{FOLDS}site"}
    assert on == {(16, 8)}
    assert all(math.isfinite(value) for value in values(rows, FOLDS, DIFFERENCE).values())
