"""Decoded pixels of a training do not outlive an erasure, whatever became of the training."""

import errno
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cancerapy.contract.records import ExaminationRecord
from cancerapy.errors import DataError, StorageError
from cancerapy.records import Records, training_caches
from cancerapy.records.erasure import erase_examination, erase_patient
from cancerapy.records.image_store import ImageStore
from cancerapy.records.retention import apply_retention, list_expired
from cancerapy.records.sweep import sweep
from cancerapy.records.training_caches import drop_erased_caches, forget_cache, noted_cache

Add = Callable[..., ExaminationRecord]


def fill(folder: Path) -> None:
    (folder / "decoded").mkdir(parents=True, exist_ok=True)
    (folder / "decoded" / "pixels.npy").write_bytes(b"pixels")


def train(
    images: ImageStore, folder: Path, digests: list[str], rest: Callable[[], object] = lambda: None
) -> None:
    """Fill a cache as a training does, then do the rest of it."""
    with noted_cache(images, folder, digests):
        fill(folder)
        rest()


def break_off(images: ImageStore, folder: Path, digests: list[str]) -> None:
    """Fill a cache as a training does that is killed in its middle."""

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(images, folder, digests, stop)


def entries(records: Records) -> list[str]:
    folder = records.images.folder.parent / "training-caches"
    return sorted(path.suffix for path in folder.glob("*")) if folder.is_dir() else []


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "learn" / "skin-collected-1" / "cache"


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process that trained be one that has ended."""
    monkeypatch.setattr(training_caches, "is_running", lambda number: number != str(os.getpid()))


def test_a_broken_off_training_keeps_its_cache_until_one_of_its_images_is_erased(
    records: Records, add: Add, patient_id: str, cache: Path, ended: None
) -> None:
    digest = add(1).images[0].sha256
    break_off(records.images, cache, [digest])
    sweep(records)
    assert (cache / "decoded" / "pixels.npy").is_file()
    assert entries(records) == [".json"]
    erase_patient(records, patient_id, "dr-amal")
    assert not cache.exists()
    assert cache.parent.is_dir()
    assert entries(records) == []


def test_other_images_leave_a_cache_alone(records: Records, add: Add, cache: Path) -> None:
    kept, gone = add(1), add(2)
    break_off(records.images, cache, [kept.images[0].sha256])
    erase_examination(records, gone.id, "me")
    assert drop_erased_caches(records) == 0
    assert (cache / "decoded" / "pixels.npy").is_file()


def test_the_retention_period_reaches_a_cache_too(records: Records, add: Add, cache: Path) -> None:
    break_off(records.images, cache, [add(1).images[0].sha256])
    assert len(list_expired(records, timedelta(0))) == 1
    assert apply_retention(records, timedelta(0), "me") == 1
    assert not cache.exists()


def test_a_training_ends_with_an_error_if_an_image_is_erased_meanwhile(
    records: Records, add: Add, patient_id: str, cache: Path, ended: None
) -> None:
    digest = add(1).images[0].sha256

    def erase() -> None:
        erase_patient(records, patient_id, "dr-amal")
        assert not cache.exists()
        fill(cache)  # what the training writes afterwards goes as well

    with pytest.raises(DataError, match="some were erased meanwhile"):
        train(records.images, cache, [digest], erase)
    assert not cache.exists()
    assert entries(records) == []


def test_the_fault_of_a_vanished_cache_is_told_as_what_it_is(
    records: Records, add: Add, patient_id: str, cache: Path
) -> None:
    digest = add(1).images[0].sha256

    def erase_and_read() -> None:
        erase_patient(records, patient_id, "dr-amal")
        (cache / "decoded" / "pixels.npy").read_bytes()

    with pytest.raises(DataError, match="some were erased meanwhile") as caught:
        train(records.images, cache, [digest], erase_and_read)
    assert isinstance(caught.value.__cause__, FileNotFoundError)
    with pytest.raises(ZeroDivisionError):
        train(records.images, cache, [], lambda: 1 / 0)


def test_a_training_that_is_killed_after_the_erasure_leaves_nothing_for_long(
    records: Records, add: Add, patient_id: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = add(1).images[0].sha256
    break_off(records.images, cache, [digest])
    erase_patient(records, patient_id, "dr-amal")
    assert entries(records) == [".dropped"]  # the process may run, and write
    fill(cache)
    monkeypatch.setattr(training_caches, "is_running", lambda number: False)
    sweep(records)
    assert not cache.exists()
    assert entries(records) == []


def test_what_another_machine_trained_goes_when_that_machine_looks(
    records: Records, add: Add, patient_id: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = add(1).images[0].sha256
    with monkeypatch.context() as patch:
        patch.setattr("platform.node", lambda: "trainer")
        break_off(records.images, cache, [digest])
    hidden = cache.rename(cache.with_name("out-of-reach"))
    erase_patient(records, patient_id, "dr-amal")
    assert entries(records) == [".dropped"]
    hidden.rename(cache)
    monkeypatch.setattr("platform.node", lambda: "trainer")
    monkeypatch.setattr(training_caches, "is_running", lambda number: False)
    other = cache.parents[1] / "skin-collected-2" / "cache"
    with noted_cache(records.images, other, []):
        assert not cache.exists()
    assert entries(records) == [".json"]
    forget_cache(records.images, other)
    assert entries(records) == []


def test_images_that_were_erased_before_are_not_decoded(records: Records, cache: Path) -> None:
    with pytest.raises(DataError, match="No model was made"):
        train(records.images, cache, ["0" * 64])
    assert not cache.exists()
    assert entries(records) == []


def test_full_disk_while_a_cache_is_written_down_decodes_nothing(
    records: Records, add: Add, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = add(1).images[0].sha256

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="writing down a training's cache") as caught:
        train(records.images, cache, [digest])
    assert not cache.exists()
    assert (caught.value.code, caught.value.status) == ("disk_full", 507)
    assert entries(records) == []


@pytest.mark.parametrize("fault", ["folder", "entry"])
def test_what_cannot_be_removed_is_said_and_goes_later(
    records: Records, add: Add, patient_id: str, cache: Path, ended: None, fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    digest = add(1).images[0].sha256
    break_off(records.images, cache, [digest])
    (noted,) = (records.images.folder.parent / "training-caches").iterdir()
    content = noted.read_text()

    def refuse(folder: Path, **_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    with monkeypatch.context() as patch:
        if fault == "folder":
            patch.setattr("shutil.rmtree", refuse)
        else:
            noted.write_text("half")
        with pytest.raises(StorageError, match="records themselves are erased") as caught:
            erase_patient(records, patient_id, "dr-amal")
    assert (caught.value.code, caught.value.status) == ("erasure_incomplete", 507)
    assert str(cache) not in str(caught.value)
    assert list(records.images.list_digests()) == []
    if fault == "entry":
        noted.write_text(content)
    sweep(records)
    assert not cache.exists()
    assert entries(records) == []
