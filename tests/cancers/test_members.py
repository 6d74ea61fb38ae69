"""One suite for every cancer: its parts agree with each other and with the rest."""

import itertools
import re

import pytest

from cancerapy.cancers import Cancer, Pooling, list_cancers, load_cancer
from cancerapy.cancers._costs import COST_FIELDS

pytestmark = pytest.mark.parametrize(
    "cancer", [load_cancer(name) for name in list_cancers()], ids=lambda cancer: cancer.id
)


def test_factors(cancer: Cancer) -> None:
    names = [factor.name for factor in cancer.network.factors]
    assert names
    assert len(set(names)) == len(names)
    for factor in cancer.network.factors:
        assert len(factor.values) >= 2
        assert len(set(factor.values)) == len(factor.values)
        assert factor.pooling is Pooling.MEAN or factor.top_cells >= 1


def test_tasks_are_read_off_the_network(cancer: Cancer) -> None:
    values = {factor.name: factor.values for factor in cancer.network.factors}
    for task in cancer.tasks:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", task.id)
        assert task.title
        assert len(task.classes) >= 2
        assert len(set(task.class_ids)) == len(task.classes)
        selected = []
        for label in task.classes:
            assert label.selects
            for factor, value in label.selects.items():
                assert value in values[factor]
            selected.append(frozenset(label.selects.items()))
        assert len(set(selected)) == len(selected)
        # All classes of a task are values of the same factors: their probabilities can be compared.
        assert len({frozenset(label.selects) for label in task.classes}) == 1


def test_classes_are_said_in_plain_words(cancer: Cancer) -> None:
    for label in itertools.chain.from_iterable(task.classes for task in cancer.tasks):
        assert label.title
        assert label.meaning.endswith(".")
        assert set(label.codes) <= {"ICD-10", "SCT"}
        assert isinstance(label.malignant, bool | None)


def test_a_class_means_the_same_in_every_task(cancer: Cancer) -> None:
    seen: dict[str, object] = {}
    for label in itertools.chain.from_iterable(task.classes for task in cancer.tasks):
        assert seen.setdefault(label.id, label) == label


def test_input(cancer: Cancer) -> None:
    spec = cancer.input
    assert 32 <= spec.height <= 2048
    assert 32 <= spec.width <= 2048
    assert 1 <= spec.min_side_px <= min(spec.height, spec.width)


def test_sources(cancer: Cancer) -> None:
    assert not cancer.sources[0].external
    folders = [source.folder for source in cancer.sources]
    assert len(set(folders)) == len(folders)
    for source in cancer.sources:
        assert source.reference.startswith(("doi:10.", "https://"))
        assert source.licence
        assert source.group in {"patient", "lesion", "slide"}
        assert bool(source.downloads) != bool(source.instructions)
        assert bool(source.downloads) != bool(source.by_hand_because)
        for download in source.downloads:
            assert download.url.startswith("https://")
            assert "/" not in download.file_name
            assert download.size_bytes > 0
            assert re.match(r"(md5|sha256|sha384):[0-9a-f]+$", download.checksum or "md5:0")


def test_questions_costs_and_references(cancer: Cancer) -> None:
    ids = [question.id for question in cancer.questions]
    assert len(set(ids)) == len(ids)
    for question in cancer.questions:
        assert question.text.endswith("?")
        assert question.kind in {"number", "choice", "yes_no"}
        assert bool(question.choices) == (question.kind == "choice")
        assert bool(question.unit) <= (question.kind == "number")
    assert cancer.costs.missed_malignant > cancer.costs.false_alarm > 0
    assert cancer.costs.source
    assert all(cancer.costs.source_of(name) for name in COST_FIELDS)
    assert all(f"missed:{value}" in cancer.costs.sources for value in cancer.costs.missed)
    for reference in cancer.references:
        assert 0 < reference.value <= 1
        assert reference.source


def test_words_around_a_result(cancer: Cancer) -> None:
    assert {"malignant", "benign", "unsure", "rejected"} <= set(cancer.advice)
    assert all(text.endswith(".") for text in cancer.advice.values())
    assert cancer.description.endswith(".")
    assert cancer.limits
    assert cancer.model_licence


def test_what_is_said_of_signs_and_days_has_a_source(cancer: Cancer) -> None:
    assert bool(cancer.signs) == bool(cancer.signs_source)
    assert bool(cancer.act_within_days) == bool(cancer.urgency_source)
    assert set(cancer.act_within_days) <= set(cancer.advice)
    assert all(0 < days <= 28 for days in cancer.act_within_days.values())
