"""Files that are written whole or not at all, so that a killed run never leaves half of one."""

import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from cancerapy.errors import StorageError


@contextmanager
def replacing(path: Path, doing: str = "") -> Iterator[IO[bytes]]:
    """Open a binary file that takes the place of ``path`` when the block ends without an error.

    The content is written beside the file and then renamed over it; a reader sees the old content
    or the new one, never a part. The folder is made if needed.

    Args:
        path: The file.
        doing: For the message, what is being written; by default the file's name.

    Raises:
        StorageError: Disk full or no permission; what was there before is unchanged.
    """
    part = part_beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(path)
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StorageError.from_os_error(error, doing or f"writing {path.name}") from error
    finally:
        with suppress(OSError):  # its folder is none, or on a disk that is read only
            part.unlink()


def write_atomically(path: Path, text: str, doing: str = "") -> None:
    """Replace the content of ``path`` with ``text`` in UTF-8, see ``replacing``.

    Args:
        path: The file.
        text: Its whole content.
        doing: For the message, what is being written; by default the file's name.

    Raises:
        StorageError: Disk full or no permission; what was there before is unchanged.
    """
    with replacing(path, doing) as file:
        file.write(text.encode("utf-8"))


def write_once(path: Path, text: str, doing: str = "") -> None:
    """Write a file in UTF-8 that is not there yet, whole or not at all; it is never replaced.

    Of several who write the same file at once one does; this is one step of the system, so that
    the others are told in any case.

    Args:
        path: The file.
        text: Its whole content.
        doing: For the message, what is being written; by default the file's name.

    Raises:
        FileExistsError: It is there.
        StorageError: Disk full or no permission; nothing is left of it.
    """
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        os.link(part, path)
    except OSError as error:
        if isinstance(error, FileExistsError) and path.is_file():
            raise
        raise StorageError.from_os_error(error, doing or f"writing {path.name}") from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink()


def part_beside(path: Path) -> Path:
    """Return the name that a file has while it is written: of this machine and this process."""
    return path.with_name(f"{_beginning(path)}{os.getpid()}.part")


def remove_abandoned(path: Path) -> None:
    """Remove what killed processes of this machine left of a file, see ``part_beside``.

    Args:
        path: The file; its folder has to be there.

    Raises:
        OSError: The folder cannot be read or written to.
    """
    beginning = _beginning(path)
    for found in list(path.parent.iterdir()):
        number = found.name.removeprefix(beginning).removesuffix(".part")
        if found.name == f"{beginning}{number}.part" and not is_running(number):
            found.unlink(missing_ok=True)


def _beginning(path: Path) -> str:
    return f".{path.name}.{platform.node()}."


def is_running(number: str) -> bool:
    """Whether a process may be running; true where the system does not say."""
    if os.name != "posix" or not number.isdigit():
        return True  # elsewhere signal 0 would end the process
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another user's
    return True
