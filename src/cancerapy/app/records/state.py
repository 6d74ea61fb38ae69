"""What the screens of the records show, as plain dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeGuard

from cancerapy.app.records.administration import Administration
from cancerapy.contract import RecordedDecision
from cancerapy.contract.people import AccountResponse
from cancerapy.contract.queue import ReviewQueue
from cancerapy.contract.records import (
    Agreement,
    ConsentRecord,
    ExaminationPage,
    ExaminationRecord,
    PatientPage,
    PatientRecord,
    PredictionRecord,
)
from cancerapy.contract.requests import Identifier
from cancerapy.contract.responses import TaskResponse

CLINICIAN, REVIEWER, ADMINISTRATOR = "clinician", "reviewer", "administrator"
PURPOSES = ("care", "research", "training")
ORDERS = ("uncertainty", "disagreement")
VIEWS: Mapping[str, tuple[str, ...]] = {"mammography": ("CC", "MLO", "ML", "FB")}
"""The views that an image can have, by modality; images of another have none."""
SIDES = ("L", "R")
QUEUE_STEP = 20
"""Guesses that are listed at first, and more with each wish for more."""


class Part(StrEnum):
    """A part of the first screen of the records."""

    PATIENTS = "patients"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class PatientDraft:
    """A patient as they are being written down.

    Args:
        name: Name or pseudonym.
        birth_year: Digits; empty where it is not known.
        sex: One of ``contract.requests.Sex``.
        identifiers: Numbers in other systems; empty ones are left out.
        tag: Stands for the record that is corrected as it was read; empty for a new one.
    """

    name: str = ""
    birth_year: str = ""
    sex: str = "unknown"
    identifiers: tuple[Identifier, ...] = (Identifier("", ""),)
    tag: str = ""


@dataclass(frozen=True, slots=True)
class VisitImage:
    """An image that is chosen for an examination.

    Args:
        data: The bytes that are sent.
        preview: What the screen shows of it.
        view: The view, for instance CC; empty where it is not known.
        side: L or R of the patient; empty where it is not known.
    """

    data: bytes
    preview: bytes
    view: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """An examination that is being made.

    Args:
        task: What is asked; ``None`` until it is chosen.
        answers: The patient's answers by id of the question.
        lesion: The person's own name for the place.
        images: In the order in which they were chosen.
    """

    task: TaskResponse | None = None
    answers: Mapping[str, str | float] = field(default_factory=dict)
    lesion: str = ""
    images: tuple[VisitImage, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswersDraft:
    """Answers of an examination that are being changed.

    Args:
        answers: All of them, by id of the question.
        tag: Stands for the answers as they were read.
        saved_meanwhile: The answers that somebody else saved in between; ``None`` if nobody did.
    """

    answers: Mapping[str, str | float] = field(default_factory=dict)
    tag: str = ""
    saved_meanwhile: Mapping[str, str | float] | None = None


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What is being said of a guess.

    Args:
        class_id: The class that it is; empty until one is chosen.
        comment: Remarks.
    """

    class_id: str = ""
    comment: str = ""


@dataclass(slots=True)
class RecordsState:
    """The records as far as they are shown.

    Args:
        part: Which part of the first screen is shown.
        search: What is searched for among the patients.
        patients: Those found so far; ``None`` while they are not known.
        draft: A patient as they are being written down.
        patient: The patient that is shown.
        saved_meanwhile: The patient as somebody else saved them while they were being corrected.
        consents: Every decision of theirs, oldest first; ``None`` while they are not known.
        shows_consents: Whether all of them are listed.
        examinations: Their examinations so far; ``None`` while they are not known.
        visit: The examination that is being made.
        examination: The examination that is shown.
        answering: Its answers while they are being changed; ``None`` while they are not.
        joined: What was said of all its images together; ``None`` while it is not known.
        pictures: What is shown of an image, by its id.
        shown: Place of the image that is shown among those of the examination.
        reviewer: Who reviews, where nobody is signed in.
        review: What is being said of the guess that is shown.
        order: One of ``ORDERS``.
        queue_task: Id of the task that the queue is limited to; empty for all.
        n_queued: Most guesses of the queue that are listed.
        agreement: How far readers agree on that task; ``None`` while it is not known.
        shows_costs: Whether it is shown how the costs were weighed.
        is_from_queue: Whether the examination was opened from the queue, where 'back' leads then.
        queue: What waits for a reviewer; ``None`` while it is not known.
        is_busy: Whether the server is being asked.
        administration: Accounts and audit log, for an administrator.
        note: Key of a text that says what was just done; empty if nothing was.
    """

    part: Part = Part.PATIENTS
    search: str = ""
    patients: PatientPage | None = None
    draft: PatientDraft = field(default_factory=PatientDraft)
    patient: PatientRecord | None = None
    saved_meanwhile: PatientRecord | None = None
    consents: tuple[ConsentRecord, ...] | None = None
    shows_consents: bool = False
    examinations: ExaminationPage | None = None
    visit: Visit | None = None
    examination: ExaminationRecord | None = None
    answering: AnswersDraft | None = None
    joined: RecordedDecision | None = None
    pictures: dict[str, bytes] = field(default_factory=dict)
    shown: int = 0
    reviewer: str = ""
    review: ReviewDraft = field(default_factory=ReviewDraft)
    order: str = ORDERS[0]
    queue_task: str = ""
    n_queued: int = QUEUE_STEP
    agreement: Agreement | None = None
    shows_costs: bool = False
    is_from_queue: bool = False
    queue: ReviewQueue | None = None
    is_busy: bool = False
    administration: Administration = field(default_factory=Administration)
    note: str = ""

    @property
    def guess(self) -> PredictionRecord | None:
        """The guess of the image that is shown."""
        guesses = self.examination.predictions if self.examination else ()
        return guesses[self.shown] if self.shown < len(guesses) else None


def has_role(account: AccountResponse | None, *roles: str) -> bool:
    """Tell whether somebody has one of some roles; nobody has none."""
    return account is not None and any(role in account.roles for role in roles)


def is_signed_in(account: AccountResponse | None) -> TypeGuard[AccountResponse]:
    """Tell whether somebody has an account, not only a machine or a device of their own."""
    return account is not None and account.is_account


def offers_records(account: AccountResponse | None) -> bool:
    """Tell whether somebody works with the records of others."""
    return has_role(account, CLINICIAN, REVIEWER)
