"""What is done with results that are there: keep, name, compare, remind, save, ask to delete."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from cancerapy.app.calendar_file import write_calendar
from cancerapy.app.picture import make_thumbnail
from cancerapy.app.report import compose_report
from cancerapy.app.state import AppState, Outcome, Problem
from cancerapy.app.storage import Notebook
from cancerapy.app.strings import load_strings
from cancerapy.errors import CanceRapyError, StorageError

SaveFile = Callable[[bytes, str], Awaitable[None]]


class Host(Protocol):
    """What this part needs of the controller."""

    state: AppState

    def redraw(self) -> None:
        """Draw the state."""

    def complain(self, error: CanceRapyError) -> None:
        """Say what went wrong."""


class Past:
    """See ``scene.PastActions`` for what each method means to the person.

    Args:
        host: Whose state it changes.
        notebook: What is kept on the device.
        save_file: Lets the person save bytes under a name.
    """

    def __init__(self, host: Host, notebook: Notebook, save_file: SaveFile) -> None:
        self._host = host
        self._notebook = notebook
        self._save_file = save_file

    async def add(self, outcome: Outcome) -> None:
        """Put a new result into the history, its picture as a thumbnail, and keep it."""
        kept = replace(outcome, picture=await asyncio.to_thread(make_thumbnail, outcome.picture))
        others = [one for one in self._host.state.history if one.id != kept.id]
        newest_first = sorted([kept, *others], key=lambda one: one.id, reverse=True)
        self._host.state.history = tuple(newest_first)
        await self.keep(kept)

    async def keep(self, outcome: Outcome) -> None:
        """Keep a result; without room for it, say so and remember that it is not kept yet."""
        state = self._host.state
        state.unsaved = tuple(kept for kept in state.unsaved if kept != outcome.id)
        try:
            await self._notebook.save_result(outcome)
        except StorageError as error:
            state.unsaved = (*state.unsaved, outcome.id)
            self._host.complain(error)
        self._host.redraw()

    async def save_again(self) -> None:
        """Try again to keep what the device had no room for."""
        state = self._host.state
        state.problem = None if state.unsaved else state.problem
        for outcome in state.history:
            if outcome.id in state.unsaved:
                await self.keep(outcome)
        self._host.redraw()

    async def ask_delete(self, what: str) -> None:
        """Ask before deleting a result, or ``EVERYTHING``; empty takes the question back."""
        self._host.state.confirming = what
        self._host.redraw()

    async def name_lesion(self, outcome_id: str, lesion: str) -> None:
        """Say which lesion a result shows; empty if none."""
        self._host.state.lesion_draft = None
        await self._change(outcome_id, lesion=lesion.strip()[:60])

    async def compare(self, earlier_id: str, later_id: str) -> None:
        """Show two results side by side."""
        self._host.state.compared = (earlier_id, later_id)
        self._host.redraw()

    async def close_comparison(self) -> None:
        """Return to the list of results."""
        self._host.state.compared = None
        self._host.redraw()

    async def remind(self, outcome_id: str, days: int) -> None:
        """Remind in some days; 0 takes the reminder back."""
        day = (date.today() + timedelta(days=days)).isoformat() if days else ""
        await self._change(outcome_id, remind_on=day)

    async def save_calendar(self, outcome_id: str) -> None:
        """Save a result's reminder as a calendar file."""
        for outcome in self._host.state.history:
            if outcome.id == outcome_id and outcome.remind_on:
                say = load_strings(self._host.state.preferences.language)
                text = write_calendar(
                    outcome_id,
                    date.fromisoformat(outcome.remind_on),
                    say("reminder.calendar"),
                    say("reminder.calendar_text"),
                    datetime.now(UTC),
                )
                await self._save_file(text, f"cancerapy-{outcome.remind_on}.ics")

    async def save_pdf(self) -> None:
        """Save the result that is shown as a PDF."""
        state = self._host.state
        if state.outcome is None:
            return
        report = compose_report(state.outcome, load_strings(state.preferences.language))
        # Imported here: it loads fonts' tools, which a phone may lack and few results need.
        try:
            from cancerapy.reports.pdf import write_pdf
        except ImportError:
            state.problem = Problem("pdf_unavailable")
            self._host.redraw()
            return
        document = await asyncio.to_thread(write_pdf, report)
        await self._save_file(document, f"cancerapy-{state.outcome.id[:10]}.pdf")

    async def _change(self, outcome_id: str, **changes: str) -> None:
        state = self._host.state
        if state.outcome is not None and state.outcome.id == outcome_id:
            state.outcome = replace(state.outcome, **changes)  # type: ignore[arg-type]
        state.history = tuple(
            replace(kept, **changes) if kept.id == outcome_id else kept  # type: ignore[arg-type]
            for kept in state.history
        )
        for kept in state.history:
            if kept.id == outcome_id:
                await self.keep(kept)


def due_reminders(state: AppState, today: date) -> tuple[Outcome, ...]:
    """Return the results whose reminder is due, the longest due first."""
    due = [o for o in state.history if o.remind_on and o.remind_on <= today.isoformat()]
    return tuple(sorted(due, key=lambda outcome: outcome.remind_on))


def same_lesion(state: AppState, outcome: Outcome) -> tuple[Outcome, ...]:
    """Return all results of a result's lesion, the oldest first; none without a name."""
    same = [
        kept
        for kept in state.history
        if outcome.lesion and (kept.lesion, kept.task.id) == (outcome.lesion, outcome.task.id)
    ]
    return tuple(sorted(same, key=lambda kept: kept.id))
