"""The resolved plan: which value wins, what is refused, and what names the run."""

import hashlib
import json
from pathlib import Path

import pytest

from cancerapy.cancers import load_cancer
from cancerapy.errors import PlanError
from cancerapy.training.plan import read_plan, resolve_plan

SKIN = load_cancer("skin")
OWN_CUT = "expanded_conv_8_add"
LATER = {"clip_norm", "read_layers", "logistic_c"}


def test_later_values_win() -> None:
    assert resolve_plan(SKIN).dropout == 0.25
    assert resolve_plan(SKIN).epochs == SKIN.plan["epochs"]
    assert resolve_plan(SKIN, {"epochs": 3, "dropout": 0.4}, {"epochs": 4}).epochs == 4
    assert resolve_plan(SKIN, {"epochs": 3, "dropout": 0.4}, {"epochs": 4}).dropout == 0.4
    assert (resolve_plan(SKIN).height, resolve_plan(SKIN).width) == (160, 216)
    assert resolve_plan(SKIN, {"cancer": "breast"}).cancer == "skin"


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
        ({"epoch": 3}, r"^A plan has no field 'epoch'\. Known: augmentation, .*, width\.$"),
        ({"epochs": "3"}, r"^'epochs' must be of type int; it is '3'\.$"),
        ({"epochs": True}, r"^'epochs' must be of type int; it is True\.$"),
        ({"epochs": -1}, r"^'epochs' must be at least 0; it is -1\.$"),
        ({"dropout": 1.0}, r"^'dropout' must be below 1; it is 1\.0\.$"),
        ({"flips": "all"}, r"^'flips' must be one of none, horizontal, both; it is 'all'\.$"),
        ({"inner_fraction": 0.0}, r"^tune_offset needs an inner part to choose on"),
        (
            {"tune_offset": False, "inner_fraction": 0.0, "patience": 2},
            r"^Early stopping \(patience\) needs an inner part to watch; inner_fraction is 0\.$",
        ),
        ({"epochs": 0, "head_start": "random"}, r"^Nothing would be trained: "),
    ],
)
def test_what_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        resolve_plan(SKIN, change)


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
