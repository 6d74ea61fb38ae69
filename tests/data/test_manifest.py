"""The table of a data set's samples."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.data import manifest as module
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.errors import DataError

ROWS = [("1.png", "a", "1", "p"), ("2.png", "b", "2", "p"), ("3.png", "b", "", "q")]


@pytest.fixture
def build(toy: Cancer, write_toy: Callable[[Any], Path]) -> Callable[..., Manifest]:
    def make(rows: Any = ROWS, **options: Any) -> Manifest:
        return build_manifest(toy, toy.sources[0], write_toy(rows), **options)

    return make


def test_labels_groups_and_facts(build: Callable[..., Manifest]) -> None:
    manifest = build()
    assert (manifest.cancer, manifest.source) == ("toy", "toyset")
    assert manifest.labels("finding").tolist() == [0, 1, 1]
    assert manifest.labels("density").tolist() == [0, 1, -1]
    assert manifest.groups.tolist() == ["p", "p", "q"]
    assert manifest.facts("age") == ["30", "31", "32"]
    assert manifest.facts("sex") == ["", "", ""]


def test_the_digest_stands_for_files_labels_and_groups(build: Callable[..., Manifest]) -> None:
    first = build()
    assert build().digest == first.digest
    changed = [
        build([("1.png", "b", "1", "p"), *ROWS[1:]]),
        build([*ROWS[:2], (*ROWS[2][:3], "r")]),
    ]
    for other in changed:
        assert other.digest != first.digest
        assert other.content_digest == first.content_digest
    (first.root / "4.png").write_bytes((first.root / "1.png").read_bytes())
    assert build([*ROWS[:2], ("5.png", "b", "", "q")]).content_digest != first.content_digest


def test_files_with_one_picture_share_a_group(build: Callable[..., Manifest]) -> None:
    rows = [*ROWS, ("x1.png", "a", "", "z")]  # the same digits give the same picture
    joined = build(rows)
    assert joined.groups.tolist() == ["p", "p", "q", "p"]
    assert joined.sha256[0] == joined.sha256[3]
    assert build(rows, join_duplicates=False).groups.tolist() == ["p", "p", "q", "z"]


def test_unchanged_files_are_not_hashed_again(
    build: Callable[..., Manifest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    first = build(cache=cache, join_duplicates=False)
    monkeypatch.setattr(module.hashlib, "sha256", None)
    again = module._digests([s.at(first.root) for s in first.samples], cache)
    assert again == first.sha256


def test_a_damaged_store_of_digests_is_made_anew(
    build: Callable[..., Manifest], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    first = build(cache=cache, join_duplicates=False)
    store = cache / "file-digests.json"
    whole = store.read_text()
    store.write_text(whole[:-5])
    again = module._digests([s.at(first.root) for s in first.samples], cache)
    assert again == first.sha256
    assert store.read_text() == whole


def test_all_faults_are_named_at_once(
    toy: Cancer, write_toy: Callable[[Any], Path], tmp_path: Path
) -> None:
    root = write_toy([("1.png", "c", "1", "p"), ("2.png", "a", "7", "p")])
    with pytest.raises(DataError) as caught:
        build_manifest(toy, toy.sources[0], root)
    assert caught.value.message.splitlines() == [
        f"The data set in '{root / 'toyset'}' must have none of these faults; it has 2:",
        "  unknown label: 1.png (finding is 'c')",
        "  unknown label: 2.png (density is '7')",
        f"All of them: cancerapy data check toy --source toyset --data {root} --all",
    ]
    assert caught.value.code == "data_invalid"


def test_missing_images_are_refused(toy: Cancer, write_toy: Callable[[Any], Path]) -> None:
    root = write_toy([(f"{n}.png", "a", "1", "p") for n in range(25)])
    for path in (root / "toyset").glob("*.png"):
        path.unlink()
    with pytest.raises(DataError) as caught:
        build_manifest(toy, toy.sources[0], root)
    assert caught.value.code == "data_missing"
    head, first, *_, more, get, _ = caught.value.message.splitlines()
    assert head.endswith("must have none of these faults; it has 25:")
    assert first == "  missing: 0.png (no image has this name)"
    assert (more, get) == ("  ... and 5 more", "Ask me.")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([*ROWS, ("1.png", "b", "1", "p")], "contradicting labels: 1.png (finding 'a' and 'b' in"),
        ([*ROWS, ROWS[0]], "listed twice: 1.png (2 rows)"),
        ([*ROWS, ("4.png", "b", "1", "")], "no group: 4.png (its patient is not known)"),
    ],
)
def test_rows_that_spoil_a_training_are_refused(
    build: Callable[..., Manifest], rows: Any, fault: str
) -> None:
    with pytest.raises(DataError, match=re.escape(fault)) as caught:
        build(rows)
    assert caught.value.code == "data_invalid"


def test_an_unknown_label_of_all_factors_is_allowed(build: Callable[..., Manifest]) -> None:
    assert build([*ROWS, ("4.png", "", "", "q")]).labels("finding").tolist() == [0, 1, 1, -1]


def test_a_missing_folder_says_how_to_get_it(toy: Cancer, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'Toy set' must be in .* Ask me\.") as caught:
        build_manifest(toy, toy.sources[0], tmp_path)
    assert caught.value.code == "data_missing"


def test_types(build: Callable[..., Manifest]) -> None:
    assert build().labels("finding").dtype == np.int64
