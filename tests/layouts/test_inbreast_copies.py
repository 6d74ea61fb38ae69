"""The 8-folder derivative of INbreast."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.layouts.inbreast_copies import ORIGINALS, class_folder, read_samples
from cancerapy.layouts.sample import Sample

Touch = Callable[[Iterable[str]], Path]

COPIES = [
    "inbreast_copies/Density1Benign/111 (1).png",
    "inbreast_copies/Density1Benign/111 (2).png",
    "inbreast_copies/Density4Malignant/222 (17).jpg",
    "inbreast_copies/Density4Malignant/333(72).png",
]
BESIDE = [
    "inbreast/images/111_aaa_MG_R_CC_ANON.jpg",
    "inbreast/images/222_aaa_MG_R_ML_ANON.jpg",
]


def test_the_patient_comes_from_inbreast_beside_it(touch: Touch) -> None:
    folder = touch([*COPIES, *BESIDE]) / "inbreast_copies"
    samples = read_samples(folder)
    assert samples[0] == Sample(
        "Density1Benign/111 (1).png",
        {"malignancy": "benign", "density": "1"},
        "aaa",
        {"original": "111", "grouped_by": "patient"},
    )
    assert [s.group for s in samples] == ["aaa", "aaa", "aaa", "image-333"]
    assert samples[2].labels == {"malignancy": "malignant", "density": "4"}
    assert samples[3].facts == {"original": "333", "grouped_by": "image"}


def test_the_table_of_a_set_made_here_wins(touch: Touch) -> None:
    folder = touch([*COPIES, *BESIDE]) / "inbreast_copies"
    (folder / ORIGINALS).write_text("image,patient\n222,ccc\n333,bbb\n")
    assert [s.group for s in read_samples(folder)] == ["aaa", "aaa", "ccc", "bbb"]


def test_alone_the_image_is_the_group_and_says_so(touch: Touch) -> None:
    samples = read_samples(touch(COPIES) / "inbreast_copies")
    assert [s.group for s in samples] == ["image-111", "image-111", "image-222", "image-333"]
    assert {s.facts["grouped_by"] for s in samples} == {"image"}


def test_no_folder(touch: Touch) -> None:
    folder = touch(["Density5Benign/111 (1).png"])
    with pytest.raises(DataError, match="'cancerapy data make-copies'") as caught:
        read_samples(folder)
    assert caught.value.code == "data_missing"


def test_a_copy_without_its_number_has_no_group(touch: Touch) -> None:
    folder = touch(["Density1Benign/111.png", "Density1Benign/111 (1).png"])
    samples = read_samples(folder)
    assert [(s.path, s.group) for s in samples] == [
        ("Density1Benign/111 (1).png", "image-111"),
        ("Density1Benign/111.png", ""),
    ]
    assert samples[1].labels == {"malignancy": "benign", "density": "1"}


def test_class_folder() -> None:
    assert class_folder("malignant", "2") == "Density2Malignant"
