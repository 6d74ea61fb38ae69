"""Builds the HTTP application from the settings; nothing is read or loaded on import."""

from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Response

from cancerapy import __version__
from cancerapy.api import (
    accounts,
    answers,
    audit,
    consents,
    decisions,
    docs,
    examinations,
    health,
    models,
    own_tokens,
    patients,
    people,
    predictions,
    provider,
    reviews,
    sign_in,
    tasks,
)
from cancerapy.api.access import check_settings, check_site, is_loopback, set_security_headers
from cancerapy.api.error_handler import register_error_handlers
from cancerapy.api.gate import Gate
from cancerapy.api.openapi import complete_spec
from cancerapy.api.people import People
from cancerapy.api.request_log import begin_request, finish_request
from cancerapy.api.state import EXTENSION, ApiState, ServesTasks
from cancerapy.api.uploads import UploadRequest, body_limit_bytes, check_body_size
from cancerapy.cancers import list_tasks
from cancerapy.records.on_demand import RecordsOnDemand
from cancerapy.settings import Settings

DESCRIPTION = (
    "Classifies images of cancer and says what the answer is worth. Send an image to "
    "`/api/v1/predict/<task>` as the file `image` of a form."
)


BLUEPRINTS = (
    predictions.blueprint,
    decisions.blueprint,
    patients.blueprint,
    consents.blueprint,
    examinations.blueprint,
    answers.blueprint,
    reviews.blueprint,
    audit.blueprint,
    tasks.blueprint,
    models.blueprint,
    health.blueprint,
    sign_in.blueprint,
    own_tokens.blueprint,
    accounts.blueprint,
    provider.blueprint,
    docs.blueprint,
)
"""Every group of routes, in the order of the API's description; one module each."""


def create_app(settings: Settings, *, served: ServesTasks | None = None) -> APIFlask:
    """Return the HTTP application.

    Args:
        settings: Resolved settings.
        served: The models that answer; those of ``settings.bundles`` by default.

    Raises:
        UsageError: The server would be within reach of other machines without token or account.
    """
    records = RecordsOnDemand(settings)
    known = People(settings, records.get)
    needs_accounts = not settings.token and not is_loopback(settings.host)
    check_settings(settings, has_accounts=needs_accounts and known.exist())
    app = APIFlask(
        "cancerapy.api",
        title="CanceRapy",
        version=__version__,
        docs_path=None,
        json_errors=False,
        static_folder="static",
        static_url_path="/docs",
    )
    _configure(app, settings)
    app.extensions[EXTENSION] = ApiState(settings, served or _load_models(settings), records)
    app.extensions[people.EXTENSION] = known
    _add_hooks(app, settings, Gate(settings, known))
    register_error_handlers(app)
    aliases = APIBlueprint("aliases", __name__, tag="The report's routes")
    predictions.add_alias_routes(aliases)
    for blueprint in (*BLUEPRINTS, aliases):
        app.register_blueprint(blueprint)
    return app


def _load_models(settings: Settings) -> ServesTasks:
    from cancerapy.readers import ReadLimits
    from cancerapy.runtime.models import Models

    limits = ReadLimits(settings.max_upload_mb * 1_000_000, settings.max_megapixels)
    return Models(settings.bundles, workers=settings.workers, limits=limits)


def _configure(app: APIFlask, settings: Settings) -> None:
    app.request_class = UploadRequest
    app.description = DESCRIPTION
    # The server's name is left out, since what a caller writes into Host would be repeated.
    app.servers = [{"url": "/"}]
    app.config.update(
        MAX_CONTENT_LENGTH=body_limit_bytes(settings.max_upload_mb),
        MAX_FORM_PARTS=settings.max_batch + 100,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_OPERATION_ID=True,
    )


def _add_hooks(app: APIFlask, settings: Settings, gate: Gate) -> None:
    app.before_request(begin_request)
    app.before_request(lambda: check_site(settings))
    app.before_request(gate.check)
    app.before_request(lambda: check_body_size(settings.max_upload_mb))

    @app.after_request
    def finish(response: Response) -> Response:
        state = app.extensions[EXTENSION]
        return finish_request(set_security_headers(response), state.metrics)

    @app.spec_processor
    def complete(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
        # It is text only where YAML is asked for, which no setting here does.
        return complete_spec(spec, list(list_tasks())) if isinstance(spec, dict) else spec
