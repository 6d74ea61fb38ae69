"""What the app asks of the records of a server."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from cancerapy.app.client import Client
from cancerapy.app.records.state import VisitImage
from cancerapy.contract import RecordedDecision
from cancerapy.contract.queue import ReviewQueue
from cancerapy.contract.records import (
    Agreement,
    AnswersRecord,
    ConsentHistory,
    ConsentRecord,
    ErasureRecord,
    ExaminationPage,
    ExaminationRecord,
    PatientPage,
    PatientRecord,
    ReviewRecord,
)
from cancerapy.contract.requests import NewConsent, NewReview, PatientDetails

PAGE = 20
"""Entries that are asked for at once."""

EXAMINATION_TIMEOUT_S = 300.0
"""Longest wait for an examination: all its images are judged before the server answers."""


class RecordsClient:
    """Asks one server for its records; every method may raise any ``ClientError``.

    Args:
        client: Asks that server.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    async def list_patients(self, search: str, after: str | None = None) -> PatientPage:
        """Return patients, newest first, by part of the name or a whole identifier."""
        params = _page(after, search=search)
        return await self._client.ask(PatientPage, "GET", "patients", params=params)

    async def create_patient(self, details: PatientDetails) -> PatientRecord:
        """Register a patient."""
        return await self._client.ask(PatientRecord, "POST", "patients", json=asdict(details))

    async def get_patient(self, patient_id: str) -> PatientRecord:
        """Return a patient."""
        return await self._client.ask(PatientRecord, "GET", f"patients/{patient_id}")

    async def begin_update(self, patient_id: str) -> tuple[PatientRecord, str]:
        """Return a patient and the tag with which they are changed."""
        return await self._client.ask_tagged(PatientRecord, "GET", f"patients/{patient_id}")

    async def update_patient(
        self, patient_id: str, details: PatientDetails, tag: str
    ) -> PatientRecord:
        """Replace what is written down about a patient, if they are as they were read.

        Args:
            patient_id: The patient.
            details: What is known.
            tag: From ``begin_update``; empty for a server that has none.
        """
        path, headers = f"patients/{patient_id}", {"If-Match": tag} if tag else {}
        body = asdict(details)
        return await self._client.ask(PatientRecord, "PUT", path, json=body, headers=headers)

    async def erase_patient(self, patient_id: str) -> ErasureRecord:
        """Erase a patient with everything on the record, for good."""
        return await self._client.ask(ErasureRecord, "DELETE", f"patients/{patient_id}")

    async def record_consent(self, patient_id: str, decision: NewConsent) -> ConsentRecord:
        """Write down that a patient gives or withdraws a consent."""
        path = f"patients/{patient_id}/consents"
        return await self._client.ask(ConsentRecord, "POST", path, json=asdict(decision))

    async def list_consents(self, patient_id: str) -> tuple[ConsentRecord, ...]:
        """Return every decision of a patient about consents, oldest first."""
        path = f"patients/{patient_id}/consents"
        return (await self._client.ask(ConsentHistory, "GET", path)).items

    async def export_json(self, patient_id: str) -> bytes:
        """Return everything on the record of a patient as JSON."""
        return await self._client.fetch(f"patients/{patient_id}/export")

    async def export_pdf(self, patient_id: str, language: str) -> bytes:
        """Return the record of a patient as a PDF."""
        path = f"patients/{patient_id}/report"
        return await self._client.fetch(path, params={"language": language})

    async def list_examinations(self, patient_id: str, after: str | None = None) -> ExaminationPage:
        """Return the examinations of a patient, newest first."""
        params = _page(after, patient=patient_id)
        return await self._client.ask(ExaminationPage, "GET", "examinations", params=params)

    async def get_examination(self, examination_id: str) -> ExaminationRecord:
        """Return an examination with its guesses and reviews."""
        return await self._client.ask(ExaminationRecord, "GET", f"examinations/{examination_id}")

    async def begin_answers(self, examination_id: str) -> tuple[AnswersRecord, str]:
        """Return the answers of an examination and the tag with which they are changed."""
        path = f"examinations/{examination_id}/answers"
        return await self._client.ask_tagged(AnswersRecord, "GET", path)

    async def change_answers(
        self, examination_id: str, answers: Mapping[str, str | float], tag: str
    ) -> AnswersRecord:
        """Replace the answers of an examination, if they are as they were read.

        Args:
            examination_id: The examination.
            answers: All of them from now on, by id of the question.
            tag: From ``begin_answers``.
        """
        path, body = f"examinations/{examination_id}/answers", {"answers": dict(answers)}
        headers = {"If-Match": tag}
        return await self._client.ask(AnswersRecord, "PUT", path, json=body, headers=headers)

    async def export_examination(self, examination_id: str, language: str) -> bytes:
        """Return an examination as a PDF."""
        path = f"examinations/{examination_id}/report"
        return await self._client.fetch(path, params={"language": language})

    async def get_image(self, image_id: str) -> bytes:
        """Return the picture of an image, a PNG."""
        return await self._client.fetch(f"images/{image_id}")

    async def create_examination(
        self,
        patient_id: str,
        task_id: str,
        images: Sequence[VisitImage],
        *,
        answers: Mapping[str, str | float],
        lesion: str = "",
    ) -> ExaminationRecord:
        """Have the images judged and put on the record of a patient."""
        fields: dict[str, object] = {
            "task": task_id,
            "lesion": lesion,
            "answers": json.dumps(dict(answers)),
            "view": [image.view for image in images],
            "laterality": [image.side for image in images],
        }
        return await self._client.ask(
            ExaminationRecord,
            "POST",
            f"patients/{patient_id}/examinations",
            data=fields,
            files=_files(images),
            timeout=EXAMINATION_TIMEOUT_S,
        )

    async def get_decision(self, examination_id: str) -> RecordedDecision:
        """Return what was said of all images of an examination together."""
        path = f"examinations/{examination_id}/decision"
        return await self._client.ask(RecordedDecision, "GET", path)

    async def review(self, prediction_id: str, review: NewReview) -> ReviewRecord:
        """Write down what a person says of a guess."""
        path = f"predictions/{prediction_id}/reviews"
        return await self._client.ask(ReviewRecord, "POST", path, json=asdict(review))

    async def get_agreement(self, task_id: str) -> Agreement:
        """Return how far first and second readers agree on a task."""
        return await self._client.ask(Agreement, "GET", f"tasks/{task_id}/agreement")

    async def read_queue(self, order: str, *, task_id: str, limit: int) -> ReviewQueue:
        """Return the guesses that a person should look at next.

        Args:
            order: One of ``state.ORDERS``.
            task_id: Of this task only; of all if empty.
            limit: Most guesses.
        """
        params: dict[str, str | int] = {"order": order, "limit": limit}
        if task_id:
            params["task"] = task_id
        return await self._client.ask(ReviewQueue, "GET", "review-queue", params=params)


def _page(after: str | None, **options: str) -> dict[str, str | int]:
    known = {name: value for name, value in {**options, "after": after}.items() if value}
    return {"limit": PAGE, **known}


def _files(images: Sequence[VisitImage]) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Return the images for a form; a file's own name is not sent, it may name a patient."""
    return [("images", ("image", image.data, "application/octet-stream")) for image in images]
