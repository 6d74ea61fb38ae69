"""Fetch one file: goes on where it stopped, checks, and takes its name at the end.

What has arrived lies in ``<name>.part``; ``<name>.part.version`` holds the server's word for the
file's version (its ETag), so that a file that changed in between is never glued to an old half.
"""

import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from cancerapy.cancers import Download
from cancerapy.data.content_range import read_content_range
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import DownloadError, StorageError

_WORTH_ANOTHER_TRY = frozenset([408, 425, 429, 500, 502, 503, 504])
_LONGEST_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a broken download is taken up again.

    Args:
        attempts: Failures in a row without a single new byte after which it gives up.
        wait_s: Pause after the first failure in seconds; doubles with each, up to 30.
        timeout_s: How long the server may be silent, in seconds.
    """

    attempts: int = 5
    wait_s: float = 1.0
    timeout_s: float = 30.0


_USUAL = Patience()


def download_file(
    item: Download,
    folder: Path,
    *,
    progress: Progress = silent,
    patience: Patience = _USUAL,
) -> Path:
    """Fetch one file; run again after an interruption it goes on where it stopped.

    Args:
        item: What to fetch.
        folder: Where to put it; made if needed.
        progress: Told of the bytes.
        patience: How often to try.

    Returns:
        The complete file.

    Raises:
        DownloadError: The server refuses or fails for good, or the checksum is wrong.
        StorageError: There is not enough room or no permission.
    """
    target = folder / item.file_name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if target.is_file() and has_checksum(target, item.checksum):
            return target
        part = _Part(target)
        _fetch(item, part, progress, patience)
        if not has_checksum(part.path, item.checksum):
            part.discard()
            raise DownloadError(
                f"'{item.file_name}' must have the published checksum ({item.checksum}); what "
                f"{item.url} sent has another. The file was damaged on its way or has changed "
                "there: it was removed, run the same command again."
            )
        part.finish()
    except OSError as error:
        raise StorageError.from_os_error(error, f"writing '{item.file_name}'") from error
    return target


def has_checksum(path: Path, checksum: str | None) -> bool:
    """Return whether a file has a checksum, ``"md5:..."`` for instance; true for ``None``."""
    if checksum is None:
        return True
    kind, _, digest = checksum.partition(":")
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest() == digest.lower()


class _Part:
    """The part of a file that has arrived.

    Args:
        target: The file's name once it is complete.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}.part")
        self._version = target.with_name(f"{target.name}.part.version")

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def version(self) -> str:
        """The server's word for the version that they are of; empty where unknown."""
        return self._version.read_text(encoding="ascii") if self._version.is_file() else ""

    def open_from(self, start: int, version: str) -> IO[bytes]:
        """Open for what comes after the first ``start`` bytes."""
        if start == 0:
            self._version.write_text(version, encoding="ascii")
        file = self.path.open("ab")
        file.truncate(start)
        return file

    def discard(self) -> None:
        """Forget what has arrived."""
        self.path.unlink(missing_ok=True)
        self._version.unlink(missing_ok=True)

    def finish(self) -> None:
        """Give the file its name."""
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
        self.path.replace(self.target)
        self._version.unlink(missing_ok=True)


def _fetch(item: Download, part: _Part, progress: Progress, patience: Patience) -> None:
    """Bring the part to the file's full length, trying again after what may pass."""
    failures = 0
    timeout = httpx.Timeout(patience.timeout_s)
    with httpx.Client(follow_redirects=True, timeout=timeout) as client:
        while True:
            before = part.size
            try:
                if _receive(client, item, part, progress):
                    return
                reason = "the connection ended early"
            except (httpx.TransportError, httpx.TooManyRedirects, httpx.InvalidURL) as error:
                reason = str(error) or type(error).__name__
            failures = 1 if part.size > before else failures + 1
            if failures >= patience.attempts:
                raise DownloadError(
                    f"{item.url} must answer; {patience.attempts} attempts in a row brought "
                    f"nothing ({reason}). {part.size:,} bytes are kept: check the connection and "
                    "run the same command again to go on."
                )
            time.sleep(min(_LONGEST_WAIT_S, patience.wait_s * 2 ** (failures - 1)))


def _receive(client: httpx.Client, item: Download, part: _Part, progress: Progress) -> bool:
    """Send one request and keep what it brings; true if the file is complete."""
    headers = {"Accept-Encoding": "identity"}
    if part.size:
        headers["Range"] = f"bytes={part.size}-"
        if part.version:
            headers["If-Range"] = part.version
    with client.stream("GET", item.url, headers=headers) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _is_all(answer, part)
        _check_status(answer, item)
        start, total = _span(answer, part.size)
        _check_room(part.path.parent, total - start, item.file_name)
        with part.open_from(start, _version_of(answer)) as file:
            done = start
            progress(done, total)
            for block in answer.iter_raw():
                file.write(block)
                done += len(block)
                progress(done, total)
        return total == 0 or done == total


def _is_all(answer: httpx.Response, part: _Part) -> bool:
    """Whether the server has nothing after the part because it is the whole file."""
    found = read_content_range(answer)
    if found and found.total == part.size:
        return True
    part.discard()  # longer than the file: begin anew
    return False


def _check_status(answer: httpx.Response, item: Download) -> None:
    if answer.status_code in _WORTH_ANOTHER_TRY:
        raise httpx.TransportError(f"the server answers {answer.status_code}")
    if answer.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        raise DownloadError(
            f"'{item.file_name}' must be at {item.url}; the server answers {answer.status_code} "
            f"{answer.reason_phrase}. Look at the data set's page whether it has moved."
        )


def _span(answer: httpx.Response, size: int) -> tuple[int, int]:
    """Return where the answer's bytes begin and how long the whole file is (0 if unknown).

    A server without ranges answers 200 and sends the file from its beginning.
    """
    if answer.status_code == httpx.codes.PARTIAL_CONTENT:
        found = read_content_range(answer)
        if found is None or found.start != size:
            raise httpx.TransportError("the server sends another range than asked for")
        return size, found.total or 0
    length = answer.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else 0


def _version_of(answer: httpx.Response) -> str:
    """Return what ``If-Range`` takes: a strong ETag, else nothing."""
    tag = str(answer.headers.get("ETag", ""))
    return tag if tag.startswith('"') and tag.isascii() else ""


def _check_room(folder: Path, n_bytes: int, name: str) -> None:
    free = shutil.disk_usage(folder).free
    if n_bytes > free:
        raise StorageError(
            f"'{name}' needs {n_bytes / 1e6:,.0f} MB more room in '{folder}'; {free / 1e6:,.0f} MB "
            "are free. Free some space and run the same command again.",
            code="disk_full",
        )
