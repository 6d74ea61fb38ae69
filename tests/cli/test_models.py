"""The list of bundles and their cards."""

import json
import shutil
from pathlib import Path

import pytest

from cancerapy.bundle.store import default_root
from cancerapy.cli.main import run
from cancerapy.cli.models import describe_figures

RESULTS = (
    {"task": "toy", "protocol": "grouped-5", "metric": "accuracy", "value": 0.8125},
    {"task": "toy", "protocol": "grouped-5", "metric": "sensitivity:a", "value": 0.1},
    {"task": "toy", "protocol": "grouped-5", "metric": "macro_auc", "value": 0.75},
    {"task": "toy", "protocol": "grouped-5", "metric": "malignancy_auc", "value": 0.9},
    {"task": "toy", "protocol": "grouped-5", "metric": "auc:a", "value": 0.3},
    {"task": "toy", "protocol": "external-x", "metric": "accuracy", "value": 0.5},
    {"task": "other", "protocol": "grouped-5", "metric": "accuracy", "value": 0.2},
)


def test_main_figures_stand_by_protocol() -> None:
    assert describe_figures(RESULTS, "toy") == (
        "accuracy 0.812, AUC 0.750, malignancy AUC 0.900 (grouped-5); accuracy 0.500 (external-x)"
    )
    assert describe_figures(RESULTS, "none") == "not evaluated"


def test_the_shipped_colorectal_model_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models"]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split()[:4] == ["model", "made", "task", "classes"]
    (line,) = [line for line in lines if line.startswith("colorectal-")]
    fields = json.loads((default_root() / line.split()[0] / "bundle.json").read_text())
    assert line.split()[1:4] == [fields["created"], "colorectal", "8"]
    assert "accuracy 0.8" in line


def test_the_card_is_the_bundles_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "card", "colorectal"]) == 0
    (folder,) = default_root().glob("colorectal-*")
    assert capsys.readouterr().out == (folder / "card.md").read_text()


def test_an_empty_folder_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "--bundles", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert out == "No usable bundle.\n"
    assert "cancerapy: skin: A model bundle for skin must be installed; there is none." in err
    assert run(["models", "--bundles", str(tmp_path), "card", "skin"]) == 1
    assert capsys.readouterr().err.endswith("[bundle_missing]\n")


def test_a_damaged_bundle_is_named_and_not_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder,) = default_root().glob("colorectal-*")
    shutil.copytree(folder, tmp_path / folder.name)
    (tmp_path / folder.name / "card.md").write_text("changed")
    assert run(["models", "--bundles", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert out == "No usable bundle.\n"
    assert "the content of 'card.md' is not what it was made with" in err


def test_the_nearest_cancer_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "card", "colorectl"]) == 2
    assert "Did you mean 'colorectal'?" in capsys.readouterr().err
