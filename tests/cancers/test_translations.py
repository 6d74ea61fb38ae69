"""A cancer's texts in other languages."""

import json
from pathlib import Path

import pytest

from cancerapy.cancers import list_cancers, load_cancer, load_translations
from cancerapy.cancers._registry import PATH_VARIABLE


def test_a_cancer_without_translations_has_none() -> None:
    assert load_translations("no-such-cancer") == {}


def test_translations_lie_beside_the_cancers_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "texts").mkdir()
    text = json.dumps({"Mole": "\u0634\u0627\u0645\u0629"})
    (tmp_path / "texts" / "beside.ar.json").write_text(text, encoding="utf-8")
    monkeypatch.setenv(PATH_VARIABLE, str(tmp_path))
    assert load_translations("beside") == {"ar": {"Mole": "\u0634\u0627\u0645\u0629"}}


def _texts(name: str) -> set[str]:
    cancer = load_cancer(name)
    texts = {cancer.title, cancer.description, *cancer.limits, *cancer.guidance}
    texts |= {*cancer.measured_on, *cancer.signs}
    texts |= set(cancer.advice.values())
    for task in cancer.tasks:
        texts.add(task.title)
        for label in task.classes:
            texts |= {label.title, label.meaning}
    for question in cancer.questions:
        texts |= {question.text, question.unit, *question.choices}
    texts |= {reference.text for reference in cancer.references}
    return texts


@pytest.mark.parametrize("name", list_cancers())
def test_every_translation_is_of_a_text_that_is_shown(name: str) -> None:
    for table in load_translations(name).values():
        assert set(table) <= _texts(name)
        assert all(table.values())


def test_no_text_of_the_three_cancers_is_left_in_english() -> None:
    for name in ("breast", "skin", "colorectal"):
        cancer, arabic = load_cancer(name), load_translations(name)["ar"]
        texts = [*cancer.guidance, *cancer.measured_on, *cancer.signs, *cancer.limits]
        texts += [*cancer.advice.values(), *(question.text for question in cancer.questions)]
        assert [text for text in texts if text not in arabic] == []
