"""What people say of the guesses on the record."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.app.records.reviewing import Reviewing
from cancerapy.app.state import Screen
from cancerapy.contract.people import AccountResponse
from cancerapy.contract.records import PatientRecord


@pytest.fixture
def reviewing(desk: Any) -> Reviewing:
    """Somebody who reviews."""
    return Reviewing(desk, desk.save_file)


def _said(clinic: Any) -> list[Any]:
    return clinic.sent("POST predictions/g1/reviews")


def test_an_examination_opens_at_the_guess_of_the_queue(
    reviewing: Reviewing, desk: Any, clinic: Any, patient: PatientRecord
) -> None:
    desk.state.records.patient = replace(patient, id="another")
    asyncio.run(reviewing.open("e1", "g2"))
    records = desk.state.records
    assert (desk.state.screen, records.shown, records.guess.id) == (Screen.EXAMINATION, 1, "g2")
    assert records.patient.id == "p1", "back must not lead to another patient"
    assert records.is_from_queue
    assert records.joined.decision.action == "refer"
    assert "GET images/i2" in [asked for asked, _ in clinic.asked]
    assert records.pictures == {}, "a record without a picture that can be read still opens"


def test_a_review_is_by_a_named_person(reviewing: Reviewing, desk: Any, clinic: Any) -> None:
    asyncio.run(reviewing.open("e1"))
    asyncio.run(reviewing.review("agree"))
    assert desk.state.problem.code == "reviewer_empty"
    asyncio.run(reviewing.sign(" Dr Omar "))
    asyncio.run(reviewing.comment(" Clear. "))
    asyncio.run(reviewing.review("agree"))
    assert _said(clinic) == [
        {"verdict": "agree", "class_id": None, "comment": "Clear.", "reviewer": "Dr Omar"}
    ]
    assert desk.state.records.note == "review.saved"
    assert desk.state.records.review.comment == ""


def test_an_account_signs_its_own_reviews(reviewing: Reviewing, desk: Any, clinic: Any) -> None:
    desk.state.account = AccountResponse("rami", ("reviewer",), None, True)
    asyncio.run(reviewing.open("e1"))
    asyncio.run(reviewing.review("unusable"))
    assert _said(clinic)[0]["reviewer"] == ""
    assert _said(clinic)[0]["verdict"] == "unusable"


def test_a_correction_names_the_class(reviewing: Reviewing, desk: Any, clinic: Any) -> None:
    asyncio.run(reviewing.open("e1"))
    asyncio.run(reviewing.sign("Dr Omar"))
    asyncio.run(reviewing.review("correct"))
    assert desk.state.problem.code == "class_empty"
    asyncio.run(reviewing.name_class("B"))
    asyncio.run(reviewing.review("correct"))
    assert [(one["verdict"], one["class_id"]) for one in _said(clinic)] == [("correct", "B")]


def test_the_queue_is_read_in_an_order(reviewing: Reviewing, desk: Any, clinic: Any) -> None:
    asyncio.run(reviewing.order_queue("disagreement"))
    assert clinic.asked == [
        ("GET review-queue", {"params": {"order": "disagreement", "limit": 20}})
    ]
    assert desk.state.records.queue.n_waiting == 7


def test_more_of_the_queue_is_read_until_another_order_is_wanted(
    reviewing: Reviewing, clinic: Any
) -> None:
    asyncio.run(reviewing.more_of_queue())
    asyncio.run(reviewing.order_queue("uncertainty"))
    assert [options["params"]["limit"] for _, options in clinic.asked] == [40, 20]


def test_the_queue_of_one_task_tells_how_far_readers_agree(
    reviewing: Reviewing, desk: Any, clinic: Any
) -> None:
    asyncio.run(reviewing.limit_queue("toy"))
    assert clinic.asked[0][1]["params"]["task"] == "toy"
    assert desk.state.records.agreement.kappa == 0.5
    asyncio.run(reviewing.limit_queue(""))
    assert desk.state.records.agreement is None


def test_a_reviewer_is_not_told_whose_examination_it_is(
    reviewing: Reviewing, desk: Any, clinic: Any
) -> None:
    desk.state.account = AccountResponse("rami", ("reviewer",), None, True)
    asyncio.run(reviewing.open("e1", "g1"))
    assert desk.state.records.patient is None
    assert "GET patients/p1" not in [asked for asked, _ in clinic.asked]


def test_an_examination_is_saved_under_no_name(
    reviewing: Reviewing, desk: Any, clinic: Any
) -> None:
    asyncio.run(reviewing.save_pdf())
    assert desk.saved == {}
    asyncio.run(reviewing.open("e1"))
    asyncio.run(reviewing.save_pdf())
    assert desk.saved == {"cancerapy-examination-e1.pdf": b"examinations/e1/report"}
    assert clinic.asked[-1][1] == {"params": {"language": "en"}}
    assert desk.state.records.note == "record.saved"
