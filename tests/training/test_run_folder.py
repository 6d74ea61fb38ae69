"""What a run folder holds, and what is said where there is none; the progress lines."""

import csv
import json
from pathlib import Path

import pytest

from cancerapy.cancers import load_cancer
from cancerapy.errors import DataError
from cancerapy.training.plan import resolve_plan
from cancerapy.training.run_folder import RunFolder


def test_plan_facts_outcome_and_history_are_read_back(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "skin-1" / "final")
    plan = resolve_plan(load_cancer("skin"))
    run.write_plan(plan, {"seed": 3})
    assert resolve_plan(load_cancer("skin"), run.read_plan()) == plan
    facts = run.read_facts()
    assert facts["seed"] == 3
    assert {"command", "date", "cancerapy", "commit", "keras", "machine", "python"} <= set(facts)
    run.write_outcome({"best_epoch": 4})
    assert run.read_facts() == {**facts, "best_epoch": 4}
    run.write_history([{"stage": "head", "loss": 1.5}, {"stage": "last layers", "score": 0.5}])
    with (run.path / "history.csv").open() as file:
        assert list(csv.DictReader(file)) == [
            {"stage": "head", "loss": "1.5", "score": ""},
            {"stage": "last layers", "loss": "", "score": "0.5"},
        ]
    assert json.loads((run.path / "plan.json").read_text())["cancer"] == "skin"


def test_no_run_is_explained(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"^A run folder must hold a readable plan\.json; "
    ) as caught:
        RunFolder(tmp_path).read_plan()
    assert caught.value.code == "run_missing"


def test_the_command_is_kept_without_places_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["/bin/cancerapy", "train", "skin", "--data", "/home/ada/data", "--set", "epochs=3"]
    monkeypatch.setattr("sys.argv", words)
    run = RunFolder(tmp_path)
    run.write_plan(resolve_plan(load_cancer("skin")), {})
    # A bundle repeats it in its card.
    assert run.read_facts()["command"] == "cancerapy train skin --data data --set epochs=3"
