"""What a bundle says of where it comes from, of one network and of several."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.cancers import Cancer
from cancerapy.export.member import Member, load_members
from cancerapy.export.provenance import licences_of, provenance_of
from cancerapy.export.request import ExportRequest
from cancerapy.training.plan import resolve_plan

Ask = Callable[[Path, Path], ExportRequest]


@pytest.fixture
def member(toy_run: Path, tmp_path: Path, ask_export: Ask, known_toy: None) -> Member:
    """The network of the toy run."""
    return load_members(ask_export(toy_run, tmp_path))[0]


def test_a_bundle_names_its_starting_weights_without_their_place(
    member: Member, toy_cancer: Cancer
) -> None:
    plan = resolve_plan(
        toy_cancer, {"backbone": "SmallCNN", "weights": "/home/ada/weights/mine.npz"}
    )
    changed = replace(member, plan=plan, facts={**member.facts, "weights_sha256": "3b0c"})
    (source,) = toy_cancer.sources
    given = provenance_of([changed], source, member.record, member.predicted)
    assert given["plan"]["weights"] == "mine.npz"
    assert given["weights_sha256"] == "3b0c"
    assert "/home" not in repr(given)
    older = provenance_of([member], source, member.record, member.predicted)
    assert "weights_sha256" not in older
    assert (older["source"], older["split"], older["predictions"]) == (
        "toyset",
        "s1",
        "toy-grouped-2",
    )


def test_several_networks_are_told_one_by_one(member: Member, toy_cancer: Cancer) -> None:
    other = replace(
        member, flips="none", plan=replace(member.plan, backbone="MobileNetV2", weights="imagenet")
    )
    (source,) = toy_cancer.sources
    record = replace(member.record, plan_digest="p1+p2")
    given = provenance_of([member, other], source, record, member.predicted)
    assert given["backbone"] == "SmallCNN + MobileNetV2"
    assert given["flips"] == "horizontal + none"
    assert (given["plan_digest"], given["source"], given["n_train"]) == ("p1+p2", "toyset", 16)
    assert "plan" not in given
    assert [told["flips"] for told in given["members"]] == ["horizontal", "none"]
    assert given["members"][1]["plan"]["backbone"] == "MobileNetV2"
    licences = licences_of([member, other], source)
    assert licences["starting weights"].startswith("none: started at random; ")
    assert licences_of([member, member], source)["starting weights"] == "none: started at random"
