"""Consent and a confirmed label, as the records have them now."""

import pytest
from sqlalchemy import event

from cancerapy.cancers import Cancer
from cancerapy.learning import candidates
from cancerapy.learning.candidates import (
    DISPUTED,
    NO_CONSENT,
    NOT_CONFIRMED,
    NOT_USABLE,
    SEVERAL_PATIENTS,
    Candidate,
    read_candidates,
)
from cancerapy.records.erasure import erase_patient


@pytest.fixture
def read(clinic, known_toy: Cancer):
    def ask() -> list[Candidate]:
        with clinic.records.reading() as session:
            return read_candidates(session, known_toy)

    return ask


def test_a_confirmed_case_of_a_patient_who_consents_may_be_learnt_from(clinic, read) -> None:
    patient = clinic.patient("H-1")
    (prediction,) = clinic.case(patient, clinic.picture(0), guesses=(clinic.guess("dark", 0.75),))
    clinic.review(prediction)
    (own,) = read()
    assert own.refused == ""
    assert own.labels == {"finding": "dark"}
    assert own.patient == patient
    assert own.identifiers == ("H-1",)
    assert own.reviewers == ("dr-b",)
    assert own.answers == {"toy": {"dark": 0.75, "light": 0.25}}
    assert own.model == "toy-1"


@pytest.mark.parametrize(
    ("reviews", "refused", "labels"),
    [
        ([], NOT_CONFIRMED, {}),
        ([("light", "dr-b")], "", {"finding": "light"}),
        ([("agree", "dr-b"), ("light", "dr-c")], DISPUTED, {}),
        ([("agree", "dr-b"), ("light", "dr-c"), ("light", "dr-b")], "", {"finding": "light"}),
        ([("unusable", "dr-b")], NOT_USABLE, {}),
        ([("agree", "dr-b"), ("unusable", "dr-c")], DISPUTED, {}),
    ],
    ids=["nobody", "corrected", "two opinions", "one changes", "unusable", "unusable to one"],
)
def test_what_reviewers_say_decides(clinic, read, reviews, refused, labels) -> None:
    (prediction,) = clinic.case(clinic.patient(), clinic.picture(0))
    for verdict, who in reviews:
        clinic.review(prediction, verdict, who)
    (own,) = read()
    assert (own.refused, own.labels) == (refused, labels)


@pytest.mark.parametrize("consent", [None, False])
def test_without_consent_nothing_is_learnt(clinic, read, consent: bool | None) -> None:
    (prediction,) = clinic.case(clinic.patient(consent=consent), clinic.picture(0))
    clinic.review(prediction)
    (own,) = read()
    assert (own.refused, own.labels) == (NO_CONSENT, {})


def test_the_newest_word_on_consent_counts(clinic, read) -> None:
    patient = clinic.patient()
    (prediction,) = clinic.case(patient, clinic.picture(0))
    clinic.review(prediction)
    told = []
    for given in (False, True):
        clinic.consent(patient, given)
        told.append(read()[0].refused)
    assert told == [NO_CONSENT, ""]


def test_reviews_of_two_guesses_at_one_image_must_agree(clinic, read) -> None:
    patient = clinic.patient()
    first, second = (clinic.case(patient, clinic.picture(0))[0] for _ in range(2))
    clinic.review(first, "dark")
    clinic.review(second, "light")
    (own,) = read()
    assert own.refused == DISPUTED


def test_an_image_of_two_patients_is_nobodys(clinic, read) -> None:
    for _ in range(2):
        (prediction,) = clinic.case(clinic.patient(), clinic.picture(0))
        clinic.review(prediction)
    (own,) = read()
    assert own.refused == SEVERAL_PATIENTS


def test_of_an_erased_patient_nothing_is_left(clinic, read) -> None:
    patient = clinic.patient()
    clinic.case(patient, clinic.picture(0))
    erase_patient(clinic.records, patient, "dr-a")
    assert read() == []


def test_as_many_questions_go_to_the_database_whatever_the_number_of_images(
    clinic, read, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    event.listen(
        clinic.records.engine,
        "before_cursor_execute",
        lambda *heard: asked.append(heard[2]),
    )
    counts = []
    for number in range(4):
        patient = clinic.patient(f"H-{number}")
        for prediction in clinic.case(patient, clinic.picture(number), clinic.picture(9 + number)):
            clinic.review(prediction)
        asked.clear()
        whole = read()
        counts.append(len(asked))
    assert len(set(counts)) == 1
    monkeypatch.setattr(candidates, "_BLOCK", 3)
    assert read() == whole
    assert len(whole) == 8
