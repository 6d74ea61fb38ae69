"""The search of the plain network's settings, on the training side alone."""

from collections.abc import Callable

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.models.mlp_fit import MLPPlan, fit_mlp
from cancerapy.reproduce import Context
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.plain.drawn_images import DrawnImages
from cancerapy.reproduce.plain.network_part import inner_rows
from cancerapy.reproduce.plain.search_part import RAW, PlainSearchPart, chosen_settings
from cancerapy.training.progress import RichDisplay

WritePlan = Callable[..., str]
MakeContext = Callable[..., Context]
PLAN = {"iterations": 80, "record_every": 80, "n_hidden": 4}


@pytest.fixture
def images(toy_pair: Cancer) -> DrawnImages:
    return DrawnImages(lambda: toy_pair, n_train=40, n_test=16, size_px=8)


@pytest.fixture
def make_part(images: DrawnImages, write_plan: WritePlan) -> Callable[..., PlainSearchPart]:
    def make(**candidates: list[float]) -> PlainSearchPart:
        return PlainSearchPart(
            "search", images, write_plan("none", **PLAN), write_plan("search", **candidates)
        )

    return make


def test_each_kind_is_chosen_by_its_rule(
    make_part: Callable[..., PlainSearchPart], images: DrawnImages, make_context: MakeContext
) -> None:
    context = make_context()
    part = make_part(learning_rate=[1e-6, 0.02], dropout=[0.25, 0.5], l2=[0.01, 0.5, 5.0])
    found = part.run(context)
    assert [row["stage"] for row in found.curves] == [
        *[RAW] * 2,
        *["learning_rate"] * 2,
        *["dropout"] * 2,
        *["l2"] * 3,
    ]
    drawn = images.open(context, RichDisplay("toy"))
    fit, inner = inner_rows(drawn, seed=0)
    centre = drawn.inputs(fit).mean(axis=0)
    sides = [(drawn.inputs(rows) - centre, drawn.labels(rows)) for rows in (fit, inner)]
    for row in found.curves[2:]:
        name, value = str(row["stage"]), float(row["epoch"])
        plan = MLPPlan(**{**PLAN, "learning_rate": 0.02, name: value})
        expected = fit_mlp(*sides[0], plan, sides[1]).history[-1]
        assert row["loss"] == pytest.approx(expected["loss"], abs=2e-3)
        assert row["inner_loss"] == pytest.approx(expected["validation_loss"], abs=2e-3)
    chosen = chosen_settings(Findings(found.rows, {"search": found.curves}), "search")
    assert chosen["learning_rate"] == 0.02
    for name in ("dropout", "l2"):
        rows = [row for row in found.curves if row["stage"] == name]
        best = int(np.argmin([float(row["inner_loss"]) for row in rows]))
        assert chosen[name] == rows[best]["epoch"]
    (row,) = found.rows
    assert (row.figure.metric, row.figure.value) == ("n_settings", 9)
    assert row.origin.n == len(inner)


def test_what_diverges_is_not_chosen(
    make_part: Callable[..., PlainSearchPart], make_context: MakeContext
) -> None:
    part = make_part(learning_rate=[0.01, 1e30], dropout=[0.5], l2=[0.1])
    found = part.run(make_context())
    rates = [row["epoch"] for row in found.curves if row["stage"] == "learning_rate"]
    assert rates == [0.01]


def test_all_of_them_diverge(
    make_part: Callable[..., PlainSearchPart], make_context: MakeContext
) -> None:
    part = make_part(learning_rate=[1e30], dropout=[0.5], l2=[0.1])
    with pytest.raises(DataError, match=r"One 'learning_rate' at least .* all of \[1e\+30\] do"):
        part.run(make_context())
