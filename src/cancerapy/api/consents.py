"""Consents over HTTP: what a patient's images may be used for."""

from apiflask import APIBlueprint
from flask import Response

from cancerapy.api.actor import current_actor
from cancerapy.api.json_body import read_json
from cancerapy.api.openapi import documented, json_body
from cancerapy.api.patients import READ_ERRORS, WRITE_ERRORS
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_records
from cancerapy.api.uploads import check_no_options
from cancerapy.contract.records import ConsentHistory, ConsentRecord
from cancerapy.contract.requests import NewConsent
from cancerapy.records import consents

blueprint = APIBlueprint("consents", __name__, tag="Patients")


@blueprint.post("/api/v1/patients/<patient_id>/consents")
@documented(blueprint, ConsentRecord, errors=WRITE_ERRORS, form=json_body(NewConsent), status=201)
def record_consent(patient_id: str) -> Response:
    """Write down that a patient gives or withdraws consent for a purpose."""
    check_no_options()
    decision = read_json(NewConsent)
    with current_records().writing() as session:
        made = consents.record_consent(session, patient_id, decision, current_actor())
    return json_response(made, 201)


@blueprint.get("/api/v1/patients/<patient_id>/consents")
@documented(blueprint, ConsentHistory, errors=READ_ERRORS)
def list_consents(patient_id: str) -> Response:
    """List every decision of a patient, oldest first."""
    check_no_options()
    with current_records().reading() as session:
        found = consents.list_consents(session, patient_id)
    return json_response(found)
