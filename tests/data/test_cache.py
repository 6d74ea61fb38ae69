"""Decode once."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cancerapy.atomic import part_beside
from cancerapy.cancers import Cancer
from cancerapy.data import cache as module
from cancerapy.data.cache import digest_of, new_array, open_decoded
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.errors import DataError, StorageError
from cancerapy.preprocess.pipeline import prepare_with_geometry
from cancerapy.readers import read_image_file


@pytest.fixture
def manifest(toy: Cancer, write_toy: Callable[[Any], Path]) -> Manifest:
    root = write_toy([(f"{n}.png", "a", "1", f"p{n}") for n in range(5)])
    return build_manifest(toy, toy.sources[0], root)


def test_pixels_and_places_are_those_of_each_picture(
    manifest: Manifest, toy: Cancer, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    pixels, places = open_decoded(
        manifest, toy.input, tmp_path / "cache", progress=lambda *n: seen.append(n)
    )
    assert seen == [(n, 5) for n in range(1, 6)]
    assert (pixels.shape, pixels.dtype, places.shape) == ((5, 16, 16, 3), np.uint8, (5, 4))
    for row, sample in enumerate(manifest.samples):
        image = read_image_file(sample.at(manifest.root)).pixels
        expected, place = prepare_with_geometry(image, toy.input)
        assert np.array_equal(pixels[row], expected)
        assert places[row].tolist() == [place.scale_x, place.shift_x, place.scale_y, place.shift_y]


def test_the_second_time_nothing_is_decoded(
    manifest: Manifest, toy: Cancer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = open_decoded(manifest, toy.input, tmp_path / "cache")
    monkeypatch.setattr(module, "read_image_file", None)
    again, _ = open_decoded(manifest, toy.input, tmp_path / "cache")
    assert np.array_equal(first, again)
    assert isinstance(again, np.memmap)


@pytest.mark.parametrize("kept_bytes", [0, 100, 500])
def test_a_file_cut_short_is_made_again(
    manifest: Manifest, toy: Cancer, tmp_path: Path, kept_bytes: int
) -> None:
    first, places = open_decoded(manifest, toy.input, tmp_path / "cache")
    expected = np.array(first)
    del first
    for path in (tmp_path / "cache" / "decoded").iterdir():
        path.write_bytes(path.read_bytes()[: min(kept_bytes, path.stat().st_size - 1)])
    again, places_again = open_decoded(manifest, toy.input, tmp_path / "cache")
    assert np.array_equal(again, expected)
    assert np.array_equal(places_again, places)


def test_other_preprocessing_is_another_file(
    manifest: Manifest, toy: Cancer, tmp_path: Path
) -> None:
    open_decoded(manifest, toy.input, tmp_path / "cache")
    other, _ = open_decoded(manifest, replace(toy.input, height=24), tmp_path / "cache")
    assert other.shape == (5, 24, 16, 3)
    names = [path.name for path in (tmp_path / "cache" / "decoded").iterdir()]
    assert len(names) == 4
    assert all(name.startswith("toy-") and name.endswith(".npy") for name in names)


def test_unreadable_pictures_are_all_named_and_leave_no_file(
    manifest: Manifest, toy: Cancer, tmp_path: Path
) -> None:
    for name in ("1.png", "3.png"):
        (manifest.root / name).write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"(?s)2 of 5 are not:\n  1\.png: .*\n  3\.png: ") as got:
        open_decoded(manifest, toy.input, tmp_path / "cache")
    assert got.value.code == "data_corrupt"
    assert str(got.value).endswith(f"All of them: {manifest.check_command} --all")
    assert manifest.check_command == (
        f"cancerapy data check toy --source {manifest.root.name} --data {manifest.root.parent}"
    )
    assert list((tmp_path / "cache" / "decoded").iterdir()) == []


def test_a_new_array_takes_its_name_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.npy"
    with new_array(path, (2, 3), np.uint8) as array:
        array[:] = 7
        assert not path.exists()
    assert np.load(path).tolist() == [[7] * 3] * 2
    with pytest.raises(ZeroDivisionError), new_array(path, (2, 3), np.uint8) as array:
        array[:] = 1 // 0
    assert np.load(path).tolist() == [[7] * 3] * 2
    assert [p.name for p in path.parent.iterdir()] == ["a.npy"]


@pytest.mark.skipif(os.name != "posix", reason="only there a process can be asked for safely")
def test_what_a_killed_decoding_left_is_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    own = part_beside(tmp_path / "a.npy")
    left = own.with_name(own.name.replace(str(os.getpid()), str(ended.pid)))
    left.write_bytes(b"half")
    with new_array(tmp_path / "a.npy", (2,), np.uint8):
        assert [path.name for path in tmp_path.iterdir()] == [own.name]
    assert [path.name for path in tmp_path.iterdir()] == ["a.npy"]


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "posix_fallocate", fail)
    message = r"writing the cache 'a\.npy': No space left"
    with (
        pytest.raises(StorageError, match=message) as caught,
        new_array(tmp_path / "a.npy", (2,), np.uint8),
    ):
        pass
    assert caught.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


def test_digest() -> None:
    assert digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})
    assert digest_of(1, 2) != digest_of([1, 2])
    assert len(digest_of(())) == 16
