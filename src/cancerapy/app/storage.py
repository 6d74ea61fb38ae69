"""What the app keeps on the device or in the browser, and nowhere else.

The values are text, one entry per preference set, cancer and result, so that a change writes
little. What cannot be read any more (another version, a damaged entry) counts as absent.
"""

import base64
import json
from dataclasses import asdict
from typing import Any, Protocol

from cancerapy.app.decode import from_json
from cancerapy.app.state import Answer, Outcome, Preferences
from cancerapy.contract.responses import About, PredictionResponse, TaskList, TaskResponse
from cancerapy.errors import StorageError

PREFIX = "cancerapy."
PREFERENCES = f"{PREFIX}preferences"
ANSWERS = f"{PREFIX}answers"
OFFER = f"{PREFIX}offer"
RESULT = f"{PREFIX}result."


class Store(Protocol):
    """Text by key; Flet's ``SharedPreferences`` fits."""

    async def get(self, key: str) -> Any:
        """Return the value of ``key``, ``None`` if there is none."""

    async def set(self, key: str, value: Any) -> bool:
        """Keep ``value``; return whether it was kept."""

    async def remove(self, key: str) -> bool:
        """Forget ``key``."""

    async def get_keys(self, key_prefix: str) -> list[str]:
        """Return the keys that begin with ``key_prefix``."""


class Notebook:
    """Reads and writes the app's entries.

    Args:
        store: Where the entries lie.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load_preferences(self) -> Preferences:
        """Return what the person has chosen; the defaults on a new device."""
        try:
            return from_json(Preferences, await self._read(PREFERENCES))
        except ValueError:
            return Preferences()

    async def save_preferences(self, preferences: Preferences) -> None:
        """Keep what the person has chosen.

        Raises:
            StorageError: The device's storage is full.
        """
        await self._write(PREFERENCES, asdict(preferences))

    async def load_answers(self) -> dict[str, dict[str, Answer]]:
        """Return the patient's answers by cancer and question."""
        value = await self._read(ANSWERS)
        return value if isinstance(value, dict) else {}

    async def save_answers(self, answers: dict[str, dict[str, Answer]]) -> None:
        """Keep the patient's answers.

        Raises:
            StorageError: The device's storage is full.
        """
        await self._write(ANSWERS, answers)

    async def load_offer(self) -> tuple[About, tuple[TaskResponse, ...]] | None:
        """Return what the server offered last; ``None`` if that is not known."""
        value = await self._read(OFFER)
        try:
            return from_json(About, value["about"]), from_json(TaskList, value).tasks
        except (KeyError, TypeError, ValueError):
            return None

    async def save_offer(self, about: About, tasks: tuple[TaskResponse, ...]) -> None:
        """Keep what the server offers, for when it cannot be reached.

        Raises:
            StorageError: The device's storage is full.
        """
        await self._write(OFFER, {"about": asdict(about), **asdict(TaskList(tasks))})

    async def load_results(self) -> tuple[Outcome, ...]:
        """Return the earlier results, newest first."""
        keys = sorted(await self._store.get_keys(RESULT), reverse=True)
        read = [await self._read(key) for key in keys]
        return tuple(outcome for outcome in map(_to_outcome, read) if outcome is not None)

    async def save_result(self, outcome: Outcome) -> None:
        """Keep a result; the earlier ones stay as they are.

        Raises:
            StorageError: The device's storage is full; nothing that was kept is lost.
        """
        await self._write(RESULT + outcome.id, _to_entry(outcome))

    async def delete_result(self, outcome_id: str) -> None:
        """Forget one result for good."""
        await self._store.remove(RESULT + outcome_id)

    async def delete_everything(self) -> None:
        """Forget preferences, answers and results for good."""
        for key in await self._store.get_keys(PREFIX):
            await self._store.remove(key)

    async def _read(self, key: str) -> Any:
        text = await self._store.get(key)
        try:
            return json.loads(text) if isinstance(text, str) else None
        except ValueError:
            return None

    async def _write(self, key: str, value: Any) -> None:
        try:
            kept = await self._store.set(key, json.dumps(value, ensure_ascii=False))
        except RuntimeError as error:  # what Flet raises when the browser refuses
            raise _full() from error
        if not kept:
            raise _full()


def _full() -> StorageError:
    return StorageError(
        "The app must be able to store on this device; it refuses, most likely because its storage "
        "is full. Delete earlier results or free some space.",
        code="device_storage_full",
    )


def _to_entry(outcome: Outcome) -> dict[str, Any]:
    entry = asdict(outcome)
    if outcome.prediction.heatmap is not None:  # three digits are more than a screen can show
        rows = outcome.prediction.heatmap.values
        entry["prediction"]["heatmap"]["values"] = [[round(v, 3) for v in row] for row in rows]
    return {**entry, "picture": base64.b64encode(outcome.picture).decode()}


def _to_outcome(entry: Any) -> Outcome | None:
    try:
        return Outcome(
            id=str(entry["id"]),
            task=from_json(TaskResponse, entry["task"]),
            prediction=from_json(PredictionResponse, entry["prediction"]),
            answers=dict(entry["answers"]),
            picture=base64.b64decode(entry["picture"]),
            lesion=str(entry.get("lesion", "")),
            remind_on=str(entry.get("remind_on", "")),
        )
    except (KeyError, TypeError, ValueError):
        return None
