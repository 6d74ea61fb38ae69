"""The order in which people look at guesses."""

from collections.abc import Callable

import pytest

from cancerapy.cancers import load_task
from cancerapy.contract import Advice, ClassProbability, Prediction, Timings, Verdict
from cancerapy.contract.requests import ExaminationDetails, NewReview
from cancerapy.errors import UnknownNameError
from cancerapy.records import Records
from cancerapy.records.examinations import JudgedImage, add_examination
from cancerapy.records.review_queue import read_queue
from cancerapy.records.reviews import add_review

Ask = Callable[..., list[tuple[str, float, tuple[str, ...]]]]


def guess(shares: tuple[float, ...]) -> Prediction:
    """Return an answer with these probabilities."""
    labels = load_task("skin")[1].classes
    best = labels[shares.index(max(shares))]
    return Prediction(
        task="skin",
        cancer="skin",
        model="skin-3",
        image_sha256="0" * 64,
        classes=tuple(
            ClassProbability(label.id, label.label, p)
            for label, p in zip(labels, shares, strict=True)
        ),
        predicted_class=best.id,
        predicted_label=best.label,
        confidence=100 * max(shares),
        malignancy=None,
        density=None,
        conformal_set=(best.id,),
        coverage=0.9,
        verdict=Verdict.ANSWER,
        reasons=(),
        advice=Advice("benign", "Watch it."),
        timings=Timings(1.0, 2.0, 3.0, 6.0),
        heatmap=None,
    )


@pytest.fixture
def put(records: Records, patient_id: str):
    """Return a function that adds an examination with an image per triple of probabilities."""

    def make(*shares: tuple[float, ...]) -> list[str]:
        images = [
            JudgedImage(repr((own, number)).encode(), "image/png", (guess(own),))
            for number, own in enumerate(shares)
        ]
        details = ExaminationDetails("skin")
        record = add_examination(records, patient_id, details, images, "dr-amal")
        return [own.id for own in record.predictions]

    return make


@pytest.fixture
def ask(records: Records) -> Ask:
    def read(**options: object) -> list[tuple[str, float, tuple[str, ...]]]:
        with records.reading() as session:
            found = read_queue(session, **options)  # type: ignore[arg-type]
            return [
                (g.prediction_id, round(g.uncertainty, 6), g.disagreements) for g in found.guesses
            ]

    return read


@pytest.fixture
def say(records: Records):
    def review(prediction: str, who: str, class_id: str | None = None) -> None:
        verdict = "correct" if class_id else "agree"
        with records.writing() as session:
            add_review(session, prediction, NewReview(verdict, class_id), who)

    return review


def test_what_is_closest_comes_first_and_what_was_reviewed_is_gone(put, ask: Ask, say) -> None:
    (sure,) = put((0.9, 0.1, 0.0))
    (torn,) = put((0.5, 0.5, 0.0))
    (unsure,) = put((0.5, 0.3, 0.2))
    assert ask() == [(torn, 1.0, ()), (unsure, 0.8, ()), (sure, 0.2, ())]
    say(torn, "dr-b")
    assert [own[0] for own in ask()] == [unsure, sure]
    assert [own[0] for own in ask(limit=1)] == [unsure]
    assert ask(task="skin-7") == []
    with pytest.raises(UnknownNameError, match="No order named 'random'"):
        ask(order="random")


def test_contradictions_wait_until_they_are_settled(put, ask: Ask, say) -> None:
    (quiet,) = put((0.5, 0.5, 0.0))
    (guessed,) = put((0.8, 0.2, 0.0))
    assert ask(order="disagreement") == []
    say(guessed, "dr-b", "nv")
    assert ask(order="disagreement") == [(guessed, 0.4, ("reader_machine",))]
    say(guessed, "dr-c")  # agrees with the machine
    assert ask(order="disagreement") == [(guessed, 0.4, ("readers",))]
    say(guessed, "dr-c", "nv")
    assert ask(order="disagreement") == []
    assert [own[0] for own in ask()] == [quiet]


def test_views_that_contradict_each_other_wait(put, ask: Ask, say) -> None:
    first, second = put((0.9, 0.1, 0.0), (0.3, 0.7, 0.0))
    put((0.9, 0.1, 0.0), (0.8, 0.2, 0.0))
    assert ask(order="disagreement") == [(second, 0.6, ("views",)), (first, 0.2, ("views",))]
    say(first, "dr-b")
    assert [own[0] for own in ask(order="disagreement")] == [second]
