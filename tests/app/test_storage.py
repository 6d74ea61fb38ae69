"""What is kept on the device comes back, and nothing breaks on what cannot be read."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.app import storage
from cancerapy.app.state import Outcome, Preferences, ThemeChoice
from cancerapy.app.storage import PREFERENCES, Notebook
from cancerapy.errors import StorageError


def test_preferences_come_back(store: Any) -> None:
    chosen = Preferences("ar", ThemeChoice.DARK, 1.5, "https://x", "secret", consented=True)
    notebook = Notebook(store)
    asyncio.run(notebook.save_preferences(chosen))
    assert asyncio.run(notebook.load_preferences()) == chosen


@pytest.mark.parametrize("text", ["", "{", '{"language": 3}', "[]"])
def test_what_cannot_be_read_counts_as_absent(store: Any, text: str) -> None:
    store.values[PREFERENCES] = text
    assert asyncio.run(Notebook(store).load_preferences()) == Preferences()


def test_answers_come_back(store: Any) -> None:
    notebook = Notebook(store)
    asyncio.run(notebook.save_answers({"toy": {"age": 50.0, "lens": "yes"}}))
    assert asyncio.run(notebook.load_answers()) == {"toy": {"age": 50.0, "lens": "yes"}}


def test_results_come_back_newest_first_with_their_heat_map(store: Any, outcome: Outcome) -> None:
    notebook = Notebook(store)
    older = replace(outcome, id="2025-01-01T00:00:00.000+00:00", picture=b"jpeg")
    asyncio.run(notebook.save_result(older))
    asyncio.run(notebook.save_result(outcome))
    found = asyncio.run(notebook.load_results())
    assert [kept.id for kept in found] == [outcome.id, older.id]
    assert found[1].picture == b"jpeg"
    assert found[0].prediction == outcome.prediction
    assert found[0].task == outcome.task


def test_the_agent_s_decision_comes_back_with_its_result(store: Any, weighed: Outcome) -> None:
    notebook = Notebook(store)
    asyncio.run(notebook.save_result(weighed))
    (found,) = asyncio.run(notebook.load_results())
    assert found.prediction.decision is not None
    assert found.prediction.decision.sentence == "Refer."
    assert found == weighed


def test_a_damaged_result_is_left_out(store: Any, outcome: Outcome) -> None:
    notebook = Notebook(store)
    asyncio.run(notebook.save_result(outcome))
    store.values[storage.RESULT + "2027"] = '{"id": "2027"}'
    assert [kept.id for kept in asyncio.run(notebook.load_results())] == [outcome.id]


def test_an_entry_without_later_fields_is_read(store: Any, outcome: Outcome) -> None:
    notebook = Notebook(store)
    asyncio.run(notebook.save_result(replace(outcome, lesion="arm")))
    (key,) = store.values
    entry = json.loads(store.values[key])
    del entry["lesion"], entry["remind_on"]
    store.values[key] = json.dumps(entry)
    assert asyncio.run(notebook.load_results()) == (outcome,)


def test_delete_everything_leaves_nothing_of_ours(store: Any, outcome: Outcome) -> None:
    store.values["other.app"] = "stays"
    notebook = Notebook(store)
    asyncio.run(notebook.save_result(outcome))
    asyncio.run(notebook.save_preferences(Preferences()))
    asyncio.run(notebook.delete_everything())
    assert store.values == {"other.app": "stays"}


def test_full_storage_is_told(store: Any, outcome: Outcome) -> None:
    store.is_full = True
    with pytest.raises(StorageError, match="storage is full") as caught:
        asyncio.run(Notebook(store).save_result(outcome))
    assert caught.value.code == "device_storage_full"
