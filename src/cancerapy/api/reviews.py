"""Guesses on the record over HTTP, and what people say of them."""

from apiflask import APIBlueprint
from flask import Response, request

from cancerapy.api.actor import LOCAL, current_actor
from cancerapy.api.json_body import read_json
from cancerapy.api.openapi import PAGE_PARAMETERS, documented, json_body, query_text
from cancerapy.api.options import read_limit, read_option
from cancerapy.api.patients import READ_ERRORS, WRITE_ERRORS
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_records
from cancerapy.api.uploads import check_known, check_no_options, read_choice
from cancerapy.contract.queue import ReviewQueue
from cancerapy.contract.records import Agreement, PredictionPage, PredictionRecord, ReviewRecord
from cancerapy.contract.requests import NewReview
from cancerapy.errors import InvalidRequestError
from cancerapy.records import predictions, reviews
from cancerapy.records.review_queue import ORDERS, read_queue

blueprint = APIBlueprint("reviews", __name__, tag="Reviews")


@blueprint.get("/api/v1/predictions")
@documented(
    blueprint,
    PredictionPage,
    errors=READ_ERRORS,
    query=(
        query_text("task", "Of this task only."),
        query_text("reviewed", "With or without a review.", type="string", enum=["yes", "no"]),
        *PAGE_PARAMETERS,
    ),
)
def list_predictions() -> Response:
    """List guesses on the record, newest first."""
    check_known(request.args, ["task", "reviewed", "limit", "after"], "option")
    reviewed = read_choice("reviewed", ("yes", "no"))
    with current_records().reading() as session:
        page = predictions.list_predictions(
            session,
            task=read_option("task"),
            reviewed="yes" if reviewed == "yes" else "no" if reviewed else None,
            limit=read_limit(),
            after=read_option("after"),
        )
    return json_response(page)


@blueprint.get("/api/v1/predictions/<prediction_id>")
@documented(blueprint, PredictionRecord, errors=READ_ERRORS)
def get_prediction(prediction_id: str) -> Response:
    """Show a guess with its reviews."""
    check_no_options()
    with current_records().reading() as session:
        found = predictions.get_prediction(session, prediction_id)
    return json_response(found)


@blueprint.post("/api/v1/predictions/<prediction_id>/reviews")
@documented(blueprint, ReviewRecord, errors=WRITE_ERRORS, form=json_body(NewReview), status=201)
def create_review(prediction_id: str) -> Response:
    """Agree with a guess, correct it, or call its image unusable.

    The guess itself stays as it is. A second person's review makes a second reading.
    """
    check_no_options()
    review = read_json(NewReview)
    reviewer = _name_reviewer(review)
    with current_records().writing() as session:
        made = reviews.add_review(session, prediction_id, review, reviewer)
    return json_response(made, 201)


@blueprint.get("/api/v1/review-queue")
@documented(
    blueprint,
    ReviewQueue,
    errors=READ_ERRORS,
    query=(
        query_text("order", "What comes first.", type="string", enum=list(ORDERS)),
        query_text("task", "Of this task only."),
        PAGE_PARAMETERS[0],
    ),
)
def get_review_queue() -> Response:
    """List the guesses that a person should look at next: the unsure, or the disputed ones."""
    check_known(request.args, ["order", "task", "limit"], "option")
    order = read_choice("order", ORDERS) or ORDERS[0]
    with current_records().reading() as session:
        queue = read_queue(session, order=order, task=read_option("task"), limit=read_limit())
    return json_response(queue)


@blueprint.get("/api/v1/tasks/<task_id>/agreement")
@documented(blueprint, Agreement, errors=READ_ERRORS)
def get_agreement(task_id: str) -> Response:
    """Tell how far first and second readers agree on a task: Cohen's kappa."""
    check_no_options()
    with current_records().reading() as session:
        found = reviews.measure_agreement(session, task_id)
    return json_response(found)


def _name_reviewer(review: NewReview) -> str:
    """Return the account that is signed in, or the name given where there are no accounts."""
    actor = current_actor()
    if actor == LOCAL:
        return review.reviewer
    if review.reviewer not in ("", actor):
        raise InvalidRequestError(
            "A review must be signed by the account that is signed in; this one names somebody "
            "else. Leave 'reviewer' out, or sign in as that person.",
            code="field_invalid",
            field="reviewer",
        )
    return actor
