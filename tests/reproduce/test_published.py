"""Published values name tasks that exist, their sources, and the same figures as the cancers."""

import re

import pytest

from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.reproduce.published import Checked, Leaking, Published, load_chapters

CHAPTERS = load_chapters()
VALUES = [value for chapter in CHAPTERS.values() for value in chapter.values]


def test_chapters_are_on_cancers_that_exist() -> None:
    # A further cancer needs no chapter: it is one file, and nothing may be published on it.
    assert VALUES
    assert set(CHAPTERS) <= set(list_cancers())


@pytest.mark.parametrize("cancer", CHAPTERS)
def test_values_are_on_tasks_of_their_cancer(cancer: str) -> None:
    tasks = {task.id for task in load_cancer(cancer).tasks}
    for value in CHAPTERS[cancer].values:
        assert value.task in tasks, value.who
        assert {own.task.partition("/")[0] for own in value.ours} <= tasks, value.who


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.who)
def test_a_value_says_where_it_is_from_and_a_leak_is_compared_with_a_leak(value: Published) -> None:
    if value.checked is Checked.QUOTED:
        assert re.search(r"issue \d|technical report", value.source)
    else:
        assert re.search(r"doi:10\.\d{4,}/\S+$|arXiv:\d{4}\.\d+$|^https://|^tech", value.source)
    assert re.search(r"\d", value.figure)
    leaks = [own.protocol for own in value.ours if own.protocol.endswith("-LEAKING")]
    assert not leaks or value.leaking is not Leaking.NO, "a sound figure beside a leaking one"
    if value.leaking is Leaking.YES and value.ours:
        assert leaks, "a leaking figure beside none of ours that leaks"


def test_a_value_is_named_once_a_task() -> None:
    named = [(value.task, value.who) for value in VALUES]
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("cancer", "who", "shown"),
    [
        ("breast", "Lehman et al. 2017", "sensitivity {:.1f} %"),
        ("skin", "Miller and Zois", "{:.0f} % of skin cancers"),
        ("colorectal", "Kather et al. 2016", "accuracy {:.1f} %"),
    ],
)
def test_a_figure_that_a_cancer_also_refers_to_is_the_same(
    cancer: str, who: str, shown: str
) -> None:
    (reference,) = load_cancer(cancer).references
    (value,) = (value for value in CHAPTERS[cancer].values if value.who.startswith(who))
    assert value.figure.startswith(shown.format(100 * reference.value))
