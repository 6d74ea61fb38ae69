"""A challenger's recipe is that of the served bundle, down to its flips and its compression."""

import io
import runpy
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cancerapy.bundle.schema import BundleFields
from cancerapy.bundle.store import CARD_FILE, MODEL_FILE, STATS_FILE, Stats, write_bundle
from cancerapy.cancers import Cancer, list_cancers, load_cancer
from cancerapy.errors import PlanError, UsageError
from cancerapy.learning.recipe import DEFAULT_PROTOCOL, read_recipe
from cancerapy.training.plan import Plan, resolve_plan

_GRAPH = Path(__file__).parents[1] / "bad_input" / "toy_graph.py"
Serve = Callable[[Mapping[str, Any]], Path]


@pytest.fixture
def serve(toy_fields: BundleFields, tmp_path: Path) -> Serve:
    """Return a function that writes a bundle that was made so, and returns its folder's folder."""

    def write(provenance: Mapping[str, Any]) -> Path:
        weight = np.full((32, 48, 3), 1 / 255, np.float32)
        graph: bytes = runpy.run_path(str(_GRAPH))["write_graph"](
            weight, np.ones((2, 3), np.float32)
        )
        stats = io.BytesIO()
        np.savez(stats, **asdict(Stats(np.zeros(3), np.ones(3), np.eye(3), np.eye(3), 1.0)))
        files = {MODEL_FILE: graph, STATS_FILE: stats.getvalue(), CARD_FILE: b"# Toy\n"}
        root = tmp_path / "bundles"
        write_bundle(root, replace(toy_fields, provenance=provenance), files)
        return root

    return write


def _member(plan: Plan, **told: str) -> dict[str, Any]:
    return {"plan": plan.without_place, "plan_digest": plan.digest, "flips": plan.flips, **told}


def test_of_an_ensemble_every_member_is_trained(serve: Serve, known_toy: Cancer) -> None:
    plans = [resolve_plan(known_toy, {"dropout": share}) for share in (0.1, 0.2)]
    members = [_member(plans[0], weights_sha256="ab"), _member(plans[1])]
    made = {"predictions": "toy-grouped-3", "precision": "int8 weights", "members": members}
    recipe = read_recipe(serve(made), known_toy)
    assert recipe.plans == tuple(plans)
    assert (recipe.protocol, recipe.weights) == ("grouped-3", ("ab", ""))
    assert (recipe.compress, recipe.quantise) == (True, False)
    assert recipe.digest == "+".join(sorted(plan.digest for plan in plans))


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("float16", (False, False)),
        ("int8", (False, True)),
        ("int8 weights, network_2 computed in int8", (True, False)),
    ],
)
def test_it_is_exported_as_it_was(
    serve: Serve, known_toy: Cancer, precision: str, expected: tuple[bool, bool]
) -> None:
    plan = resolve_plan(known_toy)
    recipe = read_recipe(serve({**_member(plan), "precision": precision}), known_toy)
    assert (recipe.plans, recipe.protocol) == ((plan,), DEFAULT_PROTOCOL)
    assert (recipe.compress, recipe.quantise) == expected


def test_flips_of_the_graph_count_not_those_of_the_run(serve: Serve, known_toy: Cancer) -> None:
    plan = resolve_plan(known_toy, {"flips": "none"})
    recipe = read_recipe(serve(_member(plan, flips="both")), known_toy)
    assert recipe.plans == (replace(plan, flips="both"),)


def test_without_a_model_or_its_plan_the_cancers_own_counts(
    serve: Serve, known_toy: Cancer, tmp_path: Path
) -> None:
    own = (resolve_plan(known_toy),)
    assert read_recipe(tmp_path / "none", known_toy).plans == own
    assert read_recipe(serve({"predictions": "toy-grouped-2"}), known_toy).plans == own


def test_a_plan_that_is_named_is_trained_alone(serve: Serve, known_toy: Cancer) -> None:
    plans = [resolve_plan(known_toy, {"dropout": share}) for share in (0.1, 0.2, 0.3)]
    made = {
        "predictions": "toy-slides",
        "precision": "int8 weights",
        "members": [_member(plans[0]), _member(plans[1])],
    }
    recipe = read_recipe(serve(made), known_toy, plans[2])
    assert recipe.plans == (plans[2],)
    assert (recipe.protocol, recipe.compress, recipe.weights) == ("slides", False, ())


def test_what_other_networks_taught_cannot_be_repeated(serve: Serve, known_toy: Cancer) -> None:
    root = serve(_member(resolve_plan(known_toy, {"teacher_weight": 0.5})))
    with pytest.raises(PlanError, match="'toy-1' learnt from the answers of other networks"):
        read_recipe(root, known_toy)
    own = resolve_plan(known_toy)
    assert read_recipe(root, known_toy, own).plans == (own,)


def test_values_change_every_plan_unless_two_become_one(serve: Serve, known_toy: Cancer) -> None:
    plans = [resolve_plan(known_toy, {"dropout": share}) for share in (0.1, 0.2)]
    members = [_member(plan, weights_sha256="ab") for plan in plans]
    recipe = read_recipe(serve({"members": members}), known_toy)
    assert recipe.changed(known_toy, {}) is recipe
    changed = recipe.changed(known_toy, {"batch_size": 4})
    assert changed.plans == tuple(replace(plan, batch_size=4) for plan in plans)
    assert changed.weights == ("ab", "ab")
    assert recipe.changed(known_toy, {"weights": "none", "batch_size": 4}).weights == ()
    with pytest.raises(UsageError, match="with dropout set for each of the 2, two are the same"):
        recipe.changed(known_toy, {"dropout": 0.5})


def test_quick_lowers_epochs_and_raises_none(known_toy: Cancer, tmp_path: Path) -> None:
    values = {"head_epochs": 0, "epochs": 7, "head_start": "logistic"}
    plan = resolve_plan(known_toy, values)
    quick = read_recipe(tmp_path, known_toy, plan).quick()
    assert quick.plans == (replace(plan, head_epochs=0, epochs=1),)


@pytest.mark.parametrize("name", list_cancers())
def test_the_recipe_of_every_shipped_model_is_whole(name: str) -> None:
    from cancerapy.bundle.store import default_root, find_bundles, load_bundle

    made = load_bundle(find_bundles()[name]).fields.provenance
    recipe = read_recipe(default_root(), load_cancer(name))
    assert recipe.digest == made["plan_digest"]
    assert len(recipe.plans) == len(made["members"]) == 2
    assert f"{name}-{recipe.protocol}" == made["predictions"]
    assert recipe.compress
