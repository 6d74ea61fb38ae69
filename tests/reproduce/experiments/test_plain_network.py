"""What the chapter of the plain network says, from made-up findings, and that its plans are so."""

import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row
from cancerapy.reproduce import load_experiment
from cancerapy.reproduce.findings import Findings, read_findings
from cancerapy.reproduce.paired import difference_name
from cancerapy.reproduce.plain.plan_file import read_candidates, read_mlp_plan
from cancerapy.reproduce.plain.search_part import RAW, chosen_settings

ROOT = Path(__file__).parents[3]
PLANS = ROOT / "plans" / "reproduce" / "plain-network"
SEARCH = "search on the training side, CBIS-DDSM"
LEAKING, PLAIN = "no remedy, INbreast copies at random", "no remedy, CBIS-DDSM"
REMEDIES = [f"{name}, CBIS-DDSM" for name in ("more data", "dropout", "L2", "early stopping")]
CNN = "small CNN, CBIS-DDSM"


def _row(model: str, metric: str, *numbers: float) -> Row:
    value, low, high = (*numbers, math.nan, math.nan)[:3]
    origin = Origin(
        task="breast", protocol="p", leaking="", model=model, plan="", manifest="", split="",
        seed="0", groups=9, n=9, size="", machine="m", commit="c", command="", date="d",
    )  # fmt: skip
    return Row(origin, Figure(metric, value, low, high))


@pytest.fixture
def findings() -> Findings:
    rows = [
        _row(LEAKING, "training_accuracy", 0.99),
        _row(LEAKING, "accuracy", 0.81, 0.75, 0.87),
        _row(LEAKING, "malignancy_auc", 0.7, 0.6, 0.8),
        _row(LEAKING, "cpu_seconds", 172.4),
        _row(PLAIN, "training_accuracy", 0.998),
        _row(PLAIN, "accuracy", 0.52, 0.44, 0.6),
        _row(REMEDIES[1], "training_accuracy", 0.95),
        _row(REMEDIES[3], "iterations", 35),
        _row(CNN, "cpu_seconds", 250.0),
        _row(difference_name(REMEDIES[1], PLAIN), "accuracy", 0.02, -0.05, 0.09),
        _row(difference_name(REMEDIES[2], PLAIN), "accuracy", 0.08, 0.01, 0.15),
        _row(difference_name(CNN, PLAIN), "accuracy", -0.09, -0.17, -0.01),
    ]
    chosen: list[Mapping[str, float | str]] = [
        {"stage": RAW, "epoch": 0.001, "accuracy": 0.87, "chosen": 0.0},
        {"stage": RAW, "epoch": 0.003, "accuracy": 0.84, "chosen": 0.0},
        {"stage": "learning_rate", "epoch": 0.03, "accuracy": 1.0, "chosen": 0.0},
        {"stage": "learning_rate", "epoch": 0.01, "accuracy": 0.998, "chosen": 1.0},
        {"stage": "l2", "epoch": 0.3, "accuracy": 0.7, "chosen": 1.0},
    ]
    return Findings(rows, {SEARCH: chosen})


def test_the_conclusion_sets_our_figures_beside_the_reports(findings: Findings) -> None:
    text = load_experiment("plain-network").conclude(findings)
    assert "99.0 % in training and 81.0 % (75.0 to 87.0) in test on copies and" in text
    assert "99.8 % in training and 52.0 % (44.0 to 60.0) in test on CBIS-DDSM" in text
    assert "no learning rate came above 87.0 %" in text
    assert "840,015 weights for 510 images it learns them by heart" in text
    assert "71 of the 106 images behind the copies are malignant" in text
    assert "right for 67 %, as much as the report's 66 % and no more than ours" in text
    assert "The copies on both sides do help it to an AUC of 0.700 (0.600 to 0.800)." in text
    assert "chose: learning rate 0.01, l2 0.3." in text
    assert "dropout: no difference shown (2.0 points, -5.0 to 9.0), with 95.0 % in" in text
    assert "L2: better by 8.0 points (1.0 to 15.0), with not measured yet in training" in text
    assert "Shown to help: L2. (136 images do not show less than 7 points.)" in text
    assert "What they do (dropout) is to keep the network from learning its images by hea" in text
    assert "by heart: dropout takes the hidden units away in turns. That closes" in text
    assert "early stopping ends" not in text
    assert "172 s for 2000 iterations of the plain network, 250 s for 20 epochs" in text
    assert "worse by 9.0 points (1.0 to 17.0)" in text


def test_what_a_remedy_does_is_told_of_those_that_do_it(findings: Findings) -> None:
    lower = [_row(name, "training_accuracy", 0.9) for name in REMEDIES]
    text = load_experiment("plain-network").conclude(Findings([*lower, *findings.rows], {}))
    assert "What they do is to keep the network from learning its images by heart: L2 p" in text
    assert "early stopping ends after 35 iterations, and" not in text
    assert "early stopping ends after 35 iterations, more images are more to remember." in text
    higher = [_row(name, "training_accuracy", 1.0) for name in REMEDIES]
    text = load_experiment("plain-network").conclude(Findings([*higher, *findings.rows], {}))
    assert "None keeps the network from learning its images by heart." in text


def test_what_is_not_learnt_by_heart_is_not_said_to_be(findings: Findings) -> None:
    rows = [_row(PLAIN, "training_accuracy", 0.55), *findings.rows]
    text = load_experiment("plain-network").conclude(Findings(rows, {}))
    assert "it could learn them by heart" in text
    assert "it learns them by heart" not in text


def test_a_leak_that_does_not_show_is_said_not_to() -> None:
    rows = [
        _row(LEAKING, "accuracy", 0.57, 0.5, 0.64),
        _row(LEAKING, "malignancy_auc", 0.55, 0.42, 0.66),
    ]
    text = load_experiment("plain-network").conclude(Findings(rows, {}))
    assert "66 % and more than ours" in text
    assert "does not show in this network's AUC, 0.550 (0.420 to 0.660)" in text
    assert "do help it" not in text


def test_nothing_measured_is_said_to_be_so() -> None:
    text = load_experiment("plain-network").conclude(Findings([], {}))
    assert "chose: not measured yet" in text
    assert "The copies: not measured yet." in text
    assert "Shown to help" not in text
    assert "136 images do not show" not in text


def test_its_pictures_are_drawn(findings: Findings, tmp_path: Path) -> None:
    curves = [
        {"stage": "plain", "epoch": float(n), "accuracy": 0.5, "inner_accuracy": 0.5, "loss": 0.7,
         "inner_loss": 0.8} for n in range(3)
    ]  # fmt: skip
    measured = Findings(findings.rows, {**findings.curves, PLAIN: curves})
    for picture in load_experiment("plain-network").pictures:
        picture.draw(measured, tmp_path / picture.file, {"Source": measured.digest})
        assert (tmp_path / picture.file).stat().st_size > 5000


def test_the_plans_are_the_reports_network_with_one_remedy_each() -> None:
    none = read_mlp_plan(PLANS / "none.json")
    assert (none.n_hidden, none.iterations, none.dropout, none.l2) == (7, 2000, 0, 0)
    for name, remedy in (("dropout", "dropout"), ("l2", "l2"), ("early-stopping", "patience")):
        plan = read_mlp_plan(PLANS / f"{name}.json")
        changed = {key for key in vars(none) if getattr(plan, key) != getattr(none, key)}
        assert changed - {"record_every"} == {remedy}


def test_the_plans_hold_what_the_search_has_chosen() -> None:
    measured = read_findings(ROOT / "results", "plain-network")
    chosen = chosen_settings(measured, SEARCH)
    listed = read_candidates(PLANS / "search.json")
    assert chosen == {
        "learning_rate": read_mlp_plan(PLANS / "none.json").learning_rate,
        "dropout": read_mlp_plan(PLANS / "dropout.json").dropout,
        "l2": read_mlp_plan(PLANS / "l2.json").l2,
    }
    assert all(chosen[name] in listed[name] for name in chosen)
