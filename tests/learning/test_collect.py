"""What enters a version of the collected data set, and what never does."""

import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import Cancer
from cancerapy.learning import collect as collecting
from cancerapy.learning.candidates import NO_CONSENT, read_candidates
from cancerapy.learning.collect import (
    EVALUATION_PATIENT,
    EVALUATION_PICTURE,
    NOT_READABLE,
    PATIENT_NOT_SEEN,
    collect,
    find_doubts,
)
from cancerapy.learning.evaluation_side import read_evaluation_side
from cancerapy.learning.versions import Version, read_version
from cancerapy.records.erasure import erase_patient
from cancerapy.settings import Settings


@pytest.fixture
def make(clinic, known_toy: Cancer, settings: Settings, toy_data: Path):
    """Return a function that collects a version."""

    def run() -> Version:
        with clinic.records.reading() as session:
            candidates = read_candidates(session, known_toy)
        side = read_evaluation_side(known_toy, toy_data)
        return collect(known_toy, candidates, clinic.records.images, side, settings.home)

    return run


def confirmed(clinic, patient: str, *images: bytes) -> list[str]:
    predictions = clinic.case(patient, *images)
    for prediction in predictions:
        clinic.review(prediction)
    return predictions


def test_versions_follow_the_records(clinic, make, settings) -> None:
    first, second = clinic.patient(), clinic.patient()
    confirmed(clinic, first, clinic.picture(0))
    confirmed(clinic, second, clinic.picture(1), clinic.picture(2))
    clinic.case(clinic.patient(consent=False), clinic.picture(3))
    one = make()
    assert (one.number, one.parent, len(one.cases), one.gone) == (1, 0, 3, ())
    assert sorted(one.left_out.values()) == [NO_CONSENT]
    assert {case.patient for case in one.cases} == {first, second}
    assert read_version(settings.home, "toy") == one

    clinic.consent(second, False)
    two = make()
    assert (two.number, two.parent) == (2, 1)
    assert [case.patient for case in two.cases] == [first]
    assert len(two.gone) == 2
    assert sorted(two.left_out.values()) == [NO_CONSENT] * 3
    assert two.digest != one.digest

    erase_patient(clinic.records, first, "dr-a")
    three = make()
    assert three.cases == ()
    assert three.gone == (two.cases[0].sha256,)
    assert three.gone[0] not in three.left_out  # nothing of it is known any more
    assert read_version(settings.home, "toy", 1) == one


def test_an_evaluation_picture_turned_by_a_quarter_keeps_its_patient_out(
    clinic, make, toy_data: Path
) -> None:
    shipped = np.asarray(Image.open(toy_data / "toyset" / "dark" / "patient0__left.png"))
    patient = clinic.patient()
    clinic.case(patient, clinic.png(np.rot90(shipped).copy()))  # not even confirmed
    confirmed(clinic, patient, clinic.picture(5))
    confirmed(clinic, clinic.patient(), clinic.picture(6))
    version = make()
    assert len(version.cases) == 1
    assert sorted(version.left_out.values()) == sorted([EVALUATION_PICTURE, EVALUATION_PATIENT])


def test_an_evaluation_picture_that_stands_with_two_patients_keeps_both_out(
    clinic, make, toy_data: Path
) -> None:
    shipped = (toy_data / "toyset" / "dark" / "patient0__left.png").read_bytes()
    both = [clinic.patient(), clinic.patient()]
    for patient in both:
        clinic.case(patient, shipped)
        confirmed(clinic, patient, clinic.picture(both.index(patient)))
    version = make()
    assert version.cases == ()
    assert sorted(version.left_out.values()) == sorted(
        [EVALUATION_PICTURE, EVALUATION_PATIENT, EVALUATION_PATIENT]
    )


def test_one_picture_is_held_at_a_time(clinic, make, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        confirmed(clinic, clinic.patient(), clinic.picture(number))
    most = 0
    read = collecting.read_image
    kept: list[weakref.ref[np.ndarray]] = []

    def watch(data: bytes, **limits: object):
        nonlocal most
        found = read(data, **limits)
        kept.append(weakref.ref(found.pixels))
        most = max(most, sum(reference() is not None for reference in kept))
        return found

    monkeypatch.setattr(collecting, "read_image", watch)
    assert len(make().cases) == 4
    assert len(kept) == 4
    assert most <= 2  # the one before goes when its name is given to the next


def test_a_patient_of_the_evaluation_side_by_number_is_kept_out(clinic, make) -> None:
    confirmed(clinic, clinic.patient("patient3"), clinic.picture(5))
    version = make()
    assert version.cases == ()
    assert list(version.left_out.values()) == [EVALUATION_PATIENT]


def test_what_cannot_be_read_is_said_and_keeps_its_patient_out(clinic, make) -> None:
    confirmed(clinic, clinic.patient(), b"no picture", clinic.picture(5))
    assert sorted(make().left_out.values()) == sorted([NOT_READABLE, PATIENT_NOT_SEEN])


def test_of_empty_records_an_empty_version_is_made(make) -> None:
    version = make()
    assert (version.number, version.cases, dict(version.left_out)) == (1, (), {})
    assert len(version.evaluation) == 16


def test_doubtful_labels_are_named_and_stay(
    clinic, make, known_toy: Cancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        best = "dark" if number % 2 else "light"
        (prediction,) = clinic.case(
            clinic.patient(), clinic.picture(number), guesses=(clinic.guess(best, 0.95),)
        )
        clinic.review(prediction, "dark" if number == 4 else "agree")
    version = make()
    (doubt,) = version.doubts
    assert len(version.cases) == 12
    assert (doubt.is_new, doubt.task, doubt.given, doubt.likely) == (True, "toy", "dark", "light")
    assert doubt.self_confidence == 0.05
    assert doubt.image in {case.sha256 for case in version.cases}


def test_a_case_without_an_answer_to_the_task_casts_no_doubt(known_toy: Cancer) -> None:
    own = collecting.Candidate("00", ("p",), (), {"finding": "dark"}, ("dr",), {}, "")
    assert find_doubts(known_toy, [own], {}) == []
    assert find_doubts(known_toy, [replace(own, answers={"other": {"x": 1.0}})], {}) == []
