"""Single files out of a zip archive elsewhere, without fetching the rest of it.

A zip archive has its contents' list at its end, so that a server that hands out parts of a file
(``Range``) is asked for the list and for the wanted files alone. The archive's own checksum cannot
be compared that way; that of each file in it is.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import httpx

from cancerapy.cancers import Download
from cancerapy.data.content_range import read_content_range
from cancerapy.data.unpack import DAMAGE
from cancerapy.errors import DownloadError

_BUFFER = 2**17
_TIMEOUT_S = 30.0


class RemoteArchive:
    """A zip archive at an address.

    Args:
        archive: The open archive.
        item: Where it is.
    """

    def __init__(self, archive: zipfile.ZipFile, item: Download) -> None:
        self._archive = archive
        self._item = item

    @property
    def members(self) -> list[zipfile.ZipInfo]:
        """Its files, in the archive's order."""
        return [member for member in self._archive.infolist() if not member.is_dir()]

    def read(self, name: str) -> bytes:
        """Return the bytes of one of its files.

        Raises:
            DownloadError: The server does not answer, or the file is damaged.
        """
        with _told(self._item):
            return self._archive.read(name)


@contextmanager
def open_remote(item: Download) -> Iterator[RemoteArchive]:
    """Open a zip archive at its address.

    Args:
        item: Where it is.

    Raises:
        DownloadError: The server does not answer, hands out no parts, or the archive is damaged.
    """
    with _RemoteFile(item) as file:
        with _told(item):
            archive = zipfile.ZipFile(io.BufferedReader(file, _BUFFER))
        with archive:
            yield RemoteArchive(archive, item)


@contextmanager
def _told(item: Download) -> Iterator[None]:
    """Turn the errors of archives and connections into ours."""
    try:
        yield
    except DAMAGE as error:
        raise DownloadError(
            f"'{item.file_name}' must be an undamaged zip archive; what {item.url} sends is not "
            f"({error}). Try again later."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DownloadError(
            f"{item.url} must answer; it does not ({error or type(error).__name__}). Check the "
            "connection and run the same command again."
        ) from error


class _RemoteFile(io.RawIOBase):
    """A file at an address of which only the parts that are read are fetched."""

    def __init__(self, item: Download) -> None:
        self._item = item
        self._client = httpx.Client(follow_redirects=True, timeout=_TIMEOUT_S)
        self._place = 0
        self._size = 0

    def __enter__(self) -> "_RemoteFile":
        with _told(self._item):
            _, self._size = self._part(0, 1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise zipfile.BadZipFile("it is too short")
        self._place = start + offset
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        length = min(len(buffer), self._size - self._place)
        if length <= 0:
            return 0
        data, _ = self._part(self._place, length)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def _part(self, start: int, length: int) -> tuple[bytes, int]:
        """Return up to ``length`` bytes from ``start``, and the size of the whole file."""
        headers = {"Accept-Encoding": "identity", "Range": f"bytes={start}-{start + length - 1}"}
        with self._client.stream("GET", self._item.url, headers=headers) as answer:
            found = read_content_range(answer)
            is_part = answer.status_code == httpx.codes.PARTIAL_CONTENT
            if not is_part or found is None or found.start != start or found.total is None:
                raise DownloadError(
                    f"{self._item.url} must hand out parts of the file; the server answers "
                    f"{answer.status_code} {answer.reason_phrase}. Fetch all of it with "
                    "'cancerapy data download'."
                )
            data = b"".join(answer.iter_raw())[:length]
        return data, found.total
