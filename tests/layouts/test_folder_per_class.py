"""A folder per class."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.layouts.folder_per_class import read_samples
from cancerapy.layouts.sample import Sample

Touch = Callable[[Iterable[str]], Path]


def test_label_is_the_folder_and_group_the_start_of_the_name(touch: Touch) -> None:
    folder = touch(["train/b/p1__x.PNG", "train/a/p1__y.jpg", "test/a/lonely.tif"])
    assert read_samples(folder, factor="finding") == [
        Sample("test/a/lonely.tif", {"finding": "a"}, "lonely"),
        Sample("train/a/p1__y.jpg", {"finding": "a"}, "p1"),
        Sample("train/b/p1__x.PNG", {"finding": "b"}, "p1"),
    ]


def test_other_files_are_not_images(touch: Touch) -> None:
    folder = touch(["a/one.png", "a/notes.txt", "a/._one.png", "loose.png", "Thumbs.db"])
    assert [s.path for s in read_samples(folder, factor="f")] == ["a/one.png"]


def test_only_the_folders_asked_for_under_the_names_wanted(touch: Touch) -> None:
    folder = touch(["01_TUMOR/a.png", "02_STROMA/b.png", "extra/c.png"])
    samples = read_samples(
        folder, factor="tissue", classes=["02_STROMA"], renamed={"01_TUMOR": "TUMOR"}
    )
    assert [s.labels["tissue"] for s in samples] == ["TUMOR", "02_STROMA"]


@pytest.mark.parametrize(
    ("classes", "named"), [((), "any class"), (("a", "c", "b"), r"b, c\.")], ids=["none", "some"]
)
def test_missing_folders_are_all_named(touch: Touch, classes: tuple[str, ...], named: str) -> None:
    folder = touch(["a/one.png"] if classes else ["loose.png"])
    with pytest.raises(DataError, match=rf"has none for: {named}") as caught:
        read_samples(folder, factor="f", classes=classes)
    assert caught.value.code == "data_missing"
