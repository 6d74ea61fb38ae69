"""What a cancer's file is made of."""

import dataclasses

import pytest

from cancerapy.cancers import ClassLabel, Factor, Network, load_cancer

NETWORK = Network((Factor("a", ("x", "y")), Factor("b", ("z", "u", "v")), Factor("c", ("w",))))


def test_logits_are_the_factors_side_by_side() -> None:
    assert NETWORK.n_logits == 6
    assert NETWORK.slices == {"a": slice(0, 2), "b": slice(2, 5), "c": slice(5, 6)}


@pytest.mark.parametrize(
    ("class_id", "title", "label"),
    [
        ("nv", "Melanocytic nevi", "Melanocytic nevi (nv)"),
        ("TUMOR", "Tumour epithelium", "Tumour epithelium (TUMOR)"),
        ("benign", "Benign", "Benign"),
    ],
)
def test_label_joins_title_and_code(class_id: str, title: str, label: str) -> None:
    assert ClassLabel(class_id, title, "", {}).label == label


def test_task_by_id() -> None:
    cancer = load_cancer("skin")
    assert cancer.task("skin-7").id == "skin-7"
    assert cancer.task("skin").class_ids == ("mel", "nv", "bkl")
    with pytest.raises(KeyError):
        cancer.task("skin-8")


def test_a_cancer_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_cancer("skin").id = "other"
