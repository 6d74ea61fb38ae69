"""Archives that came from elsewhere."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cancerapy.data import unpack as module
from cancerapy.data.unpack import unpack_zip
from cancerapy.errors import DownloadError, StorageError

Zipped = Callable[..., bytes]


@pytest.fixture
def archive(tmp_path: Path, zipped: Zipped) -> Callable[..., Path]:
    def write(files: dict[str, bytes], **options: int) -> Path:
        path = tmp_path / "a.zip"
        path.write_bytes(zipped(files, **options))
        return path

    return write


def test_files_and_folders(archive: Callable[..., Path], tmp_path: Path) -> None:
    path = archive({"t/b.txt": b"2", "a.txt": b"1", "empty/": b""})
    out = tmp_path / "out"
    assert unpack_zip(path, out) == [out / "a.txt", out / "t" / "b.txt"]
    assert (out / "t" / "b.txt").read_bytes() == b"2"
    assert sorted(p.name for p in out.iterdir()) == ["a.txt", "t"]


def test_complete_files_are_left_and_others_made_again(
    archive: Callable[..., Path], tmp_path: Path
) -> None:
    path = archive({"whole.txt": b"12", "half.txt": b"34"})
    (tmp_path / "whole.txt").write_bytes(b"xx")
    (tmp_path / "half.txt").write_bytes(b"3")
    unpack_zip(path, tmp_path)
    assert (tmp_path / "whole.txt").read_bytes() == b"xx"
    assert (tmp_path / "half.txt").read_bytes() == b"34"


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil.txt", "/evil.txt", "..\\evil.txt", "C:\\evil.txt", "."]
)
def test_no_file_lands_outside(archive: Callable[..., Path], tmp_path: Path, name: str) -> None:
    path = archive({"good.txt": b"1", name: b"2"})
    with pytest.raises(DownloadError, match="must lie inside it"):
        unpack_zip(path, tmp_path / "in" / "out")
    assert sorted(p.name for p in tmp_path.rglob("*.txt")) == []


def test_no_links(archive: Callable[..., Path], tmp_path: Path) -> None:
    path = archive({"link": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777)
    with pytest.raises(DownloadError, match=r"'a\.zip' holds 'link'"):
        unpack_zip(path, tmp_path / "out")


def test_damaged_archives(archive: Callable[..., Path], tmp_path: Path) -> None:
    path = archive({"a.txt": b"0123456789" * 100}, compression=zipfile.ZIP_STORED)
    data = path.read_bytes()
    for damaged in (b"no zip", data[: len(data) // 2], data.replace(b"0123", b"0124", 1)):
        path.write_bytes(damaged)
        with pytest.raises(DownloadError, match=r"'a\.zip' must be an undamaged zip archive"):
            unpack_zip(path, tmp_path / "out")
        assert list((tmp_path / "out").glob("*")) == []


@pytest.mark.parametrize(
    ("compression", "old", "new"),
    [
        (zipfile.ZIP_LZMA, b"\x5d\x00\x00", b"\xff\xff\xff"),
        (zipfile.ZIP_BZIP2, b"BZh9", b"QQQQ"),
        (zipfile.ZIP_STORED, b"\xc3\xa9", b"\xff\xfe"),  # a name that is not UTF-8
    ],
)
def test_damage_of_every_kind_of_archive(
    archive: Callable[..., Path], tmp_path: Path, compression: int, old: bytes, new: bytes
) -> None:
    path = archive({"\u00e9.txt": b"0123456789"}, compression=compression)
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(DownloadError, match=r"'a\.zip' must be an undamaged zip archive"):
        unpack_zip(path, tmp_path / "out")


def test_too_little_room(
    archive: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive({"a.txt": b"0" * 2_000_000})
    usage = type(module.shutil.disk_usage(tmp_path))
    monkeypatch.setattr(module.shutil, "disk_usage", lambda folder: usage(9, 9, 1_000_000))
    with pytest.raises(StorageError, match=r"needs 2 MB of room .* 1 MB are free"):
        unpack_zip(path, tmp_path / "out")
