"""Answers to the questions of an examination on the record, given or corrected later."""

from collections.abc import Mapping

from cancerapy.app.records.correcting import CHANGED
from cancerapy.app.records.host import Host, asking, refuse
from cancerapy.app.records.outcome import find_task
from cancerapy.app.records.state import AnswersDraft, RecordsState
from cancerapy.app.state import Answer
from cancerapy.contract.responses import TaskResponse
from cancerapy.errors import RefusedError


class Answering:
    """See ``actions.AnsweringActions`` for what each method means to the person.

    Args:
        host: The controller.
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    async def begin(self) -> None:
        """Show the questions with the answers that stand, to be changed."""
        records = self._records
        if records.examination is None:
            return
        async with asking(self._host) as client:
            found, tag = await client.begin_answers(records.examination.id)
            records.answering = AnswersDraft(self._typed(found.answers), tag)

    async def answer(self, question_id: str, value: Answer | None) -> None:
        """Keep or forget an answer that is being given."""
        draft = self._records.answering
        if draft is None:
            return
        rest = {name: one for name, one in draft.answers.items() if name != question_id}
        answers = rest if value is None else {**rest, question_id: value}
        self._records.answering = AnswersDraft(answers, draft.tag, draft.saved_meanwhile)
        self._host.redraw()

    async def leave(self) -> None:
        """Leave the answers as they are."""
        self._records.answering, self._host.state.problem = None, None
        self._host.redraw()

    async def take_saved(self) -> None:
        """Put what somebody else answered in the place of what was chosen here."""
        draft = self._records.answering
        if draft is not None and draft.saved_meanwhile is not None:
            self._records.answering = AnswersDraft(draft.saved_meanwhile, draft.tag)
            self._host.state.problem = None
            self._host.redraw()

    async def save(self) -> None:
        """Save the answers and show what follows from them now.

        Where somebody else has changed them meanwhile, theirs are shown beside those chosen here,
        and saving again replaces them.
        """
        records, draft = self._records, self._records.answering
        if records.examination is None or draft is None or records.is_busy:
            return
        own = records.examination.id
        async with asking(self._host) as client:
            try:
                await client.change_answers(own, draft.answers, draft.tag)
            except RefusedError as error:
                if error.code != CHANGED:
                    raise
                found, tag = await client.begin_answers(own)
                records.answering = AnswersDraft(draft.answers, tag, self._typed(found.answers))
                refuse(self._host, CHANGED)
                return
            records.answering = None
            records.examination = await client.get_examination(own)
            records.joined = await client.get_decision(own)
            records.note = "answers.saved"

    @property
    def _records(self) -> RecordsState:
        return self._host.state.records

    def _typed(self, answers: Mapping[str, object]) -> Mapping[str, Answer]:
        """Return answers as the questions' controls take them; those to no question stay texts."""
        found = self._records.examination
        task = find_task(self._host.state, found.task) if found else None
        numbers = _numbers_of(task)
        return {
            name: float(str(value)) if name in numbers else str(value)
            for name, value in answers.items()
        }


def _numbers_of(task: TaskResponse | None) -> set[str]:
    return {one.id for one in task.questions if one.kind == "number"} if task else set()
