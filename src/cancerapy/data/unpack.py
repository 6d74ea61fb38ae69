"""Unpack an archive that came from elsewhere: no file may land outside the folder."""

import lzma
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from cancerapy.errors import DownloadError, StorageError

_BLOCK = 2**20
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    UnicodeDecodeError,
)
"""What ``zipfile`` and the decompressors raise on damaged bytes."""


def unpack_zip(archive: Path, folder: Path) -> list[Path]:
    """Unpack a zip archive; files that are there in full already are left as they are.

    All names are checked before the first file is written. Each file takes its name only when it
    is complete and its checksum is right.

    Args:
        archive: The archive.
        folder: Where its files go; made if needed.

    Returns:
        The files of the archive, sorted.

    Raises:
        DownloadError: It is damaged, encrypted, or holds a link or a path that leads outside.
        StorageError: There is not enough room or no permission.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            places = {member: place_of(member, folder, archive.name) for member in members}
            _check_room(folder, sum(member.file_size for member in members), archive.name)
            for member, place in places.items():
                _unpack(opened, member, place)
    except DAMAGE as error:
        raise _damaged(archive, error) from error
    except OSError as error:
        if error.errno is None:  # bzip2 says so of damaged bytes
            raise _damaged(archive, error) from error
        raise StorageError.from_os_error(error, f"unpacking '{archive.name}'") from error
    return sorted(places.values())


def _damaged(archive: Path, error: Exception) -> DownloadError:
    return DownloadError(
        f"'{archive.name}' must be an undamaged zip archive; it is not ({error}). Remove it and "
        "run the same command again."
    )


def place_of(member: zipfile.ZipInfo, folder: Path, archive: str) -> Path:
    """Return where a file of an archive goes.

    Args:
        member: The file.
        folder: Where the archive's files go.
        archive: Name of the archive, for the message.

    Raises:
        DownloadError: It is encrypted, a link, or its path leads outside.
    """
    path = PurePosixPath(member.filename.replace("\\", "/"))
    parts = path.parts
    is_outside = not parts or path.is_absolute() or ".." in parts or ":" in parts[0]
    if is_outside or stat.S_ISLNK(member.external_attr >> 16) or member.flag_bits & 0x1:
        raise DownloadError(
            f"The files of an archive must lie inside it, be no links and not be encrypted; "
            f"'{archive}' holds '{member.filename}'. Nothing was unpacked: do not use this "
            "archive."
        )
    return folder / path


def _unpack(opened: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path) -> None:
    if place.is_file() and place.stat().st_size == member.file_size:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.part")
    try:
        with opened.open(member) as source, part.open("wb") as target:
            shutil.copyfileobj(source, target, _BLOCK)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _check_room(folder: Path, n_bytes: int, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if n_bytes > free:
        raise StorageError(
            f"'{name}' needs {n_bytes / 1e6:,.0f} MB of room in '{folder}' when unpacked; "
            f"{free / 1e6:,.0f} MB are free. Free some space and run the same command again.",
            code="disk_full",
        )
