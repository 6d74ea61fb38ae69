"""Every failure as one body: code, message, field, request id.

A caller's mistake keeps its own message. For a fault of the server the message says only which
kind it is; what happened stands in the log under the same request id, since it may hold paths.
"""

import difflib
import logging

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from cancerapy.api.rendering import json_response
from cancerapy.api.request_context import current_request_id
from cancerapy.contract.responses import ErrorBody
from cancerapy.errors import CanceRapyError

logger = logging.getLogger("cancerapy.api")

HTTP_ERRORS = {
    400: ("bad_request", "The request could not be read as HTTP; check how it was built."),
    408: (
        "request_timeout",
        "The request did not arrive in time, or the server is stopping; send it again.",
    ),
    413: ("upload_too_large", "The request is larger than this server accepts."),
    415: ("media_type_unsupported", "The body is of a kind that this route does not read."),
}
"""Code and message of the faults that the HTTP layer itself finds, by status."""

_SERVER_FAULTS = {
    500: "The server met a fault of its own; the request was not at fault. Tell whoever runs it, "
    "with the request id.",
    503: "The model for this request cannot be used on this server right now. '/readyz' names the "
    "models at fault; whoever runs the server finds the reason in its log, under the request id.",
    507: "The server could not store something. Whoever runs it finds the reason in the log, "
    "under the request id.",
}

_RECORD_FAULTS = {
    "records_busy": "The records are in use by another program and could not be written to; "
    "nothing was changed. Try again in a moment.",
    "records_unavailable": "The records cannot be used on this server right now; nothing was "
    "changed. Whoever runs it finds the reason in its log, under the request id.",
    "records_outdated": "The records were made for another version of this server; nothing was "
    "changed. Whoever runs it finds the reason in its log, under the request id.",
    "disk_full": "The server has no room left; nothing was changed. Tell whoever runs it, then "
    "send the same again.",
    "erasure_incomplete": "The record was erased, but decoded pixels that a training left were "
    "not. Tell whoever runs the server: its log says what to do, under the request id.",
}


def to_error_body(error: CanceRapyError) -> ErrorBody:
    """Return what a caller may see of ``error``.

    A message with a status of 500 or more is replaced, because it may name files of the server;
    the original goes to the log.
    """
    message = error.message
    if error.status >= 500:
        logger.error("%s %s: %s", current_request_id(), error.code, error.message)
        by_status = _SERVER_FAULTS.get(error.status, _SERVER_FAULTS[500])
        message = _RECORD_FAULTS.get(error.code, by_status)
    field = None if error.field is None else _writable(error.field)
    return ErrorBody(error.code, _writable(message), field, current_request_id())


def _writable(text: str) -> str:
    """Return a text that repeats what was given, as it can be sent.

    Half a pair of UTF-16, which an escape in JSON can hold and UTF-8 cannot, becomes that escape.
    """
    return text.encode(errors="backslashreplace").decode()


def register_error_handlers(app: Flask) -> None:
    """Let ``app`` answer every failure with an ``ErrorBody``."""
    app.register_error_handler(CanceRapyError, _answer_own)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unexpected)


def _answer_own(error: CanceRapyError) -> Response:
    response = json_response(to_error_body(error), error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _answer_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # a redirect is an exception to Werkzeug
        return Response(status=status, headers=error.get_headers(request.environ))
    if isinstance(error, NotFound):
        code, message = "route_unknown", _unknown_route()
    elif isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(set(error.valid_methods or ()) - {"HEAD", "OPTIONS"}))
        code = "method_not_allowed"
        message = f"This address takes {allowed}; the request was {request.method}."
    elif status >= 500:
        code, message = "internal_error", _SERVER_FAULTS.get(status, _SERVER_FAULTS[500])
    else:
        code, message = HTTP_ERRORS.get(status, HTTP_ERRORS[400])
    response = json_response(ErrorBody(code, message, None, current_request_id()), status)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _unknown_route() -> str:
    known = sorted({rule.rule for rule in current_app.url_map.iter_rules() if not rule.arguments})
    nearest = difflib.get_close_matches(request.path, known, n=1, cutoff=0.6)
    hint = f" Did you mean '{nearest[0]}'?" if nearest else ""
    return f"There is nothing at this address.{hint} All addresses are listed at '/docs'."


def _answer_unexpected(error: Exception) -> Response:
    logger.error("%s internal_error", current_request_id(), exc_info=error)
    body = ErrorBody("internal_error", _SERVER_FAULTS[500], None, current_request_id())
    return json_response(body, 500)
