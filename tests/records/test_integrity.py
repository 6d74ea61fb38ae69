"""What somebody altered or removed behind the triggers' back is found, and nothing else."""

import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import NewConsent, NewReview, PatientDetails
from cancerapy.records import Records, integrity, raw_rows
from cancerapy.records.consents import consents_given, record_consent
from cancerapy.records.erasure import erase_examination, erase_patient
from cancerapy.records.integrity import check_records
from cancerapy.records.kept_decisions import read_kept
from cancerapy.records.patients import create_patient
from cancerapy.records.raw_rows import RawRow
from cancerapy.records.reviews import add_review
from cancerapy.records.tables import Base, Examination, ExaminationImage, PredictionRow

Add = Callable[..., ExaminationRecord]


def _tamper(
    records: Records, table: str, act: str, statement: str, record_id: str, **others: str
) -> None:
    """Change a table without its triggers."""
    is_sqlite = records.engine.dialect.name == "sqlite"
    off = f"DROP TRIGGER {table}_no_{act}"
    with records.writing() as session:
        session.execute(text(off if is_sqlite else f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        keys = {"id": record_id, **others}
        if is_sqlite:
            keys = {name: key.replace("-", "") for name, key in keys.items()}
        session.execute(text(statement), keys)


def _altered(records: Records) -> tuple[tuple[str, ...], tuple[str, ...]]:
    with records.reading() as session:
        check = check_records(session)
    assert check.broken_at is None
    assert check.altered_decisions == ()
    assert check.is_whole is not bool(check.altered_predictions or check.altered_judgements)
    return check.altered_predictions, check.altered_judgements


@pytest.fixture
def judged(records: Records, add: Add, patient_id: str) -> tuple[ExaminationRecord, str, str]:
    """An examination with two guesses, the first reviewed, and a consent: their ids."""
    made = add(1, 2)
    with records.writing() as session:
        said = add_review(session, made.predictions[0].id, NewReview("agree"), "dr-amal")
        consent = record_consent(session, patient_id, NewConsent("training", False), "dr-amal")
    return made, said.id, consent.id


def test_untouched_records_are_whole(records: Records, judged: object) -> None:
    assert _altered(records) == ((), ())


@pytest.mark.parametrize(
    "change",
    [
        "content = replace(content, '0.5', '0.9')",
        "predicted_class = 'other'",
        "model = 'other'",
        "task = 'other'",
    ],
)
def test_an_altered_prediction_is_named_and_only_it(
    records: Records, add: Add, change: str
) -> None:
    altered = add(1, 2).predictions[1].id
    statement = f"UPDATE predictions SET {change} WHERE id = :id"
    _tamper(records, "predictions", "update", statement, altered)
    assert _altered(records) == ((altered,), ())


def test_a_guess_that_was_moved_to_another_image_is_named(records: Records, add: Add) -> None:
    first, second = add(1, 2).predictions
    statement = "UPDATE predictions SET examination_image_id = :image WHERE id = :id"
    _tamper(records, "predictions", "update", statement, first.id, image=str(second.image_id))
    assert _altered(records) == ((first.id,), ())


@pytest.mark.parametrize("change", ["patient", "image"])
def test_an_examination_that_was_given_to_somebody_or_shows_another_image_is_named(
    records: Records, add: Add, change: str
) -> None:
    made, other = add(1), add(2)
    with records.writing() as session:
        stranger = create_patient(session, PatientDetails("somebody else"), "dr-amal")
        if change == "patient":
            row = session.get(Examination, made.id)
            assert row
            row.patient_id = stranger.id
        else:
            place = session.get(ExaminationImage, made.images[0].id)
            assert place
            place.image_sha256 = other.images[0].sha256
    assert _altered(records) == (tuple(sorted(one.id for one in made.predictions)), ())


def test_a_withdrawal_that_was_put_before_the_consent_is_named(
    records: Records, patient_id: str
) -> None:
    with records.writing() as session:
        given = record_consent(session, patient_id, NewConsent("training", True), "dr-amal")
        gone = record_consent(session, patient_id, NewConsent("training", False), "dr-amal")
        record_consent(session, patient_id, NewConsent("care", True), "dr-amal")
    assert _altered(records) == ((), ())
    statement = "UPDATE consents SET number = -1 WHERE id = :id"
    _tamper(records, "consents", "update", statement, gone.id)
    with records.reading() as session:
        assert consents_given(session, patient_id)["training"]  # what the change would be for
    assert _altered(records) == ((), tuple(sorted((given.id, gone.id))))


def test_a_block_of_guesses_is_in_memory_at_a_time(
    records: Records, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(*range(9))
    monkeypatch.setattr(raw_rows, "_BLOCK", 2)
    seen: list[weakref.ref[RawRow]] = []
    blocks: list[object] = []
    most = 0

    def read(session: Session, table: type[Base], *args: Any, **options: Any) -> Iterator[RawRow]:
        nonlocal most
        for row in raw_rows.iter_rows(session, table, *args, **options):
            if table is PredictionRow:
                seen.append(weakref.ref(row))
                most = max(most, sum(own() is not None for own in seen))
            yield row

    def ask(_: object, __: object, statement: str, ___: object, context: Any, ____: object) -> None:
        if "predictions.content" in statement:
            blocks.append(context.execution_options.get("yield_per"))

    monkeypatch.setattr(integrity, "iter_rows", read)
    event.listen(records.engine, "before_cursor_execute", ask)
    try:
        assert _altered(records) == ((), ())
    finally:
        event.remove(records.engine, "before_cursor_execute", ask)
    assert len(seen) == 9
    assert most <= 2
    assert blocks == [2]


@pytest.mark.parametrize("content", ["x", "null", "{}"])
def test_content_that_is_no_longer_a_guess_is_named(
    records: Records, add: Add, content: str
) -> None:
    altered = add(1, 2).predictions[1].id
    statement = f"UPDATE predictions SET content = '{content}' WHERE id = :id"
    _tamper(records, "predictions", "update", statement, altered)
    assert _altered(records) == ((altered,), ())


@pytest.mark.parametrize("details", ["x", "null", "{}"])
@pytest.mark.parametrize(
    ("action", "n_predictions", "n_decisions", "n_judgements"),
    [
        ("prediction.create", 2, 0, 0),
        ("decision.keep", 0, 1, 0),
        ("review.create", 0, 0, 1),
        ("consent.withdraw", 0, 0, 1),
    ],
)
def test_an_entry_that_says_nothing_any_more_breaks_the_chain_not_the_check(
    records: Records,
    judged: object,
    action: str,
    details: str,
    n_predictions: int,
    n_decisions: int,
    n_judgements: int,
) -> None:
    statement = f"UPDATE audit_log SET details = '{details}' WHERE action = :action"
    _tamper(records, "audit_log", "update", statement, "", action=action)
    with records.reading() as session:
        check = check_records(session)
    assert (check.is_whole, check.reason) == (False, "its content was changed")
    assert len(check.altered_predictions) == n_predictions
    assert len(check.altered_decisions) == n_decisions
    assert len({*check.altered_judgements} - {"None"}) == n_judgements


def test_a_removed_prediction_is_named(records: Records, add: Add) -> None:
    removed = add(1, 2).predictions[0].id
    statement = "DELETE FROM predictions WHERE id = :id"
    _tamper(records, "predictions", "delete", statement, removed)
    assert _altered(records) == ((removed,), ())


@pytest.mark.parametrize(
    ("act", "statement"),
    [
        ("update", "UPDATE decisions SET content = replace(content, 'refer', 'reassure')"),
        ("update", "UPDATE decisions SET examination_id = :other"),
        ("delete", "DELETE FROM decisions"),
    ],
)
def test_an_altered_decision_is_named_and_only_it(
    records: Records, add: Add, act: str, statement: str
) -> None:
    altered, other = add(1), add(2)
    with records.reading() as session:
        (decided,) = read_kept(session, [altered.id])
        assert "refer" in str(decided)
    own = f"{statement} WHERE id = :id"
    _tamper(records, "decisions", act, own, str(decided.id), other=other.id)
    with records.reading() as session:
        check = check_records(session)
    assert check.altered_decisions == (decided.id,)
    assert (check.altered_predictions, check.altered_judgements) == ((), ())
    assert not check.is_whole


def test_what_was_erased_is_not_missed(
    records: Records, judged: tuple[ExaminationRecord, str, str], add: Add
) -> None:
    erase_examination(records, add(3).id, "me")
    assert _altered(records) == ((), ())
    erase_patient(records, judged[0].patient_id, "me")
    assert _altered(records) == ((), ())


@pytest.mark.parametrize(
    "change",
    ["verdict = 'unusable'", "reviewer = 'dr-omar'", "created_at = '2020-01-01 00:00:00'"],
)
def test_an_altered_review_is_named(
    records: Records, judged: tuple[ExaminationRecord, str, str], change: str
) -> None:
    _, review, _ = judged
    _tamper(records, "reviews", "update", f"UPDATE reviews SET {change} WHERE id = :id", review)
    assert _altered(records) == ((), (review,))


@pytest.mark.parametrize(
    "change",
    ["given = true", "recorded_by = 'dr-omar'", "created_at = '2020-01-01 00:00:00'"],
)
def test_consent_that_was_altered_is_named(
    records: Records, judged: tuple[ExaminationRecord, str, str], change: str
) -> None:
    _, _, consent = judged
    _tamper(records, "consents", "update", f"UPDATE consents SET {change} WHERE id = :id", consent)
    assert _altered(records) == ((), (consent,))


def test_a_removed_review_and_a_removed_consent_are_named(
    records: Records, judged: tuple[ExaminationRecord, str, str]
) -> None:
    _, review, consent = judged
    _tamper(records, "reviews", "delete", "DELETE FROM reviews WHERE id = :id", review)
    _tamper(records, "consents", "delete", "DELETE FROM consents WHERE id = :id", consent)
    assert _altered(records) == ((), tuple(sorted((review, consent))))


def test_a_hash_that_is_not_in_the_log_is_said(records: Records, add: Add) -> None:
    add(1)
    with records.reading() as session:
        check = check_records(session, "f" * 64)
        assert check_records(session, check.head).is_whole
    assert not check.is_whole
    assert check.broken_at is None
    assert check.reason.startswith("the hash expected is not in the log")
