"""One line per request, for programs: what was asked and how it went, nothing about the person.

Neither file names nor addresses nor what an image shows are written. The lines go to the logger
``cancerapy.requests``; whoever runs the application decides where that ends.
"""

import logging
import time

import structlog
from flask import Response, g, request

from cancerapy.api.metrics import Metrics
from cancerapy.api.request_context import HEADER, assign_request_id, current_request_id

logger = structlog.wrap_logger(
    logging.getLogger("cancerapy.requests"),
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ],
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def begin_request() -> None:
    """Note when the current request began and give it its id."""
    g.began = time.perf_counter()
    assign_request_id()


def finish_request(response: Response, metrics: Metrics) -> Response:
    """Count and log the current request; put its id on the response."""
    seconds = time.perf_counter() - g.began
    rule = request.url_rule
    route = rule.rule if rule is not None else "(none)"
    method = request.method if rule is not None else "(any)"
    metrics.count_request(route, method, response.status_code, seconds)
    response.headers[HEADER] = current_request_id()
    logger.info(
        "request",
        request_id=current_request_id(),
        route=route,
        method=method,
        status=response.status_code,
        duration_ms=round(seconds * 1000, 2),
        bytes_in=request.content_length or 0,
    )
    return response
