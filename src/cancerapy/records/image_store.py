"""The image files, each kept once under the digest of its bytes.

A file is complete and on the disk before a row names it, and is never changed. A file that no row
names (a server was killed between the two) is swept away later.
"""

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cancerapy.atomic import replacing
from cancerapy.errors import DataError, StorageError

SWEEP_AGE_S = 3600
"""How old a file without a row must be to count as abandoned, not as just being uploaded."""


def digest_of(data: bytes) -> str:
    """Return the SHA-256 under which bytes are kept, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class ImageStore:
    """Files by SHA-256 in a folder; several processes may share it.

    Args:
        folder: Made when the first file comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()  # a part file is named after the process, not the thread

    def path(self, sha256: str) -> Path:
        """Return where the file of a digest lies, whether or not it is there."""
        return self.folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their digest; on return they are on the disk.

        Args:
            data: The whole file.

        Raises:
            StorageError: Disk full or no permission; nothing is left of the file.
        """
        sha256 = digest_of(data)
        path = self.path(sha256)
        with self._lock:
            try:
                if path.stat().st_size == len(data):
                    os.utime(path)  # keeps a file whose row is on its way from being swept
                    return sha256
            except FileNotFoundError:
                pass  # not there, or just now taken away by an erasure
            except OSError as error:
                raise StorageError.from_os_error(error, "reading a kept image") from error
            is_new_folder = not path.parent.is_dir()
            with replacing(path, "keeping an image") as file:
                file.write(data)
            _sync_folder(path.parent)
            if is_new_folder:
                _sync_folder(self.folder)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of a digest.

        Raises:
            DataError: The file is missing or is not the one that was kept.
        """
        try:
            data = self.path(sha256).read_bytes()
        except OSError:
            data = b""
        if digest_of(data) != sha256:
            raise DataError(
                f"The image {sha256[:12]}... must be in the store as it was kept; it is missing "
                "or damaged. Bring it back from a backup: cancerapy restore.",
                code="image_lost",
            )
        return data

    def has(self, sha256: str) -> bool:
        """Tell whether there is a file for a digest."""
        return self.path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        """Remove the file of a digest, if there is one."""
        self.path(sha256).unlink(missing_ok=True)

    def list_digests(self, *, older_than_s: float = 0) -> Iterator[str]:
        """Yield the digests of all files that are at least ``older_than_s`` seconds old."""
        newest = time.time() - older_than_s
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            is_kept = len(path.name) == hashlib.sha256().digest_size * 2
            # Another server may sweep, or erase, at the same time.
            with suppress(FileNotFoundError):
                if is_kept and path.stat().st_mtime <= newest:
                    yield path.name


def _sync_folder(folder: Path) -> None:
    """Put a new name in a folder on the disk; where a system cannot, its own order has to do."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
