"""Which models answer, what they were measured to be worth, and their cards."""

from apiflask import APIBlueprint
from flask import Response

from cancerapy.api.openapi import documented
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_state
from cancerapy.api.uploads import check_no_options
from cancerapy.bundle.schema import BundleFields
from cancerapy.contract.responses import ModelList, ModelResponse
from cancerapy.errors import UnknownNameError
from cancerapy.runtime.offer import describe_model

blueprint = APIBlueprint("models", __name__, tag="Models")


@blueprint.get("/api/v1/models")
@documented(blueprint, ModelList)
def get_models() -> Response:
    """List the models that answer."""
    check_no_options()
    by_name = _fields_by_name()
    return json_response(
        ModelList(tuple(describe_model(by_name[name]) for name in sorted(by_name)))
    )


@blueprint.get("/api/v1/models/<name>")
@documented(blueprint, ModelResponse, errors=(404,))
def get_model(name: str) -> Response:
    """Describe one model: results, licences, digests."""
    check_no_options()
    return json_response(describe_model(_find(name)))


@blueprint.get("/api/v1/models/<name>/card")
@documented(blueprint, "text/markdown", errors=(404, 503))
def get_card(name: str) -> Response:
    """Return the model's card."""
    check_no_options()
    card = current_state().models.card(_find(name).cancer)
    return Response(card, mimetype="text/markdown")


@blueprint.get("/api/v1/models/<name>/files/<file>")
@documented(blueprint, "application/octet-stream", errors=(404, 503))
def get_file(name: str, file: str) -> Response:
    """Return one file of the model's bundle: `bundle.json`, or one that it names.

    With all of them a device answers by itself. `bundle.json` holds the digest of every other.
    """
    check_no_options()
    data = current_state().models.read_file(_find(name).cancer, file)
    return Response(data, mimetype="application/octet-stream")


def _fields_by_name() -> dict[str, BundleFields]:
    return {fields.name: fields for fields in current_state().models.fields().values()}


def _find(name: str) -> BundleFields:
    by_name = _fields_by_name()
    if name not in by_name:
        raise UnknownNameError.of("model", name[:60], by_name)
    return by_name[name]
