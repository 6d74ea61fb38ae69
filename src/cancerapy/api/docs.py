"""The page that shows the OpenAPI description and lets a reader try each route.

It is drawn on the server from the same description that programs read, and loads nothing from any
other host, so that it works in a clinic without a connection.
"""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, make_response, render_template

from cancerapy.api.uploads import check_no_options
from cancerapy.contract import STATEMENT

blueprint = APIBlueprint("docs", __name__, enable_openapi=False)

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@blueprint.get("/docs")
def get_docs() -> Response:
    """Return the description as a page."""
    check_no_options()
    spec = current_app.spec  # type: ignore[attr-defined]  # APIFlask's addition
    page = render_template(
        "docs.html",
        spec=spec,
        groups=group_operations(spec),
        schemas=spec["components"]["schemas"],
        statement=STATEMENT,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def group_operations(spec: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the operations of ``spec`` by tag, each with its path, method, form and options.

    Args:
        spec: OpenAPI description.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            entry = {"path": path, "method": method.upper(), **operation}
            entry["files"], entry["texts"] = _form_fields(operation)
            for tag in operation.get("tags", ["Other"]):
                groups.setdefault(tag, []).append(entry)
    return groups


def _form_fields(operation: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the fields of an operation's form that are files, and those that are text."""
    content = operation.get("requestBody", {}).get("content", {})
    form = content.get("multipart/form-data", {}).get("schema", {})
    files, texts = [], []
    for name, schema in form.get("properties", {}).items():
        if "type" in schema:  # text fields have none, see ``openapi.examination_form``
            files.append({"name": name, "several": schema["type"] == "array"})
        else:
            texts.append({"name": name, "note": schema["description"]})
    return files, texts
