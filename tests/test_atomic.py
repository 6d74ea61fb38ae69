"""A file is there whole or as it was before."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cancerapy.atomic import part_beside, replacing, write_atomically, write_once
from cancerapy.errors import StorageError


def test_a_text_is_written_into_a_new_folder_and_then_replaced(tmp_path: Path) -> None:
    file = tmp_path / "results" / "skin.csv"
    write_atomically(file, "é\n")
    assert file.read_bytes() == b"\xc3\xa9\n"
    write_atomically(file, "b\r\n")
    assert file.read_bytes() == b"b\r\n"
    assert [path.name for path in file.parent.iterdir()] == ["skin.csv"]


def test_nothing_is_left_of_a_file_that_could_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("whole")

    def fill() -> None:
        with replacing(tmp_path / "a.txt", "writing the letter") as file:
            file.write(b"half")
            raise OSError(errno.EACCES, "Permission denied")

    with pytest.raises(
        StorageError, match=r"while writing the letter: Permission denied\."
    ) as caught:
        fill()
    assert caught.value.code == "storage_failed"
    assert (tmp_path / "a.txt").read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("no folder")
    with pytest.raises(StorageError, match="A file stands where a folder is needed while writing"):
        write_atomically(tmp_path / "runs" / "a.txt", "whole")


def test_a_read_only_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StorageError, match=r"No permission while writing a\.txt: Read-only"):
        write_atomically(tmp_path / "a.txt", "whole")


def test_a_full_disk_is_named_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match=r"while writing a\.txt: No space left") as caught:
        write_atomically(tmp_path / "a.txt", "whole")
    assert caught.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_block_is_passed_on_and_the_old_file_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("whole")

    def fill() -> None:
        with replacing(tmp_path / "a.txt") as file:
            file.write(b"half")
            raise ValueError("of another kind")

    with pytest.raises(ValueError, match="of another kind"):
        fill()
    assert (tmp_path / "a.txt").read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


_KILLED = """
import os, signal, sys
from pathlib import Path
from cancerapy.atomic import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="only there a process can be asked for safely")
def test_the_next_writer_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    subprocess.run([sys.executable, "-c", _KILLED, str(file)], check=False)
    (left,) = tmp_path.iterdir()
    assert left.read_bytes() == b"half"
    of_another_file = left.with_name(left.name.replace("a.txt", "b.txt"))
    of_another_machine = left.with_name(".a.txt.elsewhere.99999999.part")
    of_a_running_process = part_beside(file).with_name(
        part_beside(file).name.replace(str(os.getpid()), str(os.getppid()))
    )
    kept = [of_another_file, of_another_machine, of_a_running_process]
    for path in kept:
        path.touch()
    write_atomically(file, "whole")
    assert sorted(tmp_path.iterdir()) == sorted([file, *kept])


def test_a_file_that_is_written_once_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "1.json"
    write_once(path, "first")
    with pytest.raises(FileExistsError):
        write_once(path, "second")
    assert path.read_text() == "first"
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_once_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(StorageError, match=r"Not enough room while writing 1\.json") as caught:
        write_once(tmp_path / "1.json", "text")
    assert caught.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []
