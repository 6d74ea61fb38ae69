"""Who may call what: the one table, and the rule that what is not in it is refused.

A route is named as in the OpenAPI description. ``docs/explanation/access.md`` says why the table
is as it is; a test walks the description with every role and compares.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from werkzeug.routing import Rule

from cancerapy.errors import InvalidRequestError
from cancerapy.people.roles import ACCOUNT_ROLES, Role

_PARAMETER = re.compile(r"<(?:[^:<>]*:)?([^<>]+)>")


class Reach(StrEnum):
    """What of a route's content a patient reaches."""

    EVERYTHING = "everything"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may call one route.

    Args:
        roles: Those who may; empty means that nobody has to say who they are.
        patient: ``OWN`` where a patient reaches only what belongs to their own record.
        read: Action of the audit log for who reads records here; empty where nothing is read, or
            the view writes its own entry.
    """

    roles: frozenset[Role]
    patient: Reach = Reach.EVERYTHING
    read: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anybody may call it."""
        return not self.roles


_ANYBODY = Permission(frozenset())
_SIGNED_IN = Permission(frozenset(ACCOUNT_ROLES))
_KNOWN = Permission(frozenset({*ACCOUNT_ROLES, Role.DEVICE}))
_CLINICIAN = frozenset({Role.CLINICIAN})
_READERS = frozenset({Role.CLINICIAN, Role.REVIEWER})
_AND_PATIENT = frozenset({Role.PATIENT})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_OWN = Reach.OWN
_WATCHER = Permission(frozenset({Role.ADMINISTRATOR, Role.DEVICE}))

PERMISSIONS: Mapping[str, Permission] = {
    "GET /livez": _ANYBODY,
    "GET /readyz": _ANYBODY,
    "GET /metrics": _WATCHER,
    "GET /openapi.json": _KNOWN,
    "GET /docs": _KNOWN,
    "GET /docs/{filename}": _KNOWN,
    "GET /api/v1/about": _KNOWN,
    "GET /api/v1/tasks": _KNOWN,
    "GET /api/v1/tasks/{task_id}": _KNOWN,
    "GET /api/v1/models": _KNOWN,
    "GET /api/v1/models/{name}": _KNOWN,
    "GET /api/v1/models/{name}/card": _KNOWN,
    "GET /api/v1/models/{name}/files/{file}": _KNOWN,
    "POST /api/v1/predict/{task_id}": _KNOWN,
    "POST /api/v1/predict/{task_id}/batch": _KNOWN,
    "POST /{cancer}": _KNOWN,
    "POST /api/v1/decide/{task_id}": _KNOWN,
    "GET /api/v1/sign-in": _ANYBODY,
    "POST /api/v1/sign-in": _ANYBODY,
    "POST /api/v1/sign-in/code": _ANYBODY,
    "GET /api/v1/sign-in/oidc": _ANYBODY,
    "GET /api/v1/sign-in/oidc/callback": _ANYBODY,
    "POST /api/v1/sign-out": _SIGNED_IN,
    "GET /api/v1/account": _SIGNED_IN,
    "POST /api/v1/account/password": _SIGNED_IN,
    "GET /api/v1/account/tokens": _SIGNED_IN,
    "POST /api/v1/account/tokens": _SIGNED_IN,
    "DELETE /api/v1/account/tokens/{token_id}": _SIGNED_IN,
    "POST /api/v1/accounts": Permission(_ADMINISTRATOR),
    "GET /api/v1/accounts": Permission(_ADMINISTRATOR, read="account.list"),
    "PUT /api/v1/accounts/{account_id}": Permission(_ADMINISTRATOR),
    "POST /api/v1/accounts/{account_id}/password": Permission(_ADMINISTRATOR),
    "GET /api/v1/accounts/{account_id}/tokens": Permission(_ADMINISTRATOR),
    "DELETE /api/v1/accounts/{account_id}/tokens": Permission(_ADMINISTRATOR),
    "DELETE /api/v1/accounts/{account_id}/tokens/{token_id}": Permission(_ADMINISTRATOR),
    "POST /api/v1/patients": Permission(_CLINICIAN),
    "GET /api/v1/patients": Permission(_CLINICIAN, read="patient.list"),
    "GET /api/v1/patients/{patient_id}": Permission(
        _CLINICIAN | _AND_PATIENT, _OWN, read="patient.read"
    ),
    "PUT /api/v1/patients/{patient_id}": Permission(_CLINICIAN),
    "DELETE /api/v1/patients/{patient_id}": Permission(_ADMINISTRATOR),
    "GET /api/v1/patients/{patient_id}/export": Permission(_CLINICIAN | _AND_PATIENT, _OWN),
    "GET /api/v1/patients/{patient_id}/report": Permission(_CLINICIAN | _AND_PATIENT, _OWN),
    "GET /api/v1/patients/{patient_id}/consents": Permission(
        _CLINICIAN | _AND_PATIENT, _OWN, read="consent.list"
    ),
    "POST /api/v1/patients/{patient_id}/consents": Permission(_CLINICIAN | _AND_PATIENT, _OWN),
    "POST /api/v1/patients/{patient_id}/examinations": Permission(_CLINICIAN),
    "GET /api/v1/examinations": Permission(_READERS | _AND_PATIENT, _OWN, read="examination.list"),
    "GET /api/v1/examinations/{examination_id}": Permission(
        _READERS | _AND_PATIENT, _OWN, read="examination.read"
    ),
    "GET /api/v1/examinations/{examination_id}/decision": Permission(
        _READERS | _AND_PATIENT, _OWN, read="examination.read"
    ),
    "GET /api/v1/examinations/{examination_id}/decisions": Permission(
        _READERS | _AND_PATIENT, _OWN, read="examination.read"
    ),
    "GET /api/v1/examinations/{examination_id}/answers": Permission(
        _READERS | _AND_PATIENT, _OWN, read="examination.read"
    ),
    "PUT /api/v1/examinations/{examination_id}/answers": Permission(_CLINICIAN),
    "GET /api/v1/examinations/{examination_id}/report": Permission(_CLINICIAN | _AND_PATIENT, _OWN),
    "GET /api/v1/images/{image_id}": Permission(_READERS | _AND_PATIENT, _OWN, read="image.read"),
    "GET /api/v1/predictions": Permission(_READERS, read="prediction.list"),
    "GET /api/v1/predictions/{prediction_id}": Permission(
        _READERS | _AND_PATIENT, _OWN, read="prediction.read"
    ),
    "POST /api/v1/predictions/{prediction_id}/reviews": Permission(_READERS),
    "GET /api/v1/review-queue": Permission(_READERS, read="prediction.list"),
    "GET /api/v1/tasks/{task_id}/agreement": Permission(_READERS | _ADMINISTRATOR),
    "GET /api/v1/audit": Permission(_ADMINISTRATOR, read="audit.list"),
    "GET /api/v1/audit/verify": Permission(_ADMINISTRATOR),
}


def name_route(rule: Rule | None, method: str) -> str | None:
    """Return the name of a route in the table, ``None`` for an address that there is not.

    Args:
        rule: The rule that the request's address fits.
        method: Its method; ``HEAD`` counts as ``GET``.
    """
    if rule is None:
        return None
    method = "GET" if method == "HEAD" else method
    if rule.endpoint.startswith("aliases."):  # one per cancer, which only its own file names
        return f"{method} /{{cancer}}"
    address = _PARAMETER.sub(r"{\1}", rule.rule)
    return f"{method} {address}"


def permission_missing(route: str) -> InvalidRequestError:
    """Return the error of a route that the table does not know.

    Args:
        route: From ``name_route``.
    """
    return InvalidRequestError(
        f"Every route must be in the table of permissions; '{route}' is not, so that nobody may "
        "call it. Tell whoever develops the server.",
        code="permission_missing",
    )


def role_refused(permission: Permission) -> InvalidRequestError:
    """Return the error of a caller without any of the roles that a route needs."""
    roles = " or ".join(sorted(role.value for role in permission.roles))
    return InvalidRequestError(
        f"This address needs an account with the role {roles}; yours has another. Ask an "
        "administrator.",
        code="role_refused",
        field="Authorization",
    )


def own_record_only() -> InvalidRequestError:
    """Return the error of a patient who asks for the records of everybody."""
    return InvalidRequestError(
        "A patient reads their own record only; this request names none. Add '?patient=' with your "
        "own id, which '/api/v1/account' tells.",
        code="own_record_only",
        field="patient",
    )
