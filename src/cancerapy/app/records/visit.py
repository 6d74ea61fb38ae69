"""A new examination in the app: what is asked, the answers, the images, and off to the record."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace

from cancerapy.app.picture import Way, read_picture
from cancerapy.app.records.host import Host, asking, refuse
from cancerapy.app.records.state import Visit, VisitImage
from cancerapy.app.state import Screen
from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.responses import TaskResponse
from cancerapy.errors import ImageError


class Visits:
    """See ``actions.VisitActions`` for what each method means to the person.

    Args:
        host: The controller.
        way: Returns the way that a picture for a task goes.
    """

    def __init__(self, host: Host, way: Callable[[TaskResponse | None], Way]) -> None:
        self._host = host
        self._way = way

    async def begin(self) -> None:
        """Show an empty examination."""
        self._host.state.records.visit, self._host.state.records.note = Visit(), ""
        await self._host.go(Screen.EXAMINE)

    async def choose(self, task: TaskResponse) -> None:
        """Say what is asked; answers to another cancer's questions are forgotten."""
        visit = self._visit
        known = {question.id for question in task.questions}
        kept = {name: value for name, value in visit.answers.items() if name in known}
        self._set(replace(visit, task=task, answers=kept))

    async def answer(self, question_id: str, value: str | float | None) -> None:
        """Keep or forget an answer of the patient; none of it is kept on the device."""
        visit = self._visit
        answers = {name: said for name, said in visit.answers.items() if name != question_id}
        if value is not None:
            answers[question_id] = value
        self._set(replace(visit, answers=answers))

    async def name_lesion(self, lesion: str) -> None:
        """Keep the name of the place."""
        self._host.state.records.visit = replace(self._visit, lesion=lesion)

    async def add(self, data: bytes, name: str) -> None:
        """Add an image from gallery, file or camera."""
        state = self._host.state
        state.records.is_busy, state.problem = True, None
        self._host.redraw()
        try:
            way = self._way(self._visit.task)
            picture = await asyncio.to_thread(read_picture, data, name, way)
            image = VisitImage(picture.data, picture.preview)
            state.records.visit = replace(self._visit, images=(*self._visit.images, image))
        except ImageError as error:
            self._host.complain(error)
        state.records.is_busy = False
        self._host.redraw()

    async def describe(self, place: int, view: str, side: str) -> None:
        """Say which view and side an image shows."""
        images = list(self._visit.images)
        images[place] = replace(images[place], view=view, side=side)
        self._set(replace(self._visit, images=tuple(images)))

    async def drop(self, place: int) -> None:
        """Take an image back."""
        images = self._visit.images
        self._set(replace(self._visit, images=(*images[:place], *images[place + 1 :])))

    async def send(self) -> None:
        """Have the images judged and put on the record, then show what follows from them."""
        records, visit = self._host.state.records, self._visit
        if records.patient is None or records.is_busy:
            return
        if visit.task is None or not visit.images:
            refuse(self._host, "visit_incomplete")
            return
        async with asking(self._host) as client:
            records.examination = await client.create_examination(
                records.patient.id,
                visit.task.id,
                visit.images,
                answers=visit.answers,
                lesion=visit.lesion.strip(),
            )
            records.pictures = _previews(records.examination, visit)
            records.visit, records.joined, records.shown = None, None, 0
            records.is_from_queue, records.answering = False, None
            await self._host.go(Screen.EXAMINATION)
            records.joined = await client.get_decision(records.examination.id)

    @property
    def _visit(self) -> Visit:
        return self._host.state.records.visit or Visit()

    def _set(self, visit: Visit) -> None:
        self._host.state.records.visit = visit
        self._host.redraw()


def _previews(examination: ExaminationRecord, visit: Visit) -> dict[str, bytes]:
    """Return the previews by the ids of the images on the record, which keeps a file once."""
    known = {hashlib.sha256(image.data).hexdigest(): image.preview for image in visit.images}
    return {image.id: known[image.sha256] for image in examination.images if image.sha256 in known}
