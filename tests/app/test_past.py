"""What is done with results: named, compared, reminded of, saved, kept when there is room."""

import asyncio
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cancerapy.app.past import Past, due_reminders, same_lesion
from cancerapy.app.state import AppState, Outcome, Problem
from cancerapy.app.storage import Notebook
from cancerapy.errors import CanceRapyError


class Host:
    """A state with the codes of what went wrong."""

    def __init__(self, state: AppState) -> None:
        self.state = state
        self.complaints: list[str] = []

    def redraw(self) -> None:
        """Draw nothing."""

    def complain(self, error: CanceRapyError) -> None:
        """Keep the code."""
        self.complaints.append(error.code)


@pytest.fixture
def host(state: AppState, outcome: Outcome) -> Host:
    """A device with one result, which is shown."""
    state.history, state.outcome = (outcome,), outcome
    return Host(state)


@pytest.fixture
def saved() -> dict[str, bytes]:
    """The files that were saved by name."""
    return {}


@pytest.fixture
def past(host: Host, store: Any, saved: dict[str, bytes]) -> Past:
    """What is tested."""

    async def save(data: bytes, name: str) -> None:
        saved[name] = data

    return Past(host, Notebook(store), save)


def test_a_lesion_s_name_is_kept(past: Past, host: Host, store: Any, outcome: Outcome) -> None:
    asyncio.run(past.name_lesion(outcome.id, "  left arm "))
    assert host.state.outcome is not None
    assert host.state.outcome.lesion == "left arm"
    (kept,) = asyncio.run(Notebook(store).load_results())
    assert kept.lesion == "left arm"
    assert kept.prediction.heatmap == outcome.prediction.heatmap


def test_a_reminder_is_due_on_its_day(past: Past, host: Host, outcome: Outcome) -> None:
    asyncio.run(past.remind(outcome.id, 14))
    today = date.today()
    assert due_reminders(host.state, today) == ()
    assert due_reminders(host.state, today + timedelta(days=13)) == ()
    (due,) = due_reminders(host.state, today + timedelta(days=14))
    assert due.id == outcome.id
    asyncio.run(past.remind(outcome.id, 0))
    assert due_reminders(host.state, today + timedelta(days=99)) == ()


def test_a_reminder_tells_the_calendar_nothing_of_an_illness(
    past: Past, host: Host, outcome: Outcome, saved: dict[str, bytes]
) -> None:
    asyncio.run(past.save_calendar(outcome.id))
    assert saved == {}
    asyncio.run(past.remind(outcome.id, 30))
    asyncio.run(past.save_calendar(outcome.id))
    day = (date.today() + timedelta(days=30)).isoformat()
    text = saved[f"cancerapy-{day}.ics"].decode()
    assert day.replace("-", "") in text
    assert "Toy cancer" not in text
    assert "suspicious" not in text


def test_a_full_device_is_told_and_nothing_is_lost(
    past: Past, host: Host, store: Any, outcome: Outcome
) -> None:
    asyncio.run(past.keep(outcome))
    store.is_full = True
    newer = replace(outcome, id="2026-11-28T18:00:00.000+00:00")
    host.state.history = (newer, outcome)
    asyncio.run(past.keep(newer))
    assert host.complaints == ["device_storage_full"]
    assert host.state.unsaved == (newer.id,)
    assert len(asyncio.run(Notebook(store).load_results())) == 1
    store.is_full = False
    asyncio.run(past.save_again())
    assert host.state.unsaved == ()
    assert asyncio.run(Notebook(store).load_results()) == (newer, outcome)


def test_the_results_of_a_lesion_are_those_of_its_name(host: Host, outcome: Outcome) -> None:
    first = replace(outcome, lesion="arm")
    later = replace(first, id="2026-12-27T18:00:00.000+00:00")
    other = replace(first, id="2026-12-28T18:00:00.000+00:00", lesion="leg")
    host.state.history = (other, later, first)
    assert same_lesion(host.state, later) == (first, later)
    assert same_lesion(host.state, outcome) == ()


def test_a_device_without_a_pdf_writer_says_so(
    past: Past, host: Host, saved: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cancerapy.reports.pdf", None)
    asyncio.run(past.save_pdf())
    assert host.state.problem == Problem("pdf_unavailable")
    assert saved == {}


def test_the_result_is_saved_as_a_pdf(past: Past, saved: dict[str, bytes]) -> None:
    asyncio.run(past.save_pdf())
    assert saved["cancerapy-2026-11-27.pdf"].startswith(b"%PDF-")
