"""Whose answer to a collected patient is taken: the fold's that left them out, else the graph's."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.bundle.schema import BundleFields
from cancerapy.bundle.store import Bundle
from cancerapy.cancers import Cancer
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.learning import own_patients as module
from cancerapy.learning.learnt import Learnt
from cancerapy.learning.own_patients import answers_to_own, shared
from cancerapy.learning.versions import Case
from cancerapy.records.image_store import ImageStore

SURE = 3.0


def case(number: int, patient: str, label: str) -> Case:
    return Case(f"{number:064x}", patient, {"finding": label}, ("dr-b",))


CASES = [case(n, f"p{n // 2}", "dark" if n < 4 else "light") for n in range(8)]


def predictions(
    toy: Cancer, images: Sequence[str], groups: Sequence[str], labels: Sequence[int]
) -> OutOfFold:
    """Two folds that answer every image rightly."""
    y = np.array(labels)
    folds = np.array([f"fold-{1 + int(g[-1]) % 2}" for g in groups])
    logits = (SURE * np.eye(2)[y]).astype(np.float32)
    return OutOfFold(np.array(images), np.array(groups), folds, toy.network, {"finding": y}, logits)


@pytest.fixture
def shipped(toy_cancer: Cancer) -> OutOfFold:
    images = [f"{n}.png" for n in range(40)]
    return predictions(
        toy_cancer, images, [f"g{n % 10}" for n in range(40)], [n // 20 for n in range(40)]
    )


@pytest.fixture
def ask(
    toy_cancer: Cancer, toy_fields: BundleFields, shipped: OutOfFold, monkeypatch, tmp_path: Path
) -> Callable[..., dict]:
    """Return a function that asks a model whose graph says dark of everything."""

    def predict(files: Sequence[Path], _: Bundle, **__: object) -> np.ndarray:
        asked.extend(file.name for file in files)
        return np.tile(np.array([[SURE, 0.0]], np.float32), (len(files), 1))

    asked: list[str] = []
    monkeypatch.setattr(module, "predict_files", predict)
    bundle = Bundle(tmp_path, toy_fields, None)  # type: ignore[arg-type]

    def work(cases: Sequence[Case], learnt: Learnt, added: OutOfFold | None) -> dict:
        asked.clear()
        images = ImageStore(tmp_path / "images")
        own = answers_to_own(bundle, toy_cancer, cases, learnt, (shipped, added), images)
        return {"outcome": own["toy"].outcome, "asked": sorted(asked), "all": own}

    return work


def learnt_from(cases: Sequence[Case]) -> Learnt:
    return Learnt(1, frozenset(c.sha256 for c in cases), frozenset(c.patient for c in cases))


def added_of(toy: Cancer, cases: Sequence[Case]) -> OutOfFold:
    """What the folds said of them, named as in training: by path and as a collected group."""
    values = ("dark", "light")
    return predictions(
        toy,
        [f"/store/{c.sha256[:2]}/{c.sha256}" for c in cases],
        [f"collected:{c.patient}" for c in cases],
        [values.index(c.labels["finding"]) for c in cases],
    )


def test_a_model_that_learnt_nothing_there_is_asked_itself(ask) -> None:
    told = ask(CASES, Learnt(), None)
    assert told["asked"] == [c.sha256 for c in CASES]
    outcome = told["outcome"]
    assert outcome.images.tolist() == [c.sha256 for c in CASES]
    assert outcome.groups.tolist() == [c.patient for c in CASES]
    assert outcome.y_true.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert outcome.y_pred.tolist() == [0] * 8


def test_of_whom_it_learnt_from_the_folds_are_asked_and_of_newcomers_the_graph(
    ask, toy_cancer: Cancer
) -> None:
    first = CASES[:6]
    told = ask(CASES, learnt_from(first), added_of(toy_cancer, first))
    assert told["asked"] == [c.sha256 for c in CASES[6:]]
    outcome = told["outcome"]
    answers = dict(zip(outcome.images.tolist(), outcome.y_pred.tolist(), strict=True))
    # The folds are right of the light ones, the graph calls the newcomers dark.
    assert [answers[c.sha256] for c in CASES] == [0, 0, 0, 0, 1, 1, 0, 0]
    assert dict(zip(outcome.images.tolist(), outcome.groups.tolist(), strict=True)) == {
        c.sha256: c.patient for c in CASES
    }


def test_a_patient_that_it_was_never_without_is_not_judged(ask, toy_cancer: Cancer) -> None:
    # It learnt from the first image of p0 and of p3; no fold's answers were kept of p3.
    learnt = [CASES[0], CASES[6]]
    told = ask(CASES, learnt_from(learnt), added_of(toy_cancer, learnt[:1]))
    assert sorted(told["outcome"].images.tolist()) == [CASES[n].sha256 for n in (0, 2, 3, 4, 5)]
    # A model made before answers were kept is judged on newcomers alone.
    told = ask(CASES, learnt_from(CASES[:6]), None)
    assert told["outcome"].images.tolist() == [CASES[6].sha256, CASES[7].sha256]
    told = ask(CASES[:6], learnt_from(CASES[:6]), None)
    assert (len(told["outcome"]), told["asked"]) == (0, [])


def test_labels_are_those_of_the_cases_now(ask, toy_cancer: Cancer) -> None:
    added = added_of(toy_cancer, CASES)
    corrected = [replace(CASES[0], labels={"finding": "light"}), replace(CASES[1], labels={})]
    outcome = ask([*corrected, *CASES[2:]], learnt_from(CASES), added)["outcome"]
    told = dict(zip(outcome.images.tolist(), outcome.y_true.tolist(), strict=True))
    assert told[CASES[0].sha256] == 1
    assert CASES[1].sha256 not in told
    assert told[CASES[2].sha256] == 0


def test_two_models_are_compared_on_what_both_answer_in_one_order(ask, toy_cancer: Cancer) -> None:
    one = ask(CASES[:5], Learnt(), None)["all"]
    other = ask(CASES[:1:-1], learnt_from(CASES), added_of(toy_cancer, CASES))["all"]
    first, second = (own["toy"].outcome.images.tolist() for own in shared(one, other))
    assert first == second == [c.sha256 for c in CASES[2:5]]
