"""The card says what the fields of the bundle and the cancer's file say, and no more."""

from dataclasses import replace

import pytest

from cancerapy.bundle.schema import BundleFields, OperatingPoint, QualityLimits
from cancerapy.cancers import Cancer
from cancerapy.contract import STATEMENT
from cancerapy.export.card import write_card
from cancerapy.export.parity import Parity

POINT = OperatingPoint("sensitivity_90", 0.4321, 0.9, (0.8, 0.95), 0.7, (0.6, 0.8))


def _result(metric: str, value: float) -> dict[str, object]:
    return {
        "task": "toy",
        "protocol": "grouped-2",
        "metric": metric,
        "value": value,
        "low": value - 0.125,
        "high": value + 0.125,
        "command": "cancerapy evaluate toy",
    }


@pytest.fixture
def fields(toy_fields: BundleFields) -> BundleFields:
    """The fields of a bundle of the toy cancer."""
    parities = [
        Parity("toyset", 16, 0.00123, 0.000456, 0.0625, 0.75, 0.8125),
        Parity("phantoms", 4, 0.0, 0.0, 0.0),
    ]
    task = replace(
        toy_fields.tasks[0],
        operating_point=POINT,
        conformal_thresholds={"dark": 0.5, "light": 0.625},
        conformal_kind={"dark": "class", "light": "marginal"},
        min_confidence=0.55,
    )
    return replace(
        toy_fields,
        version="3",
        input=replace(toy_fields.input, steps=("stretch_contrast",)),
        tasks=(task,),
        quality=QualityLimits(1.5, (2.0, 250.0), 3.0, 4.25, (5.0, 200.0)),
        results=(_result("accuracy", 0.75), _result("log_loss", 0.5)),
        provenance={
            "backbone": "SmallCNN",
            "precision": "float16",
            "flips": "horizontal",
            "plan": {"epochs": 3, "augmentation": ["flip_h"]},
            "parity": [parity.to_dict() for parity in parities],
        },
        licences={"code": "Apache-2.0", "data": "CC0-1.0"},
    )


def _part(card: str, heading: str) -> str:
    """Return what stands below a heading of the second rank."""
    after = card.split(f"\n## {heading}\n\n")[1]
    return after.split("\n\n## ")[0].rstrip("\n")


def test_the_head_names_the_model_and_warns(fields: BundleFields, toy_cancer: Cancer) -> None:
    card = write_card(fields, toy_cancer)
    head = card.split("\n## ")[0]
    assert head == "\n".join(
        [
            "# Toy cancer: model toy-3",
            "",
            f"> {STATEMENT}",
            "",
            "For tests.",
            "",
            "|  |  |",
            "|---|---|",
            "| made | 2026-01-02 |",
            "| input | RGB 32 x 48 px, crop, after stretch_contrast |",
            "| backbone | SmallCNN |",
            "| precision | float16 |",
            "| test-time flips | horizontal |",
            "",
        ]
    )
    assert card.endswith("|\n")


def test_every_class_is_explained(fields: BundleFields, toy_cancer: Cancer) -> None:
    answers = _part(write_card(fields, toy_cancer), "What it answers").splitlines()
    assert answers[0] == "### `toy`: Toy"
    assert answers[4:6] == [
        "| Dark | . | yes | 0.500 (class) |",
        "| Light | . | no | 0.625 (marginal) |",
    ]
    assert answers[-1] == (
        "Malignancy is called from 0.432 on (`sensitivity_90`): sensitivity 0.900 (0.800 to "
        "0.950), specificity 0.700 (0.600 to 0.800), out of fold."
    )


def test_no_operating_point_no_sentence(fields: BundleFields, toy_cancer: Cancer) -> None:
    (task,) = fields.tasks
    plain = replace(fields, tasks=(replace(task, operating_point=None),))
    assert "Malignancy is called" not in write_card(plain, toy_cancer)


def test_the_main_figures_are_shown_with_their_intervals(
    fields: BundleFields, toy_cancer: Cancer
) -> None:
    rows = _part(write_card(fields, toy_cancer), "How good it is").splitlines()[-1]
    assert rows == "| toy | grouped-2 | accuracy | 0.75 | 0.625 to 0.875 |"
    assert "log_loss" not in write_card(fields, toy_cancer)


@pytest.mark.parametrize("results", [(), (_result("log_loss", 0.5),)])
def test_without_figures_it_says_so(
    fields: BundleFields, toy_cancer: Cancer, results: tuple[dict[str, object], ...]
) -> None:
    card = write_card(replace(fields, results=results), toy_cancer)
    assert _part(card, "How good it is") == (
        "Not evaluated: no result rows were there when the bundle was made."
    )


def test_gates_and_limits_are_those_of_the_bundle(fields: BundleFields, toy_cancer: Cancer) -> None:
    card = write_card(fields, replace(toy_cancer, limits=("Squares only.", "No circles.")))
    gates = _part(card, "When it does not answer")
    for text in (
        "sharpness below 1.5, brightness outside 2 to 250, contrast below 3, saturation outside 5",
        "to 200, or distance from the training images above 4.25",
        "`toy` is unsure: more or less than one class left at 90% coverage",
        "the most probable class below 55%",
    ):
        assert text in gates
    assert _part(card, "On whom it was not measured") == "- Squares only.\n- No circles."


def test_parity_and_origin(fields: BundleFields, toy_cancer: Cancer) -> None:
    card = write_card(fields, toy_cancer)
    parity = _part(card, "Is the served graph the trained network?").splitlines()
    assert parity[2:4] == [
        "| toyset | 16 | 0.00123 | 0.000456 | 6.25% | 0.7500 | 0.8125 |",
        "| phantoms | 4 | 0.00000 | 0.000000 | 0.00% |  |  |",
    ]
    origin = _part(card, "Where it comes from").splitlines()
    assert origin[2:] == [
        "| backbone | `SmallCNN` |",
        "| precision | `float16` |",
        "| flips | `horizontal` |",
        "| plan: epochs | `3` |",
        '| plan: augmentation | `["flip_h"]` |',
        "| licence: code | Apache-2.0 |",
        "| licence: data | CC0-1.0 |",
        "| licence: this model | MIT |",
    ]


def test_a_distilled_network_says_that_its_figures_are_not_its_own(
    fields: BundleFields, toy_cancer: Cancer
) -> None:
    assert "labels alone" not in write_card(fields, toy_cancer)
    told = {"teachers": ["SmallCNN p1"], "teachers_digest": "d1"}
    for provenance in ({**fields.provenance, **told}, {"members": [{}, told]}):
        card = write_card(replace(fields, provenance=provenance), toy_cancer)
        part = _part(card, "How good it is")
        assert "those of the same plan trained on labels alone. The network that is served" in part


def test_the_networks_of_an_ensemble_are_told_one_by_one(
    fields: BundleFields, toy_cancer: Cancer
) -> None:
    members = [{"backbone": "A", "plan": {"epochs": 3}}, {"backbone": "B", "plan": {"epochs": 4}}]
    provenance = {"backbone": "A + B", "members": members}
    card = write_card(replace(fields, provenance=provenance), toy_cancer)
    rows = _part(card, "Where it comes from").splitlines()
    assert rows[2:7] == [
        "| backbone | `A + B` |",
        "| member 1: backbone | `A` |",
        "| member 1: plan: epochs | `3` |",
        "| member 2: backbone | `B` |",
        "| member 2: plan: epochs | `4` |",
    ]
