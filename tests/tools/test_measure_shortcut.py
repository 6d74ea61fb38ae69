"""The rows of the shortcut's measurement, and that the page says what they say."""

import csv
import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, roc_auc_score

from cancerapy.cancers import load_cancer
from cancerapy.evaluation.calibration import cross_fitted
from cancerapy.evaluation.outcome import with_factor_tasks
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.record import ProtocolRecord
from cancerapy.preprocess.steps import list_steps

ROOT = Path(__file__).parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "measure_shortcut.py"))
ROWS = {name: network.results for name, network in TOOL["NETWORKS"].items()}
PAGE = ROOT / "docs" / "explanation" / "shortcut.md"
CANCER = with_factor_tasks(load_cancer("breast"))


def predictions(strength: float, seed: int) -> OutOfFold:
    """Return made-up answers to 200 films of 100 patients that grow with the truth."""
    rng = np.random.default_rng(0)
    labels = {"malignancy": rng.integers(0, 2, 200), "density": rng.integers(0, 4, 200)}
    logits = np.random.default_rng(seed).normal(size=(200, 6))
    logits[np.arange(200), labels["malignancy"]] += strength
    logits[np.arange(200), 2 + labels["density"]] += strength
    return OutOfFold(
        np.array([f"{number:03}" for number in range(200)]),
        np.array([f"patient-{number // 2:02}" for number in range(200)]),
        np.array([f"fold-{number // 2 % 2}" for number in range(200)]),
        CANCER.network,
        labels,
        logits.astype(np.float32),
    )


def read_shortcut(network: str = "first") -> dict[tuple[str, str, str, str], dict[str, str]]:
    """Return the lines of the results file by protocol, task, input and metric."""
    with ROWS[network].open(encoding="utf-8", newline="") as stream:
        keys = ("protocol", "task", "model", "metric")
        return {tuple(row[key] for key in keys): row for row in csv.DictReader(stream)}


def test_every_input_is_made_by_known_steps() -> None:
    used = {step for steps in TOOL["INPUTS"].values() for step in steps}
    assert used == {"keep_breast", "blank_breast", "draw_outline", "crop_to_breast"}
    assert used <= set(list_steps())
    assert TOOL["INPUTS"]["whole film"] == load_cancer("breast").input.steps


def test_inputs_and_their_differences_have_rows() -> None:
    answers = {
        name: cross_fitted(predictions(strength, seed), CANCER)
        for name, strength, seed in (("whole film", 2.0, 1), ("outside only", 0.5, 2))
    }
    record = ProtocolRecord("grouped-5", False, (), "net", "plan", "manifest", "split", "0", {})
    rows = TOOL["rows_of_inputs"](answers, record, "python tools/measure_shortcut.py")
    by_key = {(r.origin.task, r.origin.model, r.figure.metric): r for r in rows}
    names = {"whole film", "outside only", "outside only minus whole film"}
    assert {r.origin.model for r in rows} == names
    assert len(rows) == len(by_key) == 3 * 2 * 3  # inputs and difference, tasks, figures each
    for name in ("whole film", "outside only"):
        outcome = answers[name]["breast"].outcome
        own = by_key["breast", name, "malignancy_auc"].figure.value
        assert own == pytest.approx(roc_auc_score(outcome.y_true, outcome.probabilities[:, 1]))
        outcome = answers[name]["breast/density"].outcome
        own = by_key["breast/density", name, "accuracy"].figure.value
        assert own == pytest.approx(accuracy_score(outcome.y_true, outcome.y_pred))
    difference = by_key["breast", "outside only minus whole film", "malignancy_auc"]
    parts = [by_key["breast", name, "malignancy_auc"].figure.value for name in answers]
    assert difference.figure.value == pytest.approx(parts[1] - parts[0])
    assert difference.figure.low < difference.figure.value < difference.figure.high < 0
    assert (difference.origin.n, difference.origin.groups) == (200, 100)
    assert (difference.origin.plan, difference.origin.split) == ("plan", "split")


@pytest.mark.parametrize(
    ("page", "inputs"),
    [
        ("README.md", ("whole film", "breast only", "outside only")),
        ("docs/explanation/worthless-accuracy.md", ("whole film", "outside only")),
        ("docs/explanation/middle-layers.md", ("breast only", "outside only")),
        ("docs/data/cbis_ddsm.md", ("breast only", "outside only")),
        ("results/negative.md", ("whole film", "breast only", "outside only")),
    ],
)
def test_other_pages_name_the_same_figures(page: str, inputs: tuple[str, ...]) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = read_shortcut()
    for name in inputs:
        value = float(rows["grouped-5", "breast", name, "malignancy_auc"]["value"])
        assert f" {value:.3f}" in text, name


@pytest.mark.parametrize(("network", "table"), [("first", 0), ("second", 1)])
def test_the_page_says_what_the_rows_say(network: str, table: int) -> None:
    rows = read_shortcut(network)
    shown = {
        ("grouped-5", "breast", "malignancy_auc"): 1,
        ("grouped-5", "breast/density", "accuracy"): 100,
        ("external-inbreast", "breast", "malignancy_auc"): 1,
    }
    text = PAGE.read_text(encoding="utf-8")
    for name in TOOL["INPUTS"]:
        lines = re.findall(rf"^\| {name} \|(.*)\|$", text, flags=re.MULTILINE)
        assert len(lines) == len(ROWS), name
        cells = [cell.strip() for cell in lines[table].split("|")]
        expected = []
        for (protocol, task, metric), factor in shown.items():
            row = rows[protocol, task, name, metric]
            numbers = [factor * float(row[column]) for column in ("value", "low", "high")]
            digits = 3 if factor == 1 else 1
            expected.append("{:.{d}f} ({:.{d}f} to {:.{d}f})".format(*numbers, d=digits))
        assert cells == expected
