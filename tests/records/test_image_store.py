"""The image store: whole files, once each."""

import hashlib
from pathlib import Path
from threading import Thread

import pytest

from cancerapy.errors import DataError
from cancerapy.records.image_store import ImageStore


def test_a_file_lies_once_under_its_digest(tmp_path: Path) -> None:
    store = ImageStore(tmp_path / "images")
    sha256 = store.put(b"picture")
    assert sha256 == hashlib.sha256(b"picture").hexdigest() == store.put(b"picture")
    assert store.path(sha256) == tmp_path / "images" / sha256[:2] / sha256
    assert store.get(sha256) == b"picture"
    assert list(store.list_digests()) == [sha256]


@pytest.mark.parametrize("content", [b"", b"pictur", b"pictures"])
def test_a_damaged_file_is_noticed_and_kept_anew(tmp_path: Path, content: bytes) -> None:
    store = ImageStore(tmp_path)
    sha256 = store.put(b"picture")
    store.path(sha256).write_bytes(content)
    with pytest.raises(DataError, match="missing or damaged") as caught:
        store.get(sha256)
    assert caught.value.code == "image_lost"
    store.put(b"picture")
    assert store.get(sha256) == b"picture"


def test_threads_that_keep_the_same_file_do_not_meet(tmp_path: Path) -> None:
    store, failures = ImageStore(tmp_path), []

    def put() -> None:
        try:
            for number in range(10):
                store.put(b"%d" % number * 1000)
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 10


def test_only_old_files_are_listed_for_sweeping(tmp_path: Path) -> None:
    store = ImageStore(tmp_path)
    store.put(b"picture")
    assert list(store.list_digests(older_than_s=60)) == []
    assert len(list(store.list_digests())) == 1


def test_a_file_that_an_erasure_takes_just_now_is_kept_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ImageStore(tmp_path)
    sha256 = store.put(b"picture")

    def taken(path: Path) -> None:
        path.unlink()
        raise FileNotFoundError(path)

    monkeypatch.setattr("cancerapy.records.image_store.os.utime", taken)
    assert store.put(b"picture") == sha256
    assert store.get(sha256) == b"picture"


def test_files_that_another_server_sweeps_meanwhile_are_passed_over(tmp_path: Path) -> None:
    store = ImageStore(tmp_path)
    digests = sorted(store.put(b"%d" % number) for number in range(3))
    found = store.list_digests()
    assert next(found) == digests[0]
    store.remove(digests[1])
    assert list(found) == digests[2:]
