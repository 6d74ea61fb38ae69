"""What was collected and may not be used any more, because the records changed since."""

from pathlib import Path

import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.learning.allowed import sort_cases, still_allowed
from cancerapy.learning.candidates import NO_CONSENT, read_candidates
from cancerapy.learning.collect import collect
from cancerapy.learning.evaluation_side import read_evaluation_side
from cancerapy.records.erasure import erase_patient
from cancerapy.settings import Settings


def test_what_changed_in_the_records_since_is_left_out(
    clinic, known_toy: Cancer, settings: Settings, toy_data: Path
) -> None:
    first, second = clinic.patient(), clinic.patient()
    one, other, third = (
        clinic.case(patient, clinic.picture(seed))[0]
        for patient, seed in ((first, 0), (first, 1), (second, 2))
    )
    for guess in (one, other, third):
        clinic.review(guess)

    def ask() -> list:
        with clinic.records.reading() as session:
            return read_candidates(session, known_toy)

    images = clinic.records.images
    side = read_evaluation_side(known_toy, toy_data)
    version = collect(known_toy, ask(), images, side, settings.home)

    def sort() -> tuple[list[str], list[str]]:
        kept, dropped = sort_cases(version, ask(), images)
        return sorted(case.patient for case in kept), sorted(dropped.values())

    assert sort() == (sorted([first, first, second]), [])
    clinic.review(third, "light")
    assert sort() == ([first, first], ["its label was changed since"])
    clinic.review(third, "dark")
    clinic.consent(first, False)
    assert sort() == ([second], [f"{NO_CONSENT}, since it was collected"] * 2)
    erase_patient(clinic.records, first, "dr-a")
    assert sort() == ([second], ["erased since"] * 2)
    assert still_allowed(version, ask(), images) == sort_cases(version, ask(), images)
    clinic.consent(second, False)
    with pytest.raises(DataError, match="of the 3 of 'toy-collected-1' none may be learnt from"):
        still_allowed(version, ask(), images)
