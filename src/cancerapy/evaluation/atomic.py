"""Writes a file whole or not at all, so that a killed run never leaves half a table."""

import os
import tempfile
from pathlib import Path

from cancerapy.errors import StorageError


def write_atomically(path: Path, text: str) -> None:
    """Replace ``path`` with ``text`` in UTF-8, creating its folder.

    The text is first written beside the file and then renamed over it; a reader sees the old
    content or the new one, never a part.

    Args:
        path: The file.
        text: Its whole content.

    Raises:
        StorageError: The disk is full or the folder is not writable; the old file is unchanged.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)  # mkstemp makes files that only their owner can read
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise StorageError.from_os_error(error, f"writing {path.name}") from error
