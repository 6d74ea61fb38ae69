"""The audit log over HTTP."""

from apiflask import APIBlueprint
from flask import Response, request

from cancerapy.api.openapi import documented, query_text
from cancerapy.api.options import read_limit, read_number, read_option
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_records
from cancerapy.api.uploads import check_known
from cancerapy.contract.audit import AuditCheck, AuditPage
from cancerapy.records.audit import list_entries
from cancerapy.records.integrity import check_records

blueprint = APIBlueprint("audit", __name__, tag="Audit")

MAX_NUMBER = 2**31 - 1


@blueprint.get("/api/v1/audit")
@documented(
    blueprint,
    AuditPage,
    errors=(503,),
    query=(
        query_text("subject_id", "Of this record only."),
        query_text("action", "Of this action only: `sign_in.refused`, or `account` for all of it."),
        query_text("limit", "Most entries.", type="integer", minimum=1, maximum=200),
        query_text("before", "The `next` of the page before.", type="integer", minimum=1),
    ),
)
def list_audit() -> Response:
    """List who did what, newest first."""
    check_known(request.args, ["subject_id", "action", "limit", "before"], "option")
    with current_records().reading() as session:
        page = list_entries(
            session,
            subject_id=read_option("subject_id") or "",
            action=read_option("action") or "",
            limit=read_limit(),
            before=read_number("before", 1, MAX_NUMBER),
        )
    return json_response(page)


@blueprint.get("/api/v1/audit/verify")
@documented(
    blueprint,
    AuditCheck,
    errors=(503,),
    query=(query_text("expected", "A hash noted earlier that has to be in the log."),),
)
def verify_audit() -> Response:
    """Check that nothing was changed: the audit log, predictions, reviews and consents."""
    check_known(request.args, ["expected"], "option")
    with current_records().reading() as session:
        check = check_records(session, read_option("expected") or "")
    return json_response(check)
