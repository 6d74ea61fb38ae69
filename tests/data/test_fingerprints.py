"""Fingerprints of pictures."""

import errno
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image

from cancerapy.data import fingerprints as module
from cancerapy.data.fingerprints import Fingerprints, fingerprint_files, perceptual_hash
from cancerapy.errors import StorageError


def _blocks(seed: int) -> np.ndarray:
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(blocks).resize((120, 90), Image.Resampling.BICUBIC))


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Return a picture, the same in another file, another picture, and no picture."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    found = [folder / name for name in ("a.png", "b.bmp", "c.png", "d.png")]
    for path, seed in zip(found[:3], (1, 1, 2), strict=True):
        Image.fromarray(_blocks(seed)).save(path)
    found[3].write_bytes(b"no picture")
    return found


def _same(first: Fingerprints, second: Fingerprints) -> bool:
    return all(
        np.array_equal(getattr(first, name), getattr(second, name)) for name in module._FIELDS
    )


def test_what_is_known_of_a_file(paths: list[Path]) -> None:
    seen: list[tuple[int, int]] = []
    prints = fingerprint_files(paths, progress=lambda *n: seen.append(n))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert prints.sizes.tolist() == [[90, 120]] * 3 + [[0, 0]]
    assert prints.pixels[0] == prints.pixels[1] != prints.pixels[2]
    assert prints.pixels[3] == ""
    assert prints.faults[:3].tolist() == [""] * 3
    assert prints.faults[3].startswith("image_unsupported: 'd.png' must be")
    expected = np.asarray(Image.open(paths[2]).convert("L").resize((64, 64), 2))
    assert np.array_equal(prints.thumbnails[2], expected)


@pytest.mark.parametrize("seed", range(5))
def test_the_hash_is_that_of_imagehash(seed: int) -> None:
    picture = _blocks(seed)
    assert f"{perceptual_hash(picture):016x}" == str(imagehash.phash(Image.fromarray(picture)))


def test_shape_counts_where_bytes_are_the_same(tmp_path: Path) -> None:
    for name, shape in (("a.png", (4, 6)), ("b.png", (6, 4))):
        Image.fromarray(np.zeros(shape, np.uint8)).save(tmp_path / name)
    prints = fingerprint_files([tmp_path / "a.png", tmp_path / "b.png"])
    assert prints.pixels[0] != prints.pixels[1]


def test_only_new_and_faulty_files_are_decoded_again(paths: list[Path], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = fingerprint_files(paths, cache=cache)
    seen: list[tuple[int, int]] = []
    again = fingerprint_files(paths, cache=cache, progress=lambda *n: seen.append(n))
    assert _same(first, again)
    assert seen == [(1, 1)]
    Image.fromarray(_blocks(9)).save(paths[0])
    assert fingerprint_files(paths, cache=cache).pixels[0] != first.pixels[0]


@pytest.mark.parametrize("damage", [b"", b"no archive"])
def test_a_damaged_cache_is_made_again(paths: list[Path], tmp_path: Path, damage: bytes) -> None:
    first = fingerprint_files(paths, cache=tmp_path)
    (store,) = tmp_path.glob("fingerprints-*.npz")
    store.write_bytes(damage)
    assert _same(fingerprint_files(paths, cache=tmp_path), first)
    assert store.stat().st_size > 1000


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    prints = fingerprint_files([tmp_path / "gone.png"], cache=tmp_path / "cache")
    assert prints.faults[0].startswith("image_unreadable: 'gone.png'")


def test_no_files() -> None:
    prints = fingerprint_files([])
    assert (prints.sizes.shape, prints.thumbnails.shape) == ((0, 2), (0, 64, 64))


def test_a_full_disk(paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.np, "savez", fail)
    with pytest.raises(StorageError, match="keeping the fingerprints of pictures") as caught:
        fingerprint_files(paths, cache=tmp_path / "cache")
    assert caught.value.code == "disk_full"
    assert list((tmp_path / "cache").iterdir()) == []
