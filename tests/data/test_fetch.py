"""Files from a server on this machine."""

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pytest

from cancerapy.cancers import Download
from cancerapy.data import fetch as module
from cancerapy.data.fetch import Patience, download_file, has_checksum
from cancerapy.errors import DownloadError, StorageError

DATA = bytes(range(256)) * 4000
SHA = "sha256:" + hashlib.sha256(DATA).hexdigest()
HASTE = Patience(attempts=3, wait_s=0.001, timeout_s=5)


@pytest.fixture
def item(site: Any) -> Download:
    site.content["/set.bin"] = DATA
    return Download(f"{site.url}/set.bin", "set.bin", SHA, len(DATA))


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_fetches_and_reports_every_byte(site: Any, item: Download, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = download_file(item, tmp_path / "new", progress=lambda *n: seen.append(n), patience=HASTE)
    assert path.read_bytes() == DATA
    assert _names(path.parent) == ["set.bin"]
    assert seen[0] == (0, len(DATA))
    assert seen[-1] == (len(DATA), len(DATA))
    assert seen == sorted(seen)


def test_a_complete_file_is_not_fetched_again(site: Any, item: Download, tmp_path: Path) -> None:
    download_file(item, tmp_path, patience=HASTE)
    download_file(item, tmp_path, patience=HASTE)
    assert len(site.requests) == 1
    (tmp_path / "set.bin").write_bytes(b"damaged later")
    download_file(item, tmp_path, patience=HASTE)
    assert (tmp_path / "set.bin").read_bytes() == DATA


def test_goes_on_after_a_cut_connection(site: Any, item: Download, tmp_path: Path) -> None:
    site.cuts = [300_000, 400_000]
    assert download_file(item, tmp_path, patience=HASTE).read_bytes() == DATA
    starts = [0 if asked is None else int(asked[6:-1]) for _, asked in site.requests]
    assert starts == [0, 300_000, 700_000]


def test_goes_on_in_a_second_run(site: Any, item: Download, tmp_path: Path) -> None:
    site.cuts = [300_000, 0, 0, 0]
    with pytest.raises(DownloadError, match=r"3 attempts in a row .* 300,000 bytes are kept"):
        download_file(item, tmp_path, patience=HASTE)
    assert _names(tmp_path) == ["set.bin.part", "set.bin.part.version"]
    site.cuts = []
    assert download_file(item, tmp_path, patience=HASTE).read_bytes() == DATA
    assert site.requests[-1] == ("/set.bin", "bytes=300000-")


def test_new_bytes_renew_the_patience(site: Any, item: Download, tmp_path: Path) -> None:
    site.cuts = [100_000] * 9
    assert download_file(item, tmp_path, patience=HASTE).read_bytes() == DATA


@pytest.mark.parametrize("change", ["no ranges", "another version"])
def test_begins_anew_where_the_half_is_of_no_use(
    site: Any, item: Download, tmp_path: Path, change: str
) -> None:
    site.cuts = [300_000, 0, 0, 0]
    with pytest.raises(DownloadError):
        download_file(item, tmp_path, patience=HASTE)
    site.cuts = []
    if change == "no ranges":
        site.has_ranges = False
    else:
        site.etag = '"2"'
        (tmp_path / "set.bin.part").write_bytes(b"x" * 300_000)  # of the old version
    assert download_file(item, tmp_path, patience=HASTE).read_bytes() == DATA


def test_a_whole_part_only_takes_its_name(site: Any, item: Download, tmp_path: Path) -> None:
    (tmp_path / "set.bin.part").write_bytes(DATA)
    assert download_file(item, tmp_path, patience=HASTE).read_bytes() == DATA
    assert site.requests == [("/set.bin", f"bytes={len(DATA)}-")]


def test_a_part_longer_than_the_file_is_forgotten(
    site: Any, item: Download, tmp_path: Path
) -> None:
    (tmp_path / "set.bin.part").write_bytes(DATA + b"?")
    assert download_file(item, tmp_path, patience=HASTE).read_bytes() == DATA


def test_wrong_checksum(site: Any, item: Download, tmp_path: Path) -> None:
    site.content["/set.bin"] = DATA[:-1] + b"!"
    with pytest.raises(DownloadError, match=rf"published checksum \({SHA}\)") as caught:
        download_file(item, tmp_path, patience=HASTE)
    assert caught.value.code == "download_failed"
    assert _names(tmp_path) == []


def test_not_found_is_not_tried_again(site: Any, item: Download, tmp_path: Path) -> None:
    gone = replace(item, url=f"{site.url}/gone.bin")
    with pytest.raises(DownloadError, match=r"gone\.bin; the server answers 404 Not Found"):
        download_file(gone, tmp_path, patience=HASTE)
    assert len(site.requests) == 1


def test_a_busy_server_is_asked_again(site: Any, item: Download, tmp_path: Path) -> None:
    site.statuses = [503, 429]
    assert download_file(item, tmp_path, patience=HASTE).read_bytes() == DATA
    assert len(site.requests) == 3


def test_nobody_there(tmp_path: Path) -> None:
    nowhere = Download("http://127.0.0.1:1/x", "x", None, 1)
    with pytest.raises(DownloadError, match=r"http://127\.0\.0\.1:1/x must answer; 3 attempts"):
        download_file(nowhere, tmp_path, patience=HASTE)


class _FullDisk:
    """A file that takes a few blocks and then fails as a full disk does."""

    def __init__(self, file: IO[bytes], room: int) -> None:
        self.file, self.room = file, room

    def __enter__(self) -> "_FullDisk":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, block: bytes) -> int:
        if self.room < len(block):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room -= len(block)
        return self.file.write(block)


def test_a_disk_that_fills_up_keeps_what_has_arrived(
    site: Any, item: Download, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., IO[bytes]] = module._Part.open_from
    with monkeypatch.context() as patched:
        patched.setattr(
            module._Part, "open_from", lambda *given: _FullDisk(real(*given), room=600_000)
        )
        with pytest.raises(StorageError, match=r"writing 'set\.bin': No space left") as caught:
            download_file(item, tmp_path, patience=HASTE)
    assert caught.value.code == "disk_full"
    kept = (tmp_path / "set.bin.part").stat().st_size
    assert 0 < kept <= 600_000
    assert download_file(item, tmp_path, patience=HASTE).read_bytes() == DATA
    assert site.requests[-1][1] == f"bytes={kept}-"


def test_too_little_room_is_met_before_the_first_byte(
    site: Any, item: Download, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(module.shutil.disk_usage(tmp_path))
    monkeypatch.setattr(module.shutil, "disk_usage", lambda folder: usage(10, 9, 1))
    with pytest.raises(StorageError, match="needs 1 MB more room"):
        download_file(item, tmp_path, patience=HASTE)
    assert not (tmp_path / "set.bin.part").exists()


@pytest.mark.parametrize("kind", ["md5", "sha256", "sha384"])
def test_checksums(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    digest = hashlib.new(kind, b"abc").hexdigest()
    assert has_checksum(path, f"{kind}:{digest.upper()}")
    assert not has_checksum(path, f"{kind}:{'0' * len(digest)}")
    assert has_checksum(path, None)


@pytest.mark.parametrize("status", [204, 300, 304])
def test_an_answer_without_the_file_is_no_empty_file(
    site: Any, item: Download, tmp_path: Path, status: int
) -> None:
    site.statuses = [status]
    with pytest.raises(DownloadError, match=f"the server answers {status}"):
        download_file(replace(item, checksum=None), tmp_path, patience=HASTE)
    assert not (tmp_path / "set.bin").exists()


def test_an_address_that_is_none_is_explained(item: Download, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"^http://\[::1 must answer; "):
        download_file(replace(item, url="http://[::1"), tmp_path, patience=HASTE)
