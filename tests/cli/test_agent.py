"""The commands ``agent fit`` and ``agent measure`` on made-up predictions."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.cancers._registry import PATH_VARIABLE
from cancerapy.cli.main import run
from cancerapy.evaluation.predictions import write_fold
from cancerapy.policy.page import END, START


@pytest.fixture
def results(
    toy_cancer: Cancer,
    write_cancer: Callable[[Cancer, Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Return a results folder with predictions of 90 patients of the toy cancer."""
    monkeypatch.setenv(PATH_VARIABLE, str(write_cancer(toy_cancer, tmp_path / "cancers")))
    generator = np.random.default_rng(0)
    folder = tmp_path / "results" / "predictions" / "toy-grouped-3"
    for fold in range(3):
        truth = generator.integers(0, 2, 60)
        logits = generator.normal(size=(60, 2)) + 1.5 * np.eye(2)[truth]
        write_fold(
            folder / f"fold-{fold + 1}.csv",
            [f"{fold}-{row}.png" for row in range(60)],
            [f"{fold}-{row}" for row in range(60)],
            f"fold-{fold + 1}",
            toy_cancer.network.factors,
            {"finding": truth},
            logits,
        )
    return tmp_path / "results"


def test_fit_writes_beside_the_cancers_file(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["agent", "fit", "toy", "--results", str(results)]) == 0
    file = Path(capsys.readouterr().out.strip())
    assert file == results.parent / "cancers" / "evidence" / "toy.json"
    evidence = json.loads(file.read_text(encoding="utf-8"))
    assert evidence["values"] == ["dark", "light"]
    assert evidence["correlation"] is None  # one image each
    assert 1 < evidence["separation"] < 4  # two normals 1.5 sqrt(2) apart


def test_fit_writes_where_it_is_told(results: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    assert run(["agent", "fit", "toy", "--results", str(results), "-o", str(file)]) == 0
    assert file.is_file()


def test_measure_writes_rows_and_tables(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "docs" / "agent.md"
    page.parent.mkdir()
    page.write_text(f"# Mine\n\n{START}\n{END}\n")
    docs = ["--docs", str(page.parent), "--prevalence", "0.013"]
    assert run(["agent", "measure", "toy", "--results", str(results), *docs]) == 0
    written = capsys.readouterr().out.split()
    assert [Path(file).name for file in written] == ["toy.csv", "agent-toy.png", "agent.md"]
    assert "| always refer |" in page.read_text()
    assert "Malignant findings: 1.3 %" in page.read_text()


def test_predictions_are_needed(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agent", "fit", "skin", "--results", str(results)]) == 1
    assert "[predictions_missing]" in capsys.readouterr().err
