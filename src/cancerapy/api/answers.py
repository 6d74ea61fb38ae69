"""Answers to the questions of an examination over HTTP, and what was said after each change."""

from apiflask import APIBlueprint
from flask import Response

from cancerapy.agent import read_base_rates
from cancerapy.api.actor import current_actor
from cancerapy.api.conditions import ETAG, IF_MATCH, read_expected, tagged_response
from cancerapy.api.json_body import read_json
from cancerapy.api.openapi import documented, json_body
from cancerapy.api.patients import READ_ERRORS, WRITE_ERRORS
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_records, current_state
from cancerapy.api.uploads import check_no_options
from cancerapy.contract.records import AnswersRecord, DecisionHistory
from cancerapy.contract.requests import NewAnswers
from cancerapy.records import answers
from cancerapy.records.kept_decisions import list_kept

blueprint = APIBlueprint("answers", __name__, tag="Examinations")


@blueprint.get("/api/v1/examinations/<examination_id>/answers")
@documented(blueprint, AnswersRecord, errors=READ_ERRORS, headers=ETAG)
def get_answers(examination_id: str) -> Response:
    """Show the answers to the questions of an examination."""
    check_no_options()
    with current_records().reading() as session:
        found = answers.get_answers(session, examination_id)
    return tagged_response(found)


@blueprint.put("/api/v1/examinations/<examination_id>/answers")
@documented(
    blueprint,
    AnswersRecord,
    errors=(*WRITE_ERRORS, 412),
    form=json_body(NewAnswers),
    query=(IF_MATCH,),
    headers=ETAG,
)
def change_answers(examination_id: str) -> Response:
    """Answer the questions of an examination later, or correct what was answered.

    The decision is worked out anew and kept; the one before stays on the record as it was said.
    """
    check_no_options()
    wanted, expected = read_json(NewAnswers), read_expected()
    rates = read_base_rates(current_state().settings.prevalence)
    with current_records().writing() as session:
        changed = answers.change_answers(
            session, examination_id, wanted, current_actor(), expected=expected, rates=rates
        )
    return tagged_response(changed)


@blueprint.get("/api/v1/examinations/<examination_id>/decisions")
@documented(blueprint, DecisionHistory, errors=READ_ERRORS)
def list_decisions(examination_id: str) -> Response:
    """List all that was said of an examination, oldest first, each with its answers."""
    check_no_options()
    with current_records().reading() as session:
        found = list_kept(session, examination_id)
    return json_response(found)
