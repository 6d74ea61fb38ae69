"""Patients over HTTP: register, correct, find, take with them, erase."""

from apiflask import APIBlueprint
from flask import Response, request

from cancerapy.api.actor import current_actor
from cancerapy.api.conditions import ETAG, IF_MATCH, read_expected, tagged_response
from cancerapy.api.json_body import read_json
from cancerapy.api.openapi import PAGE_PARAMETERS, documented, json_body, query_text
from cancerapy.api.options import read_limit, read_option
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_records
from cancerapy.api.uploads import check_known, check_no_options, read_choice
from cancerapy.contract.records import ErasureRecord, PatientExport, PatientPage, PatientRecord
from cancerapy.contract.requests import PatientDetails
from cancerapy.records import erasure, export, patients
from cancerapy.records.export_pdf import LANGUAGES, export_pdf

blueprint = APIBlueprint("patients", __name__, tag="Patients")

READ_ERRORS = (404, 503)
WRITE_ERRORS = (404, 409, 415, 503, 507)


@blueprint.post("/api/v1/patients")
@documented(
    blueprint,
    PatientRecord,
    errors=WRITE_ERRORS,
    form=json_body(PatientDetails),
    status=201,
    headers=ETAG,
)
def create_patient() -> Response:
    """Register a patient by name or pseudonym."""
    check_no_options()
    details = read_json(PatientDetails)
    with current_records().writing() as session:
        made = patients.create_patient(session, details, current_actor())
    return tagged_response(made, 201)


@blueprint.get("/api/v1/patients")
@documented(
    blueprint,
    PatientPage,
    errors=READ_ERRORS,
    query=(
        query_text("search", "Part of the name, or the whole of an identifier."),
        *PAGE_PARAMETERS,
    ),
)
def list_patients() -> Response:
    """List patients, newest first."""
    check_known(request.args, ["search", "limit", "after"], "option")
    with current_records().reading() as session:
        page = patients.list_patients(
            session,
            search=read_option("search") or "",
            limit=read_limit(),
            after=read_option("after"),
        )
    return json_response(page)


@blueprint.get("/api/v1/patients/<patient_id>")
@documented(blueprint, PatientRecord, errors=READ_ERRORS, headers=ETAG)
def get_patient(patient_id: str) -> Response:
    """Show a patient."""
    check_no_options()
    with current_records().reading() as session:
        found = patients.get_patient(session, patient_id)
    return tagged_response(found)


@blueprint.put("/api/v1/patients/<patient_id>")
@documented(
    blueprint,
    PatientRecord,
    errors=(*WRITE_ERRORS, 412),
    form=json_body(PatientDetails),
    query=(IF_MATCH,),
    headers=ETAG,
)
def update_patient(patient_id: str) -> Response:
    """Replace what is written down about a patient.

    Send the `ETag` that came with it as `If-Match`: then nothing is changed if somebody else has
    changed it meanwhile.
    """
    check_no_options()
    details, expected = read_json(PatientDetails), read_expected()
    with current_records().writing() as session:
        changed = patients.update_patient(
            session, patient_id, details, current_actor(), expected=expected
        )
    return tagged_response(changed)


@blueprint.delete("/api/v1/patients/<patient_id>")
@documented(blueprint, ErasureRecord, errors=(404, 409, 503, 507))
def erase_patient(patient_id: str) -> Response:
    """Erase a patient with everything on the record, for good; the audit log stays."""
    check_no_options()
    return json_response(erasure.erase_patient(current_records(), patient_id, current_actor()))


@blueprint.get("/api/v1/patients/<patient_id>/export")
@documented(blueprint, PatientExport, errors=READ_ERRORS)
def export_patient(patient_id: str) -> Response:
    """Give everything that the records hold of a patient, as JSON."""
    check_no_options()
    return json_response(export.export_patient(current_records(), patient_id, current_actor()))


@blueprint.get("/api/v1/patients/<patient_id>/report")
@documented(
    blueprint,
    "application/pdf",
    errors=(*READ_ERRORS, 507),
    query=(query_text("language", "Of the report.", type="string", enum=list(LANGUAGES)),),
)
def report_patient(patient_id: str) -> Response:
    """Give a patient's record as a PDF with images, heat maps and the words machine guess."""
    check_known(request.args, ["language"], "option")
    language = read_choice("language", LANGUAGES) or LANGUAGES[0]
    data = export_pdf(current_records(), patient_id, language, current_actor())
    return Response(data, mimetype="application/pdf")
