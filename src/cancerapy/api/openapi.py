"""The OpenAPI description: what the routes say about themselves, completed from ``contract``.

Paths, parameters and summaries come from the views through APIFlask; bodies and answers from the
dataclasses; the names of tasks from the cancers. None of it is written twice.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from apiflask import APIBlueprint

from cancerapy.api.rendering import build_request_schemas, build_schemas
from cancerapy.contract import Examination, RecordedDecision, accounts, audit, people, records
from cancerapy.contract.queue import ReviewQueue
from cancerapy.contract.requests import NewAnswers, NewConsent, NewReview, PatientDetails
from cancerapy.contract.responses import (
    About,
    BatchResponse,
    ErrorBody,
    ModelList,
    ModelResponse,
    PredictionResponse,
    TaskList,
    TaskResponse,
)
from cancerapy.contract.service import Liveness, Readiness
from cancerapy.readers import FORMATS

ANSWERS: tuple[type, ...] = (
    About,
    BatchResponse,
    ErrorBody,
    Examination,
    Liveness,
    ModelList,
    ModelResponse,
    PredictionResponse,
    Readiness,
    RecordedDecision,
    TaskList,
    TaskResponse,
    accounts.AccountAdded,
    accounts.AccountPage,
    accounts.AccountRecord,
    accounts.PasswordGiven,
    accounts.TokenList,
    accounts.TokenMade,
    people.AccountResponse,
    people.SignInWays,
    people.SignedIn,
    people.TokensEnded,
    records.Agreement,
    records.AnswersRecord,
    records.DecisionHistory,
    audit.AuditCheck,
    audit.AuditPage,
    records.ConsentHistory,
    records.ConsentRecord,
    records.ErasureRecord,
    records.ExaminationPage,
    records.ExaminationRecord,
    records.PatientExport,
    records.PatientPage,
    records.PatientRecord,
    records.PredictionPage,
    records.PredictionRecord,
    records.ReviewRecord,
    ReviewQueue,
)

REQUESTS: tuple[type, ...] = (
    NewAnswers,
    NewConsent,
    NewReview,
    PatientDetails,
    accounts.AccountChange,
    accounts.AccountRequest,
    accounts.NewPassword,
    accounts.TokenRequest,
    people.CodeRequest,
    people.PasswordRequest,
    people.SignInRequest,
)

HEATMAP_CHOICES = ("png", "values")

HEATMAP_PARAMETER: dict[str, Any] = {
    "name": "heatmap",
    "in": "query",
    "required": False,
    "description": "Add the heat map of the predicted class: as numbers (`values`) or also as a "
    "picture with the heat map over it (`png`).",
    "schema": {"type": "string", "enum": list(HEATMAP_CHOICES)},
}

_ERROR_TEXTS = {
    400: "A field or option is missing, doubled or unknown",
    401: "Nobody is known to ask",
    403: "Another site, another host name, or another role is needed",
    404: "No such task, model, record or address",
    405: "Another method",
    413: "Too many bytes or pixels",
    409: "It contradicts the records",
    412: "It has been changed since it was read",
    415: "A body of another kind, or not an image",
    422: "An image that cannot be judged",
    429: "Too many requests, or too many wrong passwords",
    500: "A fault of the server",
    503: "The model or the records cannot be used",
    507: "The disk is full; nothing was changed",
}

_RETRY_AFTER = {
    "description": "After how many seconds the same request may come again.",
    "schema": {"type": "integer", "minimum": 1},
}

View = TypeVar("View", bound=Callable[..., Any])


def _content(kind: type | str) -> dict[str, Any]:
    if isinstance(kind, str):
        return {kind: {"schema": {"type": "string"}}}
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}


def json_body(kind: type) -> dict[str, Any]:
    """Return the OpenAPI request body of a JSON object.

    Args:
        kind: Dataclass of ``REQUESTS``.
    """
    return {"required": True, "content": _content(kind)}


def query_text(name: str, meaning: str, **schema: Any) -> dict[str, Any]:
    """Return the OpenAPI description of a query option.

    Args:
        name: Its name.
        meaning: What it does.
        **schema: Its schema; any text by default.
    """
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": meaning,
        "schema": schema or {"type": "string"},
    }


PAGE_PARAMETERS = (
    query_text("limit", "Most entries, 50 by default.", type="integer", minimum=1, maximum=200),
    query_text("after", "The `next` of the page before."),
)


def image_form(
    name: str, *, several: bool = False, texts: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the OpenAPI request body of a form with one image field.

    Args:
        name: Name of the field.
        several: Whether the field may be repeated.
        texts: Schemas of the fields with text by name; ``task`` is needed.
    """
    file = {"type": "string", "format": "binary", "description": FORMATS}
    schema = {"type": "array", "items": file, "minItems": 1} if several else file
    form = {
        "type": "object",
        "properties": {name: schema, **(texts or {})},
        "required": [name, *(["task"] if texts else [])],
        "additionalProperties": False,
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": form}}}


def examination_form(name: str, *, several: bool = False) -> dict[str, Any]:
    """Return the OpenAPI request body of images with answers and prevalence.

    Args:
        name: Name of the field of images.
        several: Whether it may be repeated.
    """
    form = image_form(name, several=several)
    schema = form["content"]["multipart/form-data"]["schema"]
    # Without a type: in a form an empty list of texts is the same as no field.
    schema["properties"] |= {
        "answers": {
            "description": "Answers by id of the question, a JSON object as text.",
            "example": '{"age": "61"}',
        },
        "prevalence": {
            "description": "Share of malignant findings among the patients, above 0 and below 1.",
            "example": "0.05",
        },
    }
    return form


def documented(
    blueprint: APIBlueprint,
    answer: type | str,
    *,
    errors: tuple[int, ...] = (),
    form: dict[str, Any] | None = None,
    query: tuple[dict[str, Any], ...] = (),
    also: tuple[int, ...] = (),
    status: int = 200,
    headers: dict[str, Any] | None = None,
) -> Callable[[View], View]:
    """Return a decorator that states what a view takes and answers.

    Args:
        blueprint: The blueprint of the view.
        answer: Dataclass of the answer, or the media type of a text.
        errors: Statuses of the errors that the view itself can give.
        form: Request body, see ``image_form`` and ``json_body``.
        query: Parameters of the query, and headers, as OpenAPI objects.
        also: Further statuses with the same answer.
        status: Status of the answer, 201 where something is made.
        headers: Of the answer, as OpenAPI objects by name.
    """
    told = {"headers": headers} if headers else {}
    responses: dict[int, Any] = {
        number: {"description": "The answer", "content": _content(answer), **told}
        for number in (status, *also)
    }
    for number in sorted({400, 401, 403, 405, 413, 429, 500, *errors}):
        responses[number] = {
            "description": _ERROR_TEXTS[number],
            "content": _content(ErrorBody),
        }
    responses[429]["headers"] = {"Retry-After": _RETRY_AFTER}
    extensions: dict[str, Any] = {"parameters": list(query)}
    if form is not None:
        extensions["requestBody"] = form
    decorate: Callable[[View], View] = blueprint.doc(responses=responses, extensions=extensions)
    return decorate


def complete_spec(spec: dict[str, Any], task_ids: list[str]) -> dict[str, Any]:
    """Return APIFlask's ``spec`` with the schemas of all answers and the known task ids.

    Args:
        spec: The description as APIFlask builds it.
        task_ids: Ids of all tasks, offered as the values of the parameter ``task_id``.
    """
    components = spec.setdefault("components", {})
    components["schemas"] = {**build_request_schemas(REQUESTS), **build_schemas(ANSWERS)}
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    spec["security"] = [{}, {"token": []}]
    for path in spec["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "task_id":
                    parameter["schema"] = {"type": "string", "enum": task_ids}
    return spec
