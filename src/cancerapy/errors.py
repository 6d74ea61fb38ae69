"""Every error that CanceRapy raises on purpose, in one tree.

::

    CanceRapyError
    +-- UsageError                 the caller asked for something that cannot be (exit 2, HTTP 4xx)
    |   +-- UnknownNameError       no such task, cancer, backbone ... ; the nearest is offered (404)
    |   +-- InvalidRequestError    a field at fault, or a caller who may not ask (400 ... 415)
    |   +-- ImageError             the file is not an image we can judge (415, 413, 422)
    |   +-- PlanError              a training plan that contradicts itself
    +-- DataError                  a data set that is incomplete, corrupt or mislabelled
    |   +-- LeakError              a split with one group, duplicate or copy on two sides
    +-- BundleError                a model bundle that is missing, damaged or of another schema
    +-- StorageError               a file could not be written (disk full, no permission)
    +-- (records.faults)           RecordsError and three UsageErrors, of the patient records
    +-- DownloadError              a download failed or its checksum is wrong
    +-- ServerError                the server cannot start, for instance because its port is taken
    +-- ClientError                the app could not get an answer from its server
    |   +-- ServerDownError        nothing answers at the address
    |   +-- ServerSlowError        the answer did not come in time
    |   +-- CertificateError       the server's certificate is not trusted
    |   +-- NotOurServerError      something else answers at the address
    |   +-- ServerVersionError     a server of another version of the API
    |   +-- RefusedError           the server refuses the request and says why
    +-- MissingDependencyError     an optional package is not installed

A message has four parts: what must hold, what was given, where, and what to do. ``code`` is a
stable word for programs (each has an entry in ``docs/reference/errors.md``), ``field`` names the
part of a request at fault. Messages for HTTP never hold a path of the server.
"""

import errno
import importlib
from collections.abc import Iterable
from types import ModuleType
from typing import ClassVar

from cancerapy.nearest import offer_nearest


class CanceRapyError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: What must hold, what was given, where, and what to do.
        code: Stable machine-readable word; the class's own by default.
        field: Name of the request field or option at fault, if any.
    """

    default_code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    retry_after_s: int | None = None
    """After how many seconds the same may be asked again; ``None`` where waiting does not help."""

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field

    @property
    def status(self) -> int:
        """HTTP status that the API answers with."""
        return self.http_status


class UsageError(CanceRapyError):
    """The caller's mistake; nothing was done."""

    default_code = "usage"
    http_status = 400
    exit_code = 2


class UnknownNameError(UsageError):
    """A name that is not registered; the message lists the known ones and the nearest."""

    default_code = "unknown_name"
    http_status = 404

    @classmethod
    def of(cls, kind: str, name: str, known: Iterable[str]) -> "UnknownNameError":
        """Build the error for ``name``, offering the nearest of ``known``.

        Args:
            kind: What the name should name, for instance ``"task"``.
            name: The name as given.
            known: All names that exist.
        """
        names = sorted(known)
        hint = offer_nearest(name, names)
        message = f"No {kind} named '{name}'. Known: {', '.join(names) or 'none'}.{hint}"
        return cls(message, code=f"unknown_{kind.replace(' ', '_')}", field=kind)


class InvalidRequestError(UsageError):
    """A request with a missing, doubled or malformed field, or from someone who may not ask.

    The HTTP status follows from ``code`` by ``REQUEST_STATUS``; it is 400 for all other codes.
    """

    default_code = "invalid_request"

    @property
    def status(self) -> int:
        """HTTP status of this fault of a request."""
        return REQUEST_STATUS.get(self.code, self.http_status)


REQUEST_STATUS: dict[str, int] = {
    "token_required": 401, "sign_in_refused": 401, "host_refused": 403, "origin_refused": 403,
    "role_refused": 403, "own_record_only": 403, "account_unknown": 403, "permission_missing": 403,
    "upload_too_large": 413, "media_type_unsupported": 415,
    "sign_in_paused": 429, "too_many_requests": 429,
}  # fmt: skip
"""HTTP status by fault of a request, where it is not 400."""


class ImageError(UsageError):
    """A file that cannot be judged as an image.

    ``code`` is one of ``IMAGE_STATUS``; the HTTP status follows from it. On the command line a
    bad image is a failed input, not wrong use: exit status 1.
    """

    default_code = "image_corrupt"
    exit_code = 1

    @property
    def status(self) -> int:
        """HTTP status of this image fault."""
        return IMAGE_STATUS.get(self.code, 422)


IMAGE_STATUS: dict[str, int] = {
    "image_empty": 422,  # zero bytes
    "image_unsupported": 415,  # not an image, or a format that is not read
    "image_no_decoder": 415,  # a format that is read, without its decoder on this device
    "image_corrupt": 422,  # truncated or damaged
    "image_too_large": 413,  # more bytes than the limit
    "image_too_many_pixels": 413,  # decompression bomb or a whole slide
    "image_too_small": 422,  # fewer pixels than the model can use
    "image_no_pixels": 422,  # DICOM without pixel data
    "image_multi_frame": 422,  # several frames where one image is needed
    "image_unreadable": 422,  # a file that cannot be opened: missing, a folder, no permission
}
"""HTTP status by image fault."""


class PlanError(UsageError):
    """A training plan with an unknown field or a value out of range."""

    default_code = "plan_invalid"


class DataError(CanceRapyError):
    """A data set that is incomplete, corrupt or mislabelled."""

    default_code = "data_invalid"


class LeakError(DataError):
    """A split that has one group, duplicate or augmented copy on two sides."""

    default_code = "data_leak"


class BundleError(CanceRapyError):
    """A model bundle that is missing, damaged or of another schema."""

    default_code = "bundle_damaged"
    http_status = 503


class StorageError(CanceRapyError):
    """A file could not be written; what was there before is unchanged."""

    default_code = "storage_failed"
    http_status = 507

    @classmethod
    def from_os_error(cls, error: OSError, doing: str) -> "StorageError":
        """Build the error for an ``OSError`` met while ``doing`` something.

        Args:
            error: The operating system's error; its reason is shown.
            doing: What was being written, for instance ``"writing epoch 3 to runs/skin"``.
        """
        reason = error.strerror or str(error)
        what, to_do = _STORAGE_FAULTS.get(error.errno or 0, _OTHER_FAULT)
        return cls(
            f"{what} while {doing}: {reason}. What was finished is kept; {to_do} and run the same "
            "command again to go on.",
            code="disk_full" if error.errno == errno.ENOSPC else None,
        )


_NO_PERMISSION = ("No permission", "change it or give another place,")
_NO_FOLDER = ("A file stands where a folder is needed", "give another place,")
_OTHER_FAULT = ("Not enough room or no permission", "check the place")
_STORAGE_FAULTS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("Not enough room", "free some space"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _NO_PERMISSION),
    errno.EISDIR: ("A folder stands where a file is needed", "give another name,"),
    errno.EEXIST: _NO_FOLDER,
    errno.ENOTDIR: _NO_FOLDER,
    errno.ENOENT: ("No such place", "make its folder or give another path,"),
}
"""What is wrong and what to do, by the number of the operating system's error."""


class DownloadError(CanceRapyError):
    """A download that failed, or whose checksum is not the published one."""

    default_code = "download_failed"


class ServerError(CanceRapyError):
    """The server cannot start; the message says what to change."""

    default_code = "server_failed"


class ClientError(CanceRapyError):
    """The app could not get an answer from its server."""

    default_code = "client"


class ServerDownError(ClientError):
    """Nothing answers at the server's address."""

    default_code = "server_down"


class ServerSlowError(ClientError):
    """The server's answer did not come in time."""

    default_code = "server_slow"


class CertificateError(ClientError):
    """The server's certificate is not trusted by this device."""

    default_code = "certificate_refused"


class NotOurServerError(ClientError):
    """What answers at the address is not a CanceRapy server."""

    default_code = "not_our_server"


class ServerVersionError(ClientError):
    """The server speaks another version of the API than the app."""

    default_code = "server_version"


class RefusedError(ClientError):
    """The server refused the request; ``code``, ``message`` and ``field`` are its own."""

    default_code = "refused"


class MissingDependencyError(CanceRapyError):
    """An optional package is not installed; the message names the extra that brings it."""

    default_code = "dependency_missing"


def require(module: str, *, extra: str, feature: str) -> ModuleType:
    """Import an optional module or say which extra brings it.

    Args:
        module: Dotted module name, for instance ``"keras"``.
        extra: The extra of this package that installs it, for instance ``"train"``.
        feature: What needs it, in words.

    Raises:
        MissingDependencyError: The module cannot be imported.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingDependencyError(
            f"{feature} needs the package '{module}', which is not installed. "
            f"{how_to_install(extra)}"
        ) from error


def how_to_install(extra: str) -> str:
    """Return what installs an extra; the package is in no index, so from the repository.

    Args:
        extra: The extra of this package, for instance ``"train"``.
    """
    return f'Install what it needs, in the folder of the repository, with: pip install ".[{extra}]"'
