"""The files and options of a request, or the reason why they cannot be used.

Size is decided from ``Content-Length`` before anything is read; a body without one is cut off at
the limit. A field or option that is not known is refused rather than ignored.
"""

import difflib
import io
from collections.abc import Collection, Iterable
from typing import IO

from flask import Request, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestTimeout
from werkzeug.formparser import FormDataParser

from cancerapy.errors import InvalidRequestError

MULTIPART_ROOM_BYTES = 65_536
"""What boundaries and headers may add to the images themselves."""


TIMED_OUT = "cancerapy.body_timed_out"
"""Entry of the WSGI environment: the body did not arrive in time, or the server is stopping."""


class UploadRequest(Request):
    """A request whose files stay in memory.

    The size of a body is limited, so that the usual detour over a temporary file for anything
    above 500 kB would only cost time and leave patient images on the disk.
    """

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()

    def make_form_data_parser(self) -> FormDataParser:
        """Return the parser of forms; a form that it cannot read is an error, not an empty one."""
        parser = super().make_form_data_parser()
        parser.silent = False
        return parser


def body_limit_bytes(max_upload_mb: int) -> int:
    """Return the largest body in bytes for uploads of ``max_upload_mb`` (10^6 bytes each)."""
    return max_upload_mb * 1_000_000 + MULTIPART_ROOM_BYTES


def check_body_size(max_upload_mb: int) -> None:
    """Check the announced size of the current request before anything of it is read.

    Raises:
        InvalidRequestError: It is above the limit.
        RequestTimeout: The server gave up waiting for the rest of it.
    """
    if request.environ.get(TIMED_OUT):
        raise RequestTimeout
    announced = request.content_length or 0
    if announced > body_limit_bytes(max_upload_mb):
        raise InvalidRequestError(
            f"A request may have at most {max_upload_mb} MB; this one has "
            f"{announced / 1e6:.1f} MB. Send a smaller image, or fewer at once.",
            code="upload_too_large",
            field="body",
        )


def check_known(given: Iterable[str | None], known: Iterable[str], kind: str) -> None:
    """Check that every name of ``given`` is one of ``known``.

    Args:
        given: Names in the request; a part of a form may have none.
        known: Names that the route reads.
        kind: What they are, for the message.

    Raises:
        InvalidRequestError: One is not; the nearest is offered.
    """
    names = sorted(known)
    for name in given:
        if name in names:
            continue
        shown = (name or "")[:40]
        nearest = difflib.get_close_matches(shown, names, n=1, cutoff=0.3)
        hint = f" Did you mean '{nearest[0]}'?" if nearest else ""
        listed = " and ".join(f"'{entry}'" for entry in names)
        reads = f"reads only the {kind} {listed}" if names else f"reads no {kind}"
        raise InvalidRequestError(
            f"This route {reads}; the request has '{shown}'.{hint}",
            code="field_unknown",
            field=shown,
        )


def check_no_options() -> None:
    """Check that the current request has no query options.

    Raises:
        InvalidRequestError: It has one.
    """
    check_known(request.args, [], "option")


def read_choice(name: str, choices: tuple[str, ...]) -> str | None:
    """Return the query option ``name``, or ``None`` if it is not given.

    Raises:
        InvalidRequestError: Its value is none of ``choices``, or it is given twice.
    """
    values = request.args.getlist(name)
    if not values:
        return None
    if len(values) > 1 or values[0] not in choices:
        raise InvalidRequestError(
            f"The option '{name}' must be one of {', '.join(choices)}, given once; it is "
            f"{', '.join(repr(value[:40]) for value in values[:3])}.",
            code="option_invalid",
            field=name,
        )
    return values[0]


def read_uploads(
    field: str, *, max_files: int, texts: Collection[str] = (), lists: Collection[str] = ()
) -> list[bytes]:
    """Return the files of the form field ``field``, in order.

    Args:
        field: Name of the form field.
        max_files: How many files are accepted.
        texts: Names of further fields that hold text and may be left out.
        lists: Names of such fields that may be given several times.

    Raises:
        InvalidRequestError: The body is not a form; the field is missing, holds text, or another
            one is present; a text is given twice or as a file; there are too many files.
    """
    _check_is_form(field)
    _check_is_readable(field)
    files = request.files.getlist(field)
    names = [*request.files, *(name for name in request.form if name != field)]
    check_known(names, [field, *texts, *lists], "form field")
    _check_texts(texts)
    for name in lists:
        check_known([name] if name in request.files else [], [field], "file field")
    given = [file for file in files if file.filename or _has_bytes(file)]
    if field in request.form or not given:
        raise InvalidRequestError(_missing_file(field), code="image_missing", field=field)
    if len(given) > max_files:
        number = "one file" if max_files == 1 else f"at most {max_files} files"
        raise InvalidRequestError(
            f"This route takes {number} in the form field '{field}'; the request has "
            f"{len(given)}. Send the others in requests of their own, or use the batch route.",
            code="too_many_files",
            field=field,
        )
    return [_read(file) for file in given]


def _check_texts(names: Collection[str]) -> None:
    for name in names:
        if name in request.files or len(request.form.getlist(name)) > 1:
            raise InvalidRequestError(
                f"The form field '{name}' must be text, given once; it is a file, or given twice. "
                "Correct it, or leave it out.",
                code="field_invalid",
                field=name,
            )


def _check_is_form(field: str) -> None:
    if request.mimetype != "multipart/form-data":
        found = f"'{request.mimetype[:60]}'" if request.mimetype else "of no stated type"
        raise InvalidRequestError(
            f"The body must be a form (multipart/form-data) with a file in the field '{field}'; "
            f"it is {found}. With curl: -F {field}=@picture.jpg",
            code="media_type_unsupported",
            field=field,
        )


def _check_is_readable(field: str) -> None:
    try:
        _ = request.files  # reads the body
    except UnicodeDecodeError as error:
        raise InvalidRequestError(
            "The names in a form must be in UTF-8; one of this form is not. Give the file another "
            f"name. With curl: -F '{field}=@picture.jpg;filename=picture.jpg'",
            code="bad_request",
            field=field,
        ) from error
    except ValueError as error:
        raise InvalidRequestError(
            "The form must be whole and its boundary be named in Content-Type; this one is cut "
            f"off or was built by hand. Let your program build it. With curl: -F "
            f"{field}=@picture.jpg",
            code="bad_request",
            field=field,
        ) from error


def _missing_file(field: str) -> str:
    found = "text in that field" if field in request.form else "no file in it"
    return (
        f"The form must have a file in the field '{field}'; the request has {found}. "
        f"With curl: -F {field}=@picture.jpg"
    )


def _has_bytes(file: FileStorage) -> bool:
    first = file.stream.read(1)
    file.stream.seek(0)
    return bool(first)


def _read(file: FileStorage) -> bytes:
    stream = file.stream
    return stream.getvalue() if isinstance(stream, io.BytesIO) else stream.read()
