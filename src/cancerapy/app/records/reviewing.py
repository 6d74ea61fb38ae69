"""What people say of the guesses on the record: the queue, one examination, a review."""

import asyncio
from dataclasses import replace
from typing import cast

from cancerapy.app.picture import Way, read_picture
from cancerapy.app.records.client import RecordsClient
from cancerapy.app.records.host import Host, SaveFile, asking, refuse
from cancerapy.app.records.state import (
    CLINICIAN,
    QUEUE_STEP,
    RecordsState,
    ReviewDraft,
    has_role,
    is_signed_in,
)
from cancerapy.app.state import Screen
from cancerapy.contract.requests import NewReview, ReviewVerdict
from cancerapy.errors import CanceRapyError, ClientError
from cancerapy.readers import ReadLimits

MAX_PICTURE_BYTES = 500_000_000
"""Largest picture of the record that is shown; the server has already checked it."""


class Reviewing:
    """See ``actions.ReviewActions`` for what each method means to the person.

    Args:
        host: The controller.
    """

    def __init__(self, host: Host, save_file: SaveFile) -> None:
        self._host = host
        self._save_file = save_file

    async def order_queue(self, order: str) -> None:
        """Read the review queue in an order."""
        self._records.order, self._records.n_queued = order, QUEUE_STEP
        await self.read_queue()

    async def limit_queue(self, task_id: str) -> None:
        """Read what waits of one task, or of all if empty."""
        self._records.queue_task, self._records.n_queued = task_id, QUEUE_STEP
        await self.read_queue()

    async def more_of_queue(self) -> None:
        """List more of the queue."""
        self._records.n_queued += QUEUE_STEP
        await self.read_queue()

    async def read_queue(self) -> None:
        """Read the review queue as it is ordered and limited."""
        async with asking(self._host) as client:
            records = self._records
            records.queue = await client.read_queue(
                records.order, task_id=records.queue_task, limit=records.n_queued
            )
            records.agreement = None
            if records.queue_task:
                records.agreement = await client.get_agreement(records.queue_task)

    async def open(self, examination_id: str, prediction_id: str = "") -> None:
        """Show an examination, at the image of a guess if one is named."""
        async with asking(self._host) as client:
            found = await client.get_examination(examination_id)
            records = self._records
            if records.examination is None or records.examination.id != found.id:
                records.joined, records.pictures = None, {}
            if records.patient is not None and records.patient.id != found.patient_id:
                records.patient, records.examinations = None, None
            places = [i for i, p in enumerate(found.predictions) if p.id == prediction_id]
            records.examination, records.shown = found, places[0] if places else 0
            records.review, records.answering = ReviewDraft(), None
            records.is_from_queue, records.note = bool(prediction_id), ""
            await self._host.go(Screen.EXAMINATION)
            if records.patient is None and has_role(self._host.state.account, CLINICIAN):
                records.patient = await client.get_patient(found.patient_id)
            await self._load_picture(client)
            if records.joined is None:
                records.joined = await client.get_decision(found.id)

    async def show(self, place: int) -> None:
        """Show an image of the examination."""
        self._records.shown, self._records.review = place, ReviewDraft()
        async with asking(self._host) as client:
            await self._load_picture(client)

    async def sign(self, reviewer: str) -> None:
        """Keep who reviews."""
        self._records.reviewer = reviewer

    async def name_class(self, class_id: str) -> None:
        """Keep the class that it is."""
        self._records.review = replace(self._records.review, class_id=class_id)
        self._host.redraw()

    async def comment(self, text: str) -> None:
        """Keep remarks."""
        self._records.review = replace(self._records.review, comment=text)

    async def review(self, verdict: str) -> None:
        """Agree, correct or call unusable."""
        records, account = self._records, self._host.state.account
        guess, draft = records.guess, records.review
        if guess is None or records.is_busy:
            return
        is_signed = is_signed_in(account)
        if not is_signed and not records.reviewer.strip():
            refuse(self._host, "reviewer_empty")
            return
        if verdict == "correct" and not draft.class_id:
            refuse(self._host, "class_empty")
            return
        said = NewReview(
            cast(ReviewVerdict, verdict),
            draft.class_id if verdict == "correct" else None,
            draft.comment.strip(),
            "" if is_signed else records.reviewer.strip(),
        )
        async with asking(self._host) as client:
            await client.review(guess.id, said)
            records.examination = await client.get_examination(guess.examination_id)
            records.review, records.note = ReviewDraft(), "review.saved"

    async def show_costs(self, is_shown: bool) -> None:
        """Show how the costs were weighed, or hide it."""
        self._records.shows_costs = is_shown
        self._host.redraw()

    async def save_pdf(self) -> None:
        """Save the examination that is shown as a PDF."""
        shown = self._records.examination
        if shown is None:
            return
        async with asking(self._host) as client:
            language = self._host.state.preferences.language
            data = await client.export_examination(shown.id, language)
            # By id, not by name: a folder of downloads is seen by others.
            await self._save_file(data, f"cancerapy-examination-{shown.id[:8]}.pdf")
            self._records.note = "record.saved"

    @property
    def _records(self) -> RecordsState:
        return self._host.state.records

    async def _load_picture(self, client: RecordsClient) -> None:
        """Fetch what is shown of the image; a record without its picture is still a record."""
        guess = self._records.guess
        if guess is None or guess.image_id is None or guess.image_id in self._records.pictures:
            return
        try:
            data = await client.get_image(guess.image_id)
            way = Way(ReadLimits(MAX_PICTURE_BYTES))
            picture = await asyncio.to_thread(read_picture, data, "record", way)
        except ClientError:
            raise
        except CanceRapyError:
            return
        self._records.pictures[guess.image_id] = picture.preview
