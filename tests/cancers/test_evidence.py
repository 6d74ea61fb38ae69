"""What images and answers say, beside a cancer's file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.cancers import (
    AnswerTable,
    Cancer,
    Evidence,
    deciding_factor,
    list_cancers,
    load_cancer,
    load_evidence,
    neutral_evidence,
)
from cancerapy.cancers._registry import PATH_VARIABLE
from cancerapy.errors import DataError

AGES = AnswerTable(("under 40", "40 to 59", "60 or more"), (40, 60), ((0.5,), (0.3,), (0.2,)))


@pytest.mark.parametrize(
    ("answer", "level"),
    [("39.9", 0), ("40", 1), ("59", 1), ("60", 2), ("120", 2), ("nan", None), ("old", None)],
)
def test_a_number_belongs_to_the_range_that_holds_it(answer: str, level: int | None) -> None:
    assert AGES.level_of(answer) == level


def test_an_answer_that_no_row_has_says_nothing() -> None:
    sexes = AnswerTable(("female", "male"), (), ((0.4,), (0.6,)))
    assert [sexes.level_of(answer) for answer in ("male", "other", "")] == [1, None, None]


def test_evidence_comes_back_as_it_was_written() -> None:
    evidence = Evidence(
        "finding", ("a", "b"), (0.25, 0.75), 0.9, (0.1, -0.1), {"age": AGES}, 0.5, 1.2, "x", "y"
    )
    assert Evidence.from_dict(json.loads(evidence.to_json())) == evidence


def test_the_factor_that_settles_malignancy_decides() -> None:
    assert deciding_factor(load_cancer("breast")) == "malignancy"


def test_a_cancer_without_a_file_has_neutral_evidence(toy_cancer: Cancer) -> None:
    evidence = load_evidence(toy_cancer)
    assert evidence == neutral_evidence(toy_cancer)
    assert (evidence.values, evidence.prior) == (("dark", "light"), (0.5, 0.5))
    assert (evidence.scale, evidence.offset, evidence.correlation) == (1.0, (0.0, 0.0), None)


def test_the_file_lies_beside_the_cancers_own(
    toy_cancer: Cancer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "evidence").mkdir()
    own = replace(neutral_evidence(toy_cancer), scale=0.5)
    (tmp_path / "evidence" / "toy.json").write_text(own.to_json(), encoding="utf-8")
    monkeypatch.setenv(PATH_VARIABLE, str(tmp_path))
    assert load_evidence(toy_cancer).scale == 0.5


def test_a_damaged_file_is_named(
    toy_cancer: Cancer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "toy.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv(PATH_VARIABLE, str(tmp_path))
    with pytest.raises(DataError, match=r"'toy\.json' is not: 'values'"):
        load_evidence(toy_cancer)


@pytest.mark.parametrize("name", list_cancers())
def test_the_shipped_evidence_is_of_the_shipped_model(name: str) -> None:
    cancer = load_cancer(name)
    evidence = load_evidence(cancer)
    fields = load_bundle(find_bundles()[name]).fields
    assert set(evidence.model.split("+")) == set(fields.provenance["plan_digest"].split("+"))
    assert evidence.factor == deciding_factor(cancer)
    assert sum(evidence.prior) == pytest.approx(1, abs=1e-4)
    questions = {question.id: question for question in cancer.questions}
    for question, table in evidence.answers.items():
        assert questions[question].choices == () or set(table.levels) <= set(
            questions[question].choices
        )
        for column in zip(*table.likelihood, strict=True):
            assert sum(column) == pytest.approx(1, abs=1e-3)
