"""Requests that wait for the server, as files on the device.

A request is written before it is sent and removed once its answer is kept. Whenever the app is
closed or killed, it is therefore here or in the history, and perhaps in both, but never nowhere.
Its id becomes the answer's, so an answer that arrives twice is kept once.
"""

import errno
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cancerapy.app.decode import from_json
from cancerapy.app.state import Answers, Waiting
from cancerapy.atomic import replacing
from cancerapy.contract.responses import TaskResponse
from cancerapy.errors import StorageError

SUFFIX = ".waiting"
MAX_REQUESTS = 50
MAX_BYTES = 250_000_000


class Outbox:
    """Keeps requests in a folder, a file each: a line of JSON, then the image's own bytes.

    Only one process may use the folder.

    Args:
        folder: The app's own storage on the device; made when it is first needed.
        max_requests: How many may wait.
        max_bytes: How much all of them may take.
    """

    def __init__(
        self, folder: Path, *, max_requests: int = MAX_REQUESTS, max_bytes: int = MAX_BYTES
    ) -> None:
        self._folder = folder
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._remove_halves()

    def add(self, request_id: str, task: TaskResponse, answers: Answers, image: bytes) -> Waiting:
        """Write a request; when this returns, it survives the end of the app.

        Args:
            request_id: Moment of the request, ISO 8601 in UTC.
            task: What is asked.
            answers: What the patient said.
            image: The bytes that are sent.

        Raises:
            StorageError: Too many requests wait, or the device has no room; those that wait are
                unchanged.
        """
        self._check_room(len(image))
        header = {"id": request_id, "task": asdict(task), "answers": dict(answers)}
        try:
            with replacing(self._path(request_id)) as file:
                file.write(json.dumps(header, ensure_ascii=False).encode() + b"\n")
                file.write(image)
        except StorageError as error:
            raise StorageError(
                "The app must be able to store a request on this device; there is no room or no "
                "permission. Free some space, or send it once the server is within reach.",
                code="outbox_unwritable",
            ) from error
        return Waiting(request_id, task, answers, len(image))

    def waiting(self) -> tuple[Waiting, ...]:
        """Return the requests that wait, the oldest first."""
        found = [_read_header(path) for path in self._files()]
        return tuple(sorted((one for one in found if one), key=lambda one: one.id))

    def image(self, request_id: str) -> bytes:
        """Return the bytes of a request's image.

        Raises:
            StorageError: The request is not there.
        """
        try:
            return self._path(request_id).read_bytes().partition(b"\n")[2]
        except OSError as error:
            raise StorageError.from_os_error(error, "reading a request that waits") from error

    def remove(self, request_id: str) -> None:
        """Forget a request for good; nothing happens if it is not there."""
        with suppress(OSError):
            self._path(request_id).unlink()

    def clear(self) -> None:
        """Forget every request for good, those that cannot be read as well."""
        for path in self._files():
            with suppress(OSError):
                path.unlink()

    def _path(self, request_id: str) -> Path:
        # A colon is not allowed in the names of some devices' files.
        return self._folder / (re.sub(r"[^\w.-]", "_", request_id) + SUFFIX)

    def _files(self) -> Iterator[Path]:
        yield from sorted(self._folder.glob(f"*{SUFFIX}"))

    def _check_room(self, n_bytes: int) -> None:
        sizes = [path.stat().st_size for path in self._files()]
        if len(sizes) < self._max_requests and sum(sizes) + n_bytes <= self._max_bytes:
            return
        raise StorageError(
            f"At most {self._max_requests} requests and {self._max_bytes // 1_000_000} MB may "
            f"wait for the server; {len(sizes)} with {sum(sizes) // 1_000_000} MB do. Wait until "
            "they are sent, or delete some in the history.",
            code="outbox_full",
        )

    def _remove_halves(self) -> None:
        """Remove what was being written when the app was killed; it was never promised."""
        for path in self._folder.glob(f".*{SUFFIX}.*.part"):
            with suppress(OSError):
                path.unlink()


def _read_header(path: Path) -> Waiting | None:
    try:
        with path.open("rb") as file:
            line = file.readline()
        header: dict[str, Any] = json.loads(line)
        task = from_json(TaskResponse, header["task"])
        n_bytes = path.stat().st_size - len(line)
        return Waiting(str(header["id"]), task, dict(header["answers"]), n_bytes)
    except OSError as error:
        if error.errno == errno.ENOENT:  # sent and removed in between
            return None
        raise StorageError.from_os_error(error, "reading the requests that wait") from error
    except (KeyError, TypeError, ValueError):
        return None
