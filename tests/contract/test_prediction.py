"""The answer to one image."""

import dataclasses
import json

import pytest

from cancerapy.contract import (
    STATEMENT,
    Advice,
    ClassProbability,
    HeatMap,
    Malignancy,
    Prediction,
    Reason,
    Timings,
    Verdict,
    to_dict,
)
from cancerapy.contract.responses import PredictionResponse


@pytest.fixture
def prediction() -> Prediction:
    """An answer with every part filled."""
    return Prediction(
        task="skin",
        cancer="skin",
        model="skin-1",
        image_sha256="0" * 64,
        classes=(
            ClassProbability("mel", "Melanoma (mel)", 0.25),
            ClassProbability("nv", "Melanocytic nevi (nv)", 0.75),
        ),
        predicted_class="nv",
        predicted_label="Melanocytic nevi (nv)",
        confidence=75.0,
        malignancy=Malignancy(0.25, "sensitivity_90", 0.1, True, 0.9, 0.6),
        density=None,
        conformal_set=("mel", "nv"),
        coverage=0.9,
        verdict=Verdict.UNSURE,
        reasons=(Reason("conformal", "Two classes are possible."),),
        advice=Advice("unsure", "Let a dermatologist look at it."),
        timings=Timings(1.0, 2.0, 3.0, 6.0),
        heatmap=HeatMap("nv", ((0.0, 1.0), (0.5, 0.25))),
    )


def test_plain_values_survive_json(prediction: Prediction) -> None:
    values = json.loads(json.dumps(to_dict(prediction)))
    assert list(values) == [spec.name for spec in dataclasses.fields(Prediction)]
    assert values["classes"][1] == {
        "id": "nv",
        "label": "Melanocytic nevi (nv)",
        "probability": 0.75,
    }
    assert values["malignancy"]["is_positive"] is True
    assert values["verdict"] == "unsure"
    assert values["density"] is None
    assert values["heatmap"]["values"] == [[0.0, 1.0], [0.5, 0.25]]
    assert values["reasons"] == [{"code": "conformal", "text": "Two classes are possible."}]


def test_the_standing_line_is_always_there(prediction: Prediction) -> None:
    assert to_dict(prediction)["statement"] == STATEMENT
    assert STATEMENT.startswith("Machine guess, not a diagnosis.")


def test_verdicts() -> None:
    assert [str(verdict) for verdict in Verdict] == ["answer", "unsure", "rejected"]


def test_an_answer_cannot_be_changed(prediction: Prediction) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        prediction.confidence = 99.0


def test_the_response_is_the_prediction_and_a_picture(prediction: Prediction) -> None:
    response = PredictionResponse.of(prediction, heatmap_png="aGVhdA==")
    values = to_dict(response)
    assert values.pop("heatmap_png") == "aGVhdA=="
    assert values.pop("decision") is None  # none was asked for
    assert values == to_dict(prediction)
    assert PredictionResponse.of(prediction).heatmap_png is None
