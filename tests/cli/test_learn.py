"""The steps of the loop on the command line; what they do is tested with the loop itself."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cancerapy.cancers import Cancer, load_cancer
from cancerapy.cli.main import run
from cancerapy.learning.session import NOT_SEARCHED


@pytest.fixture(autouse=True)
def _own_places(
    toy_cancer: Cancer,
    write_cancer: Callable[[Cancer, Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(toy_cancer, tmp_path / "cancers")))
    for name in ("home", "cache", "runs", "results", "bundles"):
        monkeypatch.setenv(f"CANCERAPY_{name.upper()}", str(tmp_path / name))


def test_an_empty_queue_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["learn", "queue"]) == 0
    assert capsys.readouterr() == ("", "0 wait for a reviewer\n")
    assert run(["learn", "queue", "--order", "random"]) == 2
    assert "No order named 'random'" in capsys.readouterr().err


def test_of_empty_records_an_empty_version_is_collected(
    toy_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["learn", "collect", "toy", "--data", str(toy_data)]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("toy-collected-1: 0 images, digest ")
    assert rest == [NOT_SEARCHED], "none found and none looked for are not the same"
    assert (tmp_path / "home" / "learning" / "toy" / "000001.json").is_file()


def test_how_many_shipped_labels_are_doubtful_is_told_where_they_were_searched(
    toy_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    task, right = load_cancer("toy").tasks[0], np.repeat([0, 1], 10)
    given = np.where(np.arange(20) == 3, 1 - right, right)
    sure = np.where(np.eye(len(task.classes))[right] == 1, 0.95, 0.05)
    outcome = SimpleNamespace(images=np.arange(20).astype(str), y_true=given, probabilities=sure)
    monkeypatch.setattr("cancerapy.learning.session.old_answers", lambda *_: {task.id: outcome})
    assert run(["learn", "collect", "toy", "--data", str(toy_data)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "1 labels of the shipped data are doubtful; all are in the version's file"


def test_collecting_needs_what_must_be_kept_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["learn", "collect", "toy"]) == 1
    assert "Collecting needs the folder of the data sets" in capsys.readouterr().err
    assert run(["learn", "collect", "toy", "--data", str(tmp_path)]) == 1
    assert "'toyset' is not in" in capsys.readouterr().err


def test_a_challenger_that_is_not_there_is_not_promoted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["learn", "promote", "toy-2"]) == 2
    assert "No model named 'toy-2'. Known: none." in capsys.readouterr().err


def test_the_simulation_needs_a_cancer_or_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in ([], ["toy", "--page"]):
        assert run(["learn", "simulate", *arguments]) == 2
        assert "The simulation needs the cancer" in capsys.readouterr().err
    assert run(["learn", "simulate", "--page", "--docs", str(tmp_path / "docs")]) == 0
    assert capsys.readouterr().out.split() == [str(tmp_path / "docs" / "learning.md")]


def test_a_clinic_needs_an_external_data_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["learn", "clinic", "toy", "--site", "nowhere"]) == 2
    assert "No data set named 'nowhere'. Known: toyset." in capsys.readouterr().err
    assert run(["learn", "clinic", "toy", "--site", "toyset"]) == 2
    assert "'toyset' trains the shipped model" in capsys.readouterr().err


def test_retraining_takes_no_value_that_no_plan_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["learn", "retrain", "toy", "--set", "dropuot=0.5"]) == 2
    assert "A plan has no field 'dropuot'" in capsys.readouterr().err
