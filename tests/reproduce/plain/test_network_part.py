"""The part of the plain network on a tiny synthetic set."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.evaluation.predictions import read_predictions
from cancerapy.models import mlp
from cancerapy.models.mlp_fit import MLPPlan, fit_mlp
from cancerapy.reproduce import Context, Yield
from cancerapy.reproduce.plain.drawn_images import Drawn, DrawnImages
from cancerapy.reproduce.plain.network_part import PlainNetworkPart, inner_rows
from cancerapy.training.progress import RichDisplay

WritePlan = Callable[..., str]
MakeContext = Callable[..., Context]
PLAN = {"iterations": 60, "learning_rate": 0.02, "record_every": 10, "seed": 2}


@pytest.fixture
def images(toy_pair: Cancer) -> DrawnImages:
    return DrawnImages(lambda: toy_pair, n_train=36, n_test=20, size_px=8)


@pytest.fixture
def drawn(images: DrawnImages, make_context: MakeContext) -> Drawn:
    return images.open(make_context(), RichDisplay("toy"))


def _values(found: Yield) -> dict[str, float]:
    return {row.figure.metric: row.figure.value for row in found.rows}


@pytest.mark.parametrize("in_span", [False, True])
def test_predictions_are_those_of_the_network_trained_by_hand(
    in_span: bool,
    images: DrawnImages,
    drawn: Drawn,
    make_context: MakeContext,
    write_plan: WritePlan,
) -> None:
    context = make_context()
    part = PlainNetworkPart("no remedy", images, write_plan("none", **PLAN), in_span)
    found = part.run(context)
    train, test = drawn.split.train, drawn.split.test
    centre = drawn.inputs(train).mean(axis=0)
    fit = fit_mlp(drawn.inputs(train) - centre, drawn.labels(train), MLPPlan(**PLAN))
    logits = mlp.forward(fit.weights, drawn.inputs(test) - centre)[1]
    written = read_predictions(part.predictions(context))
    np.testing.assert_allclose(written.logits[:, 1], logits, rtol=0, atol=1e-3)
    assert not written.logits[:, 0].any()
    assert written.labels["finding"].tolist() == drawn.labels(test).tolist()
    values = _values(found)
    # The squares differ enough for the test part to be told apart better than by chance.
    assert values["accuracy"] == np.mean((logits > 0) == drawn.labels(test)) > 0.6
    assert values["training_accuracy"] == pytest.approx(fit.history[-1]["accuracy"])
    assert values["iterations"] == 60
    if in_span:
        assert not {"cpu_seconds", "training_seconds"} & values.keys()
    else:
        assert 0 < values["cpu_seconds"] < 60
    assert [row["epoch"] for row in found.curves] == [0, 10, 20, 30, 40, 50, 60]
    assert found.curves[-1]["inner_accuracy"] == pytest.approx(values["accuracy"])
    assert {row.origin.protocol for row in found.rows} == {"drawn-36-20"}
    assert {row.origin.n for row in found.rows} == {20}
    assert {row.origin.groups for row in found.rows} == {10}
    assert {row.origin.leaking for row in found.rows} == {""}


@pytest.mark.parametrize("in_span", [False, True])
def test_a_patience_watches_an_inner_part_and_not_the_test_part(
    in_span: bool,
    images: DrawnImages,
    drawn: Drawn,
    make_context: MakeContext,
    write_plan: WritePlan,
) -> None:
    values = {**PLAN, "iterations": 400, "learning_rate": 0.05, "patience": 40}
    plan = write_plan("stop", **values)
    found = PlainNetworkPart("stopped", images, plan, in_span).run(make_context())
    fit, inner = inner_rows(drawn, seed=2)
    assert sorted([*fit, *inner]) == drawn.split.train.tolist()
    assert not set(drawn.manifest.groups[fit]) & set(drawn.manifest.groups[inner])
    watched = [float(row["inner_loss"]) for row in found.curves]
    best = int(np.argmin(watched))
    assert _values(found)["iterations"] == found.curves[best]["epoch"]
    assert _values(found)["training_accuracy"] == pytest.approx(found.curves[best]["accuracy"])
    first = found.curves[0]["inner_accuracy"]
    assert first * len(inner) == pytest.approx(round(first * len(inner)))


def test_a_leaking_part_says_so(
    images: DrawnImages, make_context: MakeContext, write_plan: WritePlan
) -> None:
    leaking = replace(images, leaking=True)
    found = PlainNetworkPart("leaking", leaking, write_plan("none", **PLAN)).run(make_context())
    assert {row.origin.leaking for row in found.rows} == {"LEAKING"}
    assert {row.origin.protocol for row in found.rows} == {"drawn-36-20-LEAKING"}


def test_a_quick_run_takes_few_iterations_and_marks_its_rows(
    images: DrawnImages, make_context: MakeContext, write_plan: WritePlan
) -> None:
    plan = write_plan("none", iterations=2000)
    found = PlainNetworkPart("no remedy", images, plan).run(make_context(quick=True))
    assert _values(found)["iterations"] == 40
    assert {row.origin.protocol for row in found.rows} == {"quick-drawn-36-20"}
