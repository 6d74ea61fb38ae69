"""``cancerapy evaluate``: options, exit statuses, and what is written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.cli.main import run
from cancerapy.evaluation.predictions import write_fold
from cancerapy.evaluation.rows import read_rows


@pytest.fixture
def results(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    toy_cancer: Cancer,
    write_cancer: Callable[[Cancer, Path], Path],
) -> Path:
    """Return a results folder with the predictions of two folds, of which 3 in 4 are right."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(toy_cancer, tmp_path / "cancers")))
    monkeypatch.delenv("CANCERAPY_DATA", raising=False)
    folder = tmp_path / "results" / "predictions" / "toy-grouped-2"
    for fold in (1, 2):
        labels = np.arange(40) % 2
        guesses = np.where(np.arange(40) % 8 < 2, 1 - labels, labels)
        logits = np.eye(2, dtype=np.float32)[guesses] * 2
        images = [f"{fold}-{i:02d}.png" for i in range(40)]
        write_fold(
            folder / f"fold-{fold}.csv",
            images,
            np.array([f"patient-{fold}-{i // 2}" for i in range(40)]),
            f"fold-{fold}",
            toy_cancer.network.factors,
            {"finding": labels},
            logits,
        )
    noted = {
        "folds": ["fold-1", "fold-2"],
        "leaking": False,
        "plan_digest": "p1",
        "plan": {"backbone": "SmallCNN"},
    }
    (folder / "protocol.json").write_text(json.dumps(noted))
    return tmp_path / "results"


def _evaluate(results: Path, *words: str) -> int:
    return run(["evaluate", "toy", "--results", str(results), "--resamples", "100", *words])


def test_rows_and_tables_are_written(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _evaluate(results, "--report", str(results / "html")) == 0
    out, err = capsys.readouterr()
    assert f"written: {results / 'toy.csv'}" in err
    assert "or no data folder holds them (--data FOLDER or CANCERAPY_DATA)." in err
    assert str(results / "html" / "toy-grouped-2.html") in out
    found = {row.figure.metric: row.figure.value for row in read_rows(results / "toy.csv")}
    assert found["accuracy"] == pytest.approx(0.75)
    assert (results / "README.md").exists()


def test_nothing_is_written_on_request(results: Path) -> None:
    assert _evaluate(results, "--no-write") == 0
    assert not (results / "toy.csv").exists()


def test_tables_alone_need_no_cancer(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _evaluate(results) == 0
    (results / "README.md").unlink()
    capsys.readouterr()
    assert run(["evaluate", "--tables", "--results", str(results)]) == 0
    assert str(results / "README.md") in capsys.readouterr().out.splitlines()
    assert "`toy`" in (results / "README.md").read_text()


def test_folders_are_measured_as_one_ensemble(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = results / "predictions" / "toy-grouped-2"
    other = results / "other" / "toy-grouped-2"
    shutil.copytree(own, other)
    words = ["--ensemble", str(own), "--ensemble", str(other)]
    assert _evaluate(results, *words) == 0
    assert "against SmallCNN (2)" in capsys.readouterr().out
    rows = read_rows(results / "toy.csv")
    assert {row.origin.model for row in rows} == {"ensemble: SmallCNN + SmallCNN"}
    assert _evaluate(results, *words, "--predictions", str(own)) == 2
    assert "and so does --predictions. Leave one" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("words", "status", "text"),
    [
        ([], 2, "Name the cancer to evaluate, or give --tables. [usage]"),
        (["skinn"], 2, "Did you mean 'skin'? [unknown_cancer]"),
        (["toy", "--protocol", "slides"], 1, "[predictions_missing]"),
        (["toy", "--resamples", "5"], 2, "Invalid value"),
    ],
)
def test_wrong_use_is_explained(
    results: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    text: str,
) -> None:
    assert run(["evaluate", *words, "--results", str(results)]) == status
    err = capsys.readouterr().err
    assert text in err
    assert "Traceback" not in err
