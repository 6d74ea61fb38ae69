from types import SimpleNamespace

import numpy as np
import pytest

from cancerapy.arrays import Logits
from cancerapy.cancers import Factor
from cancerapy.reproduce import learners
from cancerapy.reproduce.learners import (
    BOOSTING,
    EDGETPU,
    MOBILENET,
    SVM,
    Lesson,
    answer_by_boosting,
    answer_by_linear,
    answer_by_svm,
    read_colour_and_texture,
)
from cancerapy.reproduce.texture import colour_and_texture
from cancerapy.training.plan import Plan

ANSWERS = (answer_by_svm, answer_by_boosting, answer_by_linear)
PLAN = Plan("toy", head_start="logistic", logit_adjustment=1.0)


def _lesson(labels: np.ndarray, n_values: int, train: np.ndarray, test: np.ndarray) -> Lesson:
    """Make a lesson of features whose first columns say the class, with noise."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(len(labels), 12))
    features[:, :n_values] += 4 * np.eye(n_values)[labels]
    factor = Factor("finding", tuple("abcd"[:n_values]))
    material = SimpleNamespace(
        cancer=SimpleNamespace(network=SimpleNamespace(factors=(factor,))),
        manifest=SimpleNamespace(
            labels=lambda _: labels, groups=np.array([f"g{n // 2}" for n in range(len(labels))])
        ),
        plan=PLAN,
    )
    return Lesson(material, features, train, test)  # type: ignore[arg-type]


def _share_right(logits: Logits, truth: np.ndarray) -> float:
    return float((logits.argmax(1) == truth).mean())


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("n_values", [2, 4])
def test_what_can_be_told_is_learnt(answer: learners.Callable, n_values: int) -> None:
    labels = np.arange(240) // 2 % n_values
    train, test = np.arange(160), np.arange(160, 240)
    logits = answer(_lesson(labels, n_values, train, test))
    assert logits.shape == (80, n_values)
    assert _share_right(logits, labels[test]) > 0.9
    wrong = np.roll(labels, 3)
    assert _share_right(logits, wrong[test]) < 0.6


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_class_that_was_not_learnt_is_never_called(answer: learners.Callable) -> None:
    labels = np.concatenate([np.arange(80) // 2 % 3 % 2 * 2, np.arange(20) % 3])
    lesson = _lesson(labels, 3, np.arange(80), np.arange(80, 100))
    assert set(lesson.labels) == {0, 2}
    logits = answer(lesson)
    assert np.isfinite(logits).all()
    assert set(logits.argmax(1)) == {0, 2}


def test_a_linear_classifier_takes_a_class_of_one_image() -> None:
    labels = np.array([0] * 10 + [1] * 10 + [2] + [0, 1, 2] * 5)
    lesson = _lesson(labels, 3, np.arange(21), np.arange(21, 36))
    logits = answer_by_linear(lesson)
    assert _share_right(logits, labels[21:]) > 0.6
    is_third = labels[21:] == 2
    assert logits[is_third, 2].mean() > logits[~is_third, 2].mean() + 0.1


def test_colour_and_texture_are_computed_once(tmp_path: object, monkeypatch: object) -> None:
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    pixels = np.random.default_rng(1).integers(0, 256, (3, 16, 16, 3)).astype(np.uint8)
    material = SimpleNamespace(
        cancer=SimpleNamespace(id="toy"),
        plan=SimpleNamespace(input_spec=lambda _: "16 x 16"),
        manifest=SimpleNamespace(content_digest="d"),
        cache_folder=tmp_path,
        pixels=pixels,
        display=SimpleNamespace(step=lambda *_: None),
    )
    first = read_colour_and_texture(material)  # type: ignore[arg-type]
    np.testing.assert_array_equal(first, colour_and_texture(pixels))
    monkeypatch.setattr(learners, "colour_and_texture", lambda *_: 1 / 0)
    np.testing.assert_array_equal(read_colour_and_texture(material), first)  # type: ignore[arg-type]


def test_networks_have_a_plan_and_classical_ways_have_none() -> None:
    assert [own.is_network for own in (SVM, BOOSTING, MOBILENET, EDGETPU)] == [
        bool(own.plan) for own in (SVM, BOOSTING, MOBILENET, EDGETPU)
    ]
