"""Files that are written whole or not at all, so that a killed run never leaves half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StorageError.from_os_error(error, doing or f"writing {path.name}") from error
    finally:
        part.unlink(missing_ok=True)


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
