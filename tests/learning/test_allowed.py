"""What was collected and may not be used any more, because the records changed since."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.learning.allowed import sort_cases, still_allowed, without_gone
from cancerapy.learning.candidates import NO_CONSENT, Candidate, read_candidates
from cancerapy.learning.collect import collect
from cancerapy.learning.evaluation_side import read_evaluation_side
from cancerapy.learning.learnt import Learnt
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


def test_answers_to_images_that_may_not_be_used_any_more_are_left_out(toy_cancer: Cancer) -> None:
    names = ["kept", "erased", "withdrawn", "lost", "elsewhere"]
    added = OutOfFold(
        np.array([f"/store/{name}" for name in names]),
        np.array([f"collected:p-{name}" for name in names]),
        np.array(["fold-1"] * 5),
        toy_cancer.network,
        {"finding": np.array([0, 1, 0, 1, 0])},
        np.arange(10, dtype=np.float32).reshape(5, 2),
    )
    own = Candidate("kept", ("p-kept",), (), {}, (), {}, "")
    known = [own, replace(own, sha256="withdrawn", refused=NO_CONSENT), replace(own, sha256="lost")]
    learnt = Learnt(1, frozenset(names[:4]), frozenset(f"p-{name}" for name in names[:4]))
    store = SimpleNamespace(has=lambda sha256: sha256 != "lost")
    kept, gone = without_gone(added, learnt, known, store)  # type: ignore[arg-type]
    assert gone == {"erased", "withdrawn", "lost"}
    # What it learnt elsewhere is none of these records.
    assert kept is not None
    assert kept.images.tolist() == ["/store/kept", "/store/elsewhere"]
    assert kept.logits.tolist() == [[0.0, 1.0], [8.0, 9.0]]
    only = added.part(np.array([1]))
    assert without_gone(only, learnt, known, store) == (None, {"erased"})  # type: ignore[arg-type]
    assert without_gone(None, learnt, known, store) == (None, frozenset())  # type: ignore[arg-type]
