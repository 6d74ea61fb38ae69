"""A network of Keras beside the plain one, on the same images."""

from collections.abc import Callable
from dataclasses import replace

import keras
import pytest

from cancerapy.cancers import Cancer
from cancerapy.evaluation.predictions import read_predictions
from cancerapy.reproduce import Context
from cancerapy.reproduce.paired import PairedPart
from cancerapy.reproduce.plain.cnn_part import DrawnCnnPart
from cancerapy.reproduce.plain.drawn_images import DrawnImages
from cancerapy.reproduce.plain.network_part import PlainNetworkPart

PLAN = {
    "backbone": "SmallCNN",
    "weights": "none",
    "height": 16,
    "width": 16,
    "freeze_to": "none",
    "head_epochs": 0,
    "epochs": 2,
    "inner_fraction": 0.0,
}


@pytest.fixture
def images(toy_pair: Cancer) -> DrawnImages:
    return DrawnImages(lambda: toy_pair, n_train=36, n_test=20, size_px=8)


def test_it_is_trained_on_the_same_images_and_compared_in_pairs(
    images: DrawnImages, make_context: Callable[..., Context], write_plan: Callable[..., str]
) -> None:
    keras.config.set_dtype_policy("float32")
    context = make_context()
    cnn = DrawnCnnPart("small CNN", images, write_plan("cnn", **PLAN))
    plain = PlainNetworkPart("no remedy", images, write_plan("none", iterations=20))
    found, other = cnn.run(context), plain.run(context)
    written, rival = (read_predictions(part.predictions(context)) for part in (cnn, plain))
    assert written.images.tolist() == rival.images.tolist()
    values = {row.figure.metric: row.figure.value for row in found.rows}
    assert 0 < values["cpu_seconds"] < 600
    assert len(found.curves) == 2
    difference = PairedPart(cnn, plain).run(context)
    assert {row.origin.model for row in difference.rows} == {"small CNN minus no remedy"}
    others = {row.figure.metric: row.figure.value for row in other.rows}
    of_pair = {row.figure.metric: row.figure for row in difference.rows}
    expected = values["accuracy"] - others["accuracy"]
    assert of_pair["accuracy"].value == pytest.approx(expected)
    assert of_pair["accuracy"].low <= expected <= of_pair["accuracy"].high


def test_a_second_run_measures_the_whole_training_again(
    images: DrawnImages, make_context: Callable[..., Context], write_plan: Callable[..., str]
) -> None:
    context = make_context(quick=True)
    part = DrawnCnnPart("small CNN", replace(images), write_plan("cnn", **PLAN))
    for _ in range(2):
        found = part.run(context)
        assert len(found.curves) == 1
        seconds = [r.figure.value for r in found.rows if r.figure.metric == "training_seconds"]
        assert seconds[0] > 0
