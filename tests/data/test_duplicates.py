"""Pictures that are in a data set twice."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.data.duplicates import (
    DuplicatePair,
    duplicate_pairs,
    joined_groups,
    merged,
    near_hashes,
)
from cancerapy.data.fingerprints import fingerprint_files
from cancerapy.errors import DataError


def _smooth(seed: int) -> np.ndarray:
    blocks = np.random.default_rng(seed).integers(0, 256, (9, 12, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(blocks).resize((160, 120), Image.Resampling.BICUBIC))


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Return a picture, another, the first again, the first compressed, and two flat ones."""
    found = [tmp_path / name for name in ("0.png", "1.png", "2.bmp", "3.jpg", "4.png", "5.png")]
    for path, seed in zip(found[:4], (1, 2, 1, 1), strict=True):
        Image.fromarray(_smooth(seed)).save(path, quality=90)
    for path, grey in zip(found[4:], (240, 241), strict=True):
        Image.new("RGB", (160, 120), (grey,) * 3).save(path)
    return found


def test_identical_and_nearly_identical_pictures(paths: list[Path]) -> None:
    identical, *near = duplicate_pairs(fingerprint_files(paths))
    assert identical == DuplicatePair(0, 2, True, 1.0)
    assert [(pair.first, pair.second, pair.is_identical) for pair in near] == [
        (0, 3, False),
        (2, 3, False),
    ]
    assert all(0.98 < pair.correlation < 1.0 for pair in near)


def test_groups_that_share_a_picture_are_joined(paths: list[Path]) -> None:
    groups = np.array(["d", "b", "c", "a", "e", "f"])
    assert joined_groups(paths, groups, check="check it").tolist() == ["a", "b", "a", "a", "e", "f"]


def test_unreadable_files_are_named(paths: list[Path]) -> None:
    paths[1].write_bytes(b"no picture")
    assert all(
        1 not in (pair.first, pair.second) for pair in duplicate_pairs(fingerprint_files(paths))
    )
    with pytest.raises(DataError, match=r"(?s)1 of 6 are not:\n  1\.png: image_un") as caught:
        joined_groups(paths, np.array(list("abcdef")), check="check it")
    assert caught.value.code == "data_corrupt"
    assert str(caught.value).endswith("Fetch them again. All of them: check it --all")


def test_chains_are_joined_under_the_name_that_sorts_first() -> None:
    groups = np.array(["e", "d", "c", "b", "a", "e"])
    assert merged(groups, [(0, 1), (1, 2), (3, 4)]).tolist() == ["c", "c", "c", "a", "a", "c"]
    assert merged(groups, []).tolist() == groups.tolist()


def test_near_hashes_agree_with_counting_each_pair() -> None:
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**64, 700, dtype=np.uint64)
    for row in range(0, 600, 50):  # more than one block of rows, near ones across blocks
        flips = rng.choice(64, int(rng.integers(1, 4)), replace=False)
        hashes[row + 90] = hashes[row] ^ np.uint64(sum(1 << int(bit) for bit in flips))
    rows = np.arange(5, 700)
    expected = {
        (i, j)
        for i in range(5, 700)
        for j in (i + 90,)
        if j < 700 and (int(hashes[i]) ^ int(hashes[j])).bit_count() <= 2
    }
    assert expected
    assert set(near_hashes(hashes, rows)) == expected
