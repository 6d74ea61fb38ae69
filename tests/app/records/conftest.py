"""A clinic with one patient: what its server answers, and a controller's part that asks it."""

import json
from typing import Any

import pytest

from cancerapy.app.scene import Scene
from cancerapy.app.state import AppState, Problem, Screen
from cancerapy.app.strings import load_strings
from cancerapy.app.theme import LIGHT
from cancerapy.contract import Decision, Origin, Prediction, RecordedDecision, to_dict
from cancerapy.contract.decision import WeighedAction
from cancerapy.contract.people import AccountResponse
from cancerapy.contract.queue import QueuedGuess, ReviewQueue
from cancerapy.contract.records import (
    Agreement,
    AnswersRecord,
    ConsentHistory,
    ConsentRecord,
    ExaminationPage,
    ExaminationRecord,
    ImageRecord,
    PatientPage,
    PatientRecord,
    PredictionRecord,
    ReviewRecord,
)
from cancerapy.contract.requests import Identifier

NOW = "2026-11-27T18:05:59.123+00:00"
LOCAL = AccountResponse("local", ("administrator", "clinician", "reviewer"), None, False)
PATIENT = PatientRecord(
    "p1",
    "Layla",
    1961,
    "female",
    (Identifier("hospital", "4711"),),
    {"care": True, "research": False, "training": False},
    NOW,
)
CONSENTS = (
    ConsentRecord("c1", "care", True, "local", NOW),
    ConsentRecord("c2", "training", True, "local", NOW),
    ConsentRecord("c3", "training", False, "mona", "2026-11-28T09:30:00+00:00"),
)
"""Every decision of the patient, oldest first."""

QUEUE = ReviewQueue((QueuedGuess("g2", "e1", "i2", "toy", "toy-3", "R", 0.8, ("views",), 0),), 7)


def make_guess(place: int, prediction: Prediction, *reviews: ReviewRecord) -> PredictionRecord:
    """Return the guess of an image, with reviews that all agree."""
    decision, final = ("confirmed", "R") if reviews else ("open", None)
    return PredictionRecord(
        f"g{place}", "e1", f"i{place}", "toy", "toy-3", "R", "machine guess", decision, final,
        reviews, json.loads(json.dumps(to_dict(prediction))), NOW,
    )  # fmt: skip


@pytest.fixture
def patient() -> PatientRecord:
    """The patient."""
    return PATIENT


@pytest.fixture
def examination(prediction: Prediction) -> ExaminationRecord:
    """An examination with two views."""
    images = tuple(
        ImageRecord(f"i{place}", "00", "image/png", 10, view, "L")
        for place, view in ((1, "CC"), (2, "MLO"))
    )
    guesses = tuple(make_guess(place, prediction) for place in (1, 2))
    return ExaminationRecord(
        "e1", "p1", "toy", "toy", "", {"lens": "yes"}, images, guesses, "local", NOW
    )


@pytest.fixture
def joined(prediction: Prediction) -> RecordedDecision:
    """What was said of both views."""
    decision = Decision(
        "refer", None, None, 0.9, 0.5, 1.0, "days",
        (WeighedAction("refer", None, 5.0), WeighedAction("question", "lens", 9.0)),
        (), "Refer: it costs least.",
        {"en": "Refer: it costs least.", "ar": "إحالة."}, {"en": "Five against nine."},
    )  # fmt: skip
    return RecordedDecision(
        "toy", "toy", "toy-3", (prediction, prediction), 2, (), decision,
        id="d1", examination_id="e1", origin=Origin.KEPT, models=("toy-3",), basis_sha256="00",
        package_version="1", decided_at=NOW,
    )  # fmt: skip


class Clinic:
    """A server as ``Client``: answers by method and path, keeps what was asked."""

    def __init__(self, examination: ExaminationRecord, joined: RecordedDecision) -> None:
        page = PatientPage((PATIENT,), "next")
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.fault: Exception | None = None
        self.answers: dict[str, Any] = {
            "GET patients": page,
            "POST patients": PATIENT,
            "GET patients/p1": PATIENT,
            "PUT patients/p1": PATIENT,
            "DELETE patients/p1": None,
            "GET patients/p1/consents": ConsentHistory(CONSENTS),
            "POST patients/p1/consents": None,
            "GET examinations": ExaminationPage((examination,), None),
            "POST patients/p1/examinations": examination,
            "GET examinations/e1": examination,
            "GET examinations/e1/decision": joined,
            "GET examinations/e1/answers": AnswersRecord("e1", {"lens": "yes", "age": "61"}),
            "PUT examinations/e1/answers": None,
            "POST predictions/g1/reviews": None,
            "GET review-queue": QUEUE,
            "GET tasks/toy/agreement": Agreement("toy", 4, 0.75, 0.5),
        }

    async def ask(self, kind: type, method: str, path: str, **options: Any) -> Any:
        """Return the answer."""
        self.asked.append((f"{method} {path}", options))
        if self.fault:
            raise self.fault
        return self.answers[f"{method} {path}"]

    async def ask_tagged(self, kind: type, method: str, path: str, **options: Any) -> Any:
        """Return the answer, and how often it was asked for as its tag."""
        answer = await self.ask(kind, method, path, **options)
        n_asked = sum(asked == f"{method} {path}" for asked, _ in self.asked)
        return answer, f'"{n_asked}"'

    async def fetch(self, path: str, **options: Any) -> bytes:
        """Return bytes that name the path."""
        self.asked.append((f"GET {path}", options))
        return path.encode()

    def sent(self, route: str) -> list[Any]:
        """Return the bodies that were sent to a route."""
        return [options.get("json") for asked, options in self.asked if asked == route]


class Desk:
    """A controller as far as the records need it."""

    def __init__(self, state: AppState, clinic: Clinic) -> None:
        self.state, self._clinic = state, clinic
        self.saved: dict[str, bytes] = {}

    async def go(self, screen: Screen) -> None:
        """Show the screen."""
        self.state.screen = screen

    def server(self) -> Any:
        """Return the clinic's server."""
        return self._clinic

    def complain(self, error: Any) -> None:
        """Keep what went wrong."""
        self.state.problem = Problem(error.code, error.message)

    def redraw(self) -> None:
        """Draw nothing."""

    async def save_file(self, data: bytes, name: str) -> None:
        """Keep the file."""
        self.saved[name] = data


@pytest.fixture
def clinic(examination: ExaminationRecord, joined: RecordedDecision) -> Clinic:
    """The server of the clinic."""
    return Clinic(examination, joined)


@pytest.fixture
def desk(state: AppState, clinic: Clinic) -> Desk:
    """Somebody with every role before a state without patients."""
    state.account = LOCAL
    return Desk(state, clinic)


@pytest.fixture
def filled(
    desk: Desk, idle: Any, examination: ExaminationRecord, joined: RecordedDecision
) -> Scene:
    """A scene in which everything of the records is known."""
    records = desk.state.records
    records.patients, records.patient = PatientPage((PATIENT,), "next"), PATIENT
    records.consents = CONSENTS
    records.examinations = ExaminationPage((examination,), "next")
    records.examination, records.joined, records.queue = examination, joined, QUEUE
    records.pictures = {"i1": b"picture"}
    return Scene(desk.state, load_strings("en"), LIGHT, idle)
