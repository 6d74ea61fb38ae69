"""For balancers and monitoring: is the process alive, can it answer, what has it done."""

from apiflask import APIBlueprint
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST

from cancerapy.api.openapi import documented
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_state
from cancerapy.api.uploads import check_no_options
from cancerapy.cancers import list_cancers
from cancerapy.contract.responses import About
from cancerapy.contract.service import Liveness, Readiness
from cancerapy.readers import ReadLimits
from cancerapy.runtime.offer import describe_service

blueprint = APIBlueprint("health", __name__, tag="Health")


@blueprint.get("/api/v1/about")
@documented(blueprint, About)
def get_about() -> Response:
    """Say who answers, and within which limits."""
    check_no_options()
    settings = current_state().settings
    return json_response(
        describe_service(ReadLimits(settings.max_upload_mb * 1_000_000, settings.max_megapixels))
    )


@blueprint.get("/livez")
@documented(blueprint, Liveness)
def get_liveness() -> Response:
    """Tell whether the process answers."""
    check_no_options()
    return json_response(Liveness("alive"))


@blueprint.get("/readyz")
@documented(blueprint, Readiness, also=(503,))
def get_readiness() -> Response:
    """Tell whether every cancer has a model that answers; 503 if one has none."""
    check_no_options()
    problems = current_state().models.problems()
    ready = tuple(name for name in list_cancers() if name not in problems)
    status = "not_ready" if problems else "ready"
    return json_response(Readiness(status, ready, problems), 503 if problems else 200)


@blueprint.get("/metrics")
@documented(blueprint, "text/plain")
def get_metrics() -> Response:
    """Return the server's counters in the text format of Prometheus."""
    check_no_options()
    return Response(current_state().metrics.to_text(), content_type=CONTENT_TYPE_LATEST)
