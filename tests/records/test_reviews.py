"""Reviews: the newest of each reviewer counts, the guess stays."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, text

from cancerapy.contract.records import ExaminationRecord, ReviewRecord
from cancerapy.contract.requests import NewReview
from cancerapy.records import Records
from cancerapy.records.predictions import get_prediction, list_predictions
from cancerapy.records.reviews import add_review, decide, measure_agreement

Add = Callable[..., ExaminationRecord]


def _say(records: Records, prediction: str, who: str, verdict: str, of: str | None = None) -> None:
    with records.writing() as session:
        add_review(session, prediction, NewReview(verdict, of), who)  # type: ignore[arg-type]


def _said(*pairs: tuple[str, str | None]) -> list[ReviewRecord]:
    return [ReviewRecord("", who, "", label, "", "") for who, label in pairs]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], ("open", None)),
        ([("a", "nv")], ("confirmed", "nv")),
        ([("a", "nv"), ("b", "nv")], ("confirmed", "nv")),
        ([("a", "nv"), ("b", "mel")], ("disputed", None)),
        ([("a", "nv"), ("b", "mel"), ("a", "mel")], ("confirmed", "mel")),
        ([("a", None)], ("unusable", None)),
        ([("a", None), ("b", "nv")], ("disputed", None)),
    ],
)
def test_decision_follows_from_the_newest_of_each(
    pairs: list[tuple[str, str | None]], expected: tuple[str, str | None]
) -> None:
    assert decide(_said(*pairs)) == expected


def test_reviews_stand_beside_the_guess(records: Records, add: Add) -> None:
    guess = add(1).predictions[0]
    _say(records, guess.id, "dr-amal", "agree")
    _say(records, guess.id, "dr-omar", "correct", "mel")
    with records.reading() as session:
        found = get_prediction(session, guess.id)
    assert [(one.reviewer, one.class_id) for one in found.reviews] == [
        ("dr-amal", guess.predicted_class),
        ("dr-omar", "mel"),
    ]
    assert (found.prediction, found.state) == (guess.prediction, "machine guess")
    assert found.predicted_class == guess.predicted_class


@pytest.mark.parametrize("statement", ["UPDATE reviews SET reviewer = 'x'", "DELETE FROM reviews"])
def test_a_review_cannot_be_changed_by_sql(records: Records, add: Add, statement: str) -> None:
    _say(records, add(1).predictions[0].id, "dr-amal", "agree")
    with pytest.raises(Exception, match="never changed"), records.writing() as session:
        session.execute(text(statement))


def test_what_waits_for_a_review_is_listed(records: Records, add: Add) -> None:
    done, waiting = add(1).predictions[0].id, add(2).predictions[0].id
    _say(records, done, "dr-amal", "unusable")
    with records.reading() as session:
        assert [one.id for one in list_predictions(session, reviewed="no").items] == [waiting]
        assert [one.id for one in list_predictions(session, reviewed="yes").items] == [done]


def test_agreement_is_that_of_the_first_two_readers(records: Records, add: Add) -> None:
    guesses = [one.id for one in add(1, 2, 3, 4).predictions]
    labels = [("mel", "mel"), ("mel", "mel"), ("nv", "nv"), ("nv", "mel")]
    for guess, (first, second) in zip(guesses, labels, strict=True):
        _say(records, guess, "a", "correct", first)
        _say(records, guess, "b", "correct", second)
    _say(records, guesses[0], "c", "correct", "nv")  # a third reader changes nothing
    _say(records, add(5).predictions[0].id, "a", "agree")  # nor does a single one
    with records.reading() as session:
        found = measure_agreement(session, "skin")
    # Observed 3/4; expected (2/4 x 3/4) + (2/4 x 1/4) = 1/2.
    assert (found.n_cases, found.observed, found.kappa) == (4, 0.75, 0.5)


def test_agreement_reads_no_guess_as_a_whole(records: Records, add: Add) -> None:
    """A guess holds its heat map; all of them in memory at once would not be bounded."""
    guess = add(1).predictions[0]
    _say(records, guess.id, "dr-amal", "agree")
    _say(records, guess.id, "dr-omar", "agree")
    asked: list[str] = []
    event.listen(records.engine, "before_cursor_execute", lambda *heard: asked.append(heard[2]))
    with records.reading() as session:
        assert measure_agreement(session, "skin").n_cases == 1
    assert any("reviews" in statement for statement in asked)
    assert not any("predictions.content" in statement for statement in asked)
