"""An examination from the first question to the record."""

import asyncio
import hashlib
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image as PillowImage

from cancerapy.app.picture import Way
from cancerapy.app.records.state import VisitImage
from cancerapy.app.records.visit import Visits
from cancerapy.app.state import Screen
from cancerapy.contract.records import PatientRecord
from cancerapy.contract.responses import TaskResponse
from cancerapy.readers import ReadLimits


@pytest.fixture
def visits(desk: Any, patient: PatientRecord) -> Visits:
    """A new examination of the patient."""
    desk.state.records.patient = patient
    made = Visits(desk, lambda task: Way(ReadLimits(1_000_000), task))
    asyncio.run(made.begin())
    return made


def _picture() -> bytes:
    output = io.BytesIO()
    PillowImage.new("RGB", (60, 40), (200, 30, 40)).save(output, format="PNG")
    return output.getvalue()


def test_two_views_go_to_the_record_with_the_answers(
    visits: Visits, desk: Any, clinic: Any, task: TaskResponse
) -> None:
    assert desk.state.screen is Screen.EXAMINE
    asyncio.run(visits.choose(task))
    asyncio.run(visits.answer("lens", "yes"))
    asyncio.run(visits.answer("age", 61.0))
    asyncio.run(visits.answer("age", None))
    for place, view in enumerate(("CC", "MLO")):
        asyncio.run(visits.add(_picture(), "Layla.png"))
        asyncio.run(visits.describe(place, view, "L"))
    digest = hashlib.sha256(_picture()).hexdigest()
    made = clinic.answers["POST patients/p1/examinations"]
    images = (replace(made.images[0], sha256=digest), made.images[1])
    clinic.answers["POST patients/p1/examinations"] = replace(made, images=images)
    asyncio.run(visits.send())
    (route, options), (decision, _) = clinic.asked
    assert (route, decision) == ("POST patients/p1/examinations", "GET examinations/e1/decision")
    assert json.loads(options["data"].pop("answers")) == {"lens": "yes"}
    assert options["data"] == {
        "task": "toy",
        "lesion": "",
        "view": ["CC", "MLO"],
        "laterality": ["L", "L"],
    }
    assert (
        options["files"] == [("images", ("image", _picture(), "application/octet-stream"))] * 2
    ), "a file's own name may name a patient"
    records = desk.state.records
    assert (desk.state.screen, records.visit, records.joined.n_used) == (
        Screen.EXAMINATION,
        None,
        2,
    )
    assert set(records.pictures) == {"i1"}, "the record keeps the same file once"


def test_nothing_is_sent_without_an_image(
    visits: Visits, desk: Any, clinic: Any, task: TaskResponse
) -> None:
    asyncio.run(visits.choose(task))
    asyncio.run(visits.send())
    assert desk.state.problem.code == "visit_incomplete"
    assert clinic.asked == []


def test_what_is_no_image_leaves_the_others_in_place(visits: Visits, desk: Any) -> None:
    asyncio.run(visits.add(_picture(), "a.png"))
    asyncio.run(visits.add(b"%PDF-1.7", "b.png"))
    records = desk.state.records
    assert desk.state.problem.code == "image_unsupported"
    assert (len(records.visit.images), records.is_busy) == (1, False)


def test_an_image_is_taken_back(visits: Visits, desk: Any) -> None:
    for _ in range(2):
        asyncio.run(visits.add(_picture(), "a.png"))
    asyncio.run(visits.describe(1, "MLO", "R"))
    asyncio.run(visits.drop(0))
    (left,) = desk.state.records.visit.images
    assert isinstance(left, VisitImage)
    assert (left.view, left.side) == ("MLO", "R")
