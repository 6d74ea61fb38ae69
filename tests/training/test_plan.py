"""The resolved plan: which value wins, what is refused, and what names the run."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.model_selection import StratifiedGroupKFold

from cancerapy.cancers import Factor, Network, Pooling, load_cancer
from cancerapy.errors import PlanError, UnknownNameError
from cancerapy.models.classifier import FLIPS
from cancerapy.training.plan import fill_values, plan_of_run, read_plan, resolve_plan
from cancerapy.training.plan_checks import N_FLIPPED

SKIN = load_cancer("skin")
OWN_CUT = "expanded_conv_8_add"
LATER = {
    "clip_norm",
    "read_layers",
    "logistic_c",
    "shrinkage",
    "focal_gamma",
    "teacher_weight",
    "spread_parts",
    "choose_shrinkage",
}


def test_later_values_win() -> None:
    assert resolve_plan(SKIN).dropout == 0.25
    assert resolve_plan(SKIN).epochs == SKIN.plan["epochs"]
    assert resolve_plan(SKIN, {"epochs": 3, "dropout": 0.4}, {"epochs": 4}).epochs == 4
    assert resolve_plan(SKIN, {"epochs": 3, "dropout": 0.4}, {"epochs": 4}).dropout == 0.4
    assert (resolve_plan(SKIN).height, resolve_plan(SKIN).width) == (160, 216)


def test_the_plan_of_another_cancer_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(resolve_plan(load_cancer("breast")).to_json())
    message = r"^A plan for skin must be of that cancer; this one says 'cancer': 'breast'\. Give "
    with pytest.raises(PlanError, match=message) as caught:
        resolve_plan(SKIN, read_plan(file), {"epochs": 2})
    assert (caught.value.code, caught.value.exit_code) == ("plan_invalid", 2)
    assert resolve_plan(SKIN, {"cancer": "skin"}).cancer == "skin"


def test_the_greatest_seed_is_what_every_generator_takes() -> None:
    seed = 4294967295  # 2^32 - 1
    assert resolve_plan(SKIN, {"seed": seed}).seed == seed
    StratifiedGroupKFold(2, shuffle=True, random_state=seed)
    np.random.RandomState(seed)
    with pytest.raises(PlanError, match=f"^'seed' must be at most {seed}; it is {seed + 1}"):
        resolve_plan(SKIN, {"seed": seed + 1})


@pytest.mark.parametrize(
    ("changes", "freeze_to"),
    [
        ([], OWN_CUT),
        ([{"backbone": "MobileNetEdgeTPU"}], OWN_CUT),
        ([{"backbone": "MobileNetV2"}], ""),
        ([{"backbone": "MobileNetV2", "freeze_to": "block_6_add"}], "block_6_add"),
        ([{"backbone": "MobileNetV2"}, {"freeze_to": "none"}], "none"),
        ([{"backbone": "MobileNetV2"}, {"backbone": "MobileNetV2"}], ""),
        ([{"backbone": "VGG16", "freeze_to": "block4_pool"}, {"backbone": "MobileNetV2"}], ""),
    ],
)
def test_a_freezing_point_goes_with_its_backbone(
    changes: list[dict[str, str]], freeze_to: str
) -> None:
    assert resolve_plan(SKIN, *changes).freeze_to == freeze_to


def test_a_whole_number_will_do_where_a_fraction_may_stand() -> None:
    plan = resolve_plan(SKIN, {"weight_decay": 0})
    assert isinstance(plan.weight_decay, float)
    assert plan.digest == resolve_plan(SKIN, {"weight_decay": 0.0}).digest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"epoch": 3},
            r"^A plan has no field 'epoch'\. Known: augm.*, width\. Did you mean 'epochs'\?$",
        ),
        ({"qqq": 3}, r"^A plan has no field 'qqq'\. Known: augmentation, .*, width\.$"),
        (
            {"epochs": "3"},
            r"^'epochs' must be of type int; it is '3'\. Correct it in the plan file or w",
        ),
        ({"epochs": True}, r"^'epochs' must be of type int; it is True\. Correct"),
        ({"epochs": -1}, r"^'epochs' must be at least 0; it is -1\. Correct"),
        (
            {"learning_rate": float("inf")},
            r"^'learning_rate' must be at least 0 and finite; it is inf",
        ),
        (
            {"dropout": float("nan")},
            r"^'dropout' must be at least 0 and finite; it is nan\. Correct",
        ),
        ({"mixup": 10**400}, r"^'mixup' must be at least 0 and finite; it is inf\. Correct"),
        ({"dropout": 1.0}, r"^'dropout' must be below 1; it is 1\.0\. Correct"),
        (
            {"flips": "all"},
            r"^'flips' must be one of none, horizontal, both; it is 'all'\. Correct",
        ),
        (
            {"tune_offset": True, "inner_fraction": 0.0},
            r"^tune_offset needs an inner part to choose on",
        ),
        (
            {"tune_offset": False, "inner_fraction": 0.0, "patience": 2},
            r"^Early stopping \(patience\) needs an inner part to watch; inner_fraction is 0\. Set",
        ),
        ({"epochs": 0, "head_start": "random"}, r"^Nothing would be trained: "),
        ({"augmentation": "flip_h"}, r"^'augmentation' must be of type list of names; it is 'fli"),
        (
            {"augmentation": [1]},
            r"^'augmentation' must be of type list of names; it is \(1,\)\. Cor",
        ),
        ({"views": 3}, r"^The plain flips .* 'both' needs at least 4 views; there are 3\. Set "),
        ({"views": 1, "flips": "horizontal"}, r" needs at least 2 views; there are 1\. Set "),
        ({"cell_loss": 0.5}, r"^cell_loss needs a factor pooled from top cells; skin has none"),
        ({"cell_loss": 0.5, "views": 0}, r"^cell_loss is made from cached views; views is 0\. "),
    ],
)
def test_what_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        resolve_plan(SKIN, change)


@pytest.mark.parametrize("change", [{"views": 0}, {"views": 4}, {"views": 1, "flips": "none"}])
def test_views_that_hold_the_flips_will_do(change: dict[str, object]) -> None:
    assert resolve_plan(SKIN, change).views == change["views"]


def test_cells_are_judged_where_a_factor_reads_the_highest() -> None:
    network = Network((Factor("a", ("x", "y")), Factor("b", ("x", "y"), Pooling.TOP)))
    assert resolve_plan(replace(SKIN, network=network), {"cell_loss": 0.5}).cell_loss == 0.5


def test_the_plan_knows_how_many_views_the_flips_are() -> None:
    assert {name: len(views) for name, views in FLIPS.items()} == N_FLIPPED


def test_nothing_given_takes_the_cancers_own() -> None:
    plan = resolve_plan(SKIN, {"height": 0, "width": 0, "augmentation": []})
    assert (plan.height, plan.width, plan.augmentation) == (160, 216, SKIN.augmentation)
    assert plan == resolve_plan(SKIN)
    assert (resolve_plan(SKIN, {"height": 96}).height, plan.width) == (96, 216)


def test_augmentations_are_known_before_the_first_step() -> None:
    assert resolve_plan(SKIN, {"augmentation": ["tilt"]}).random_changes == ("tilt",)
    assert resolve_plan(SKIN, {"augmentation": ["none"]}).random_changes == ()
    message = r"^No augmentation named 'flip_x'\. Known: flip_h, .*, none, .*zoom\. Did you mean"
    with pytest.raises(UnknownNameError, match=message):
        resolve_plan(SKIN, {"augmentation": ["tilt", "flip_x"]})


def test_a_run_keeps_the_values_from_before_there_was_an_option(tmp_path: Path) -> None:
    """The plan of a run of May must not take the clipping that the cancer's file got in June."""
    old = {k: v for k, v in resolve_plan(SKIN).to_dict().items() if k not in LATER}
    cancer = replace(
        SKIN, plan={**SKIN.plan, "clip_norm": 9.0, "read_layers": ("a",), "logistic_c": 7.0}
    )
    for plan in (plan_of_run(old), resolve_plan(cancer, fill_values(old))):
        assert (plan.clip_norm, plan.read_layers, plan.logistic_c) == (0.0, (), 0.01)
        assert (plan.epochs, plan.freeze_to, plan.backbone) == (12, OWN_CUT, "MobileNetEdgeTPU")
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(old))
    assert read_plan(file).keys() == fill_values(old).keys() == old.keys() | LATER
    assert resolve_plan(cancer, read_plan(file)).clip_norm == 0.0
    assert fill_values({"epochs": 3}) == {"epochs": 3}  # a few values, not a whole plan
    assert resolve_plan(cancer, fill_values({"epochs": 3})).clip_norm == 9.0


def test_the_plan_of_a_run_is_not_judged_by_todays_rules() -> None:
    values = {**resolve_plan(SKIN).to_dict(), "views": 1, "augmentation": []}
    assert (plan_of_run(values).views, plan_of_run(values).augmentation) == (1, ())
    with pytest.raises(PlanError, match=r"^A run's plan must name its cancer; this one does not"):
        plan_of_run({"epochs": 3})
    with pytest.raises(PlanError, match=r"^A plan has no field 'epoch'\."):
        plan_of_run({**values, "epoch": 3})


def test_the_digest_names_the_run() -> None:
    plan = resolve_plan(SKIN)
    assert plan.name == f"skin-{plan.digest}"
    assert len(plan.digest) == 10
    assert plan.digest == resolve_plan(SKIN).digest != resolve_plan(SKIN, {"seed": 1}).digest


def test_an_option_added_later_does_not_rename_older_runs() -> None:
    plain = resolve_plan(SKIN, {"clip_norm": 0.0})
    # What the digest was before there was the option.
    values = {k: v for k, v in plain.to_dict().items() if k not in LATER}
    text = json.dumps(values, sort_keys=True)
    assert plain.digest == hashlib.sha256(text.encode()).hexdigest()[:10]
    assert resolve_plan(SKIN, {"clip_norm": 2.0}).digest != plain.digest


def test_a_saved_plan_is_read_back_as_it_was(tmp_path: Path) -> None:
    plan = resolve_plan(SKIN, {"epochs": 2, "augmentation": ["flip_h"]})
    file = tmp_path / "plan.json"
    file.write_text(plan.to_json())
    assert resolve_plan(SKIN, read_plan(file)) == plan
    assert json.loads(plan.to_json())["augmentation"] == ["flip_h"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epochs: 3", r"^A plan file must be readable JSON; '.*plan\.json' is not: "),
        ("[1]", r"^A plan file must hold one JSON object; '.*plan\.json' holds another value\.$"),
    ],
)
def test_a_plan_file_must_be_an_object(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text)
    with pytest.raises(PlanError, match=message):
        read_plan(file)


def test_a_plan_file_nested_too_deep_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("[" * 100_000)
    with pytest.raises(
        PlanError, match=r"^A plan file must be readable JSON; '.*plan\.json' is not"
    ):
        read_plan(file)
