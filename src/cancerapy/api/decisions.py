"""Images and answers in, a decision out."""

import json

from apiflask import APIBlueprint
from flask import Response, request

from cancerapy.agent import decide_examination, read_answers
from cancerapy.api.openapi import documented, examination_form
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_state
from cancerapy.api.uploads import check_no_options, read_uploads
from cancerapy.cancers import load_task
from cancerapy.contract import Examination
from cancerapy.errors import InvalidRequestError

blueprint = APIBlueprint("decisions", __name__, tag="Decisions")

TEXTS = ("answers", "prevalence")
"""Fields of the form that are no files."""


@blueprint.post("/api/v1/decide/<task_id>")
@documented(blueprint, Examination, errors=(404, 415, 422, 503), form=examination_form())
def decide(task_id: str) -> Response:
    """Decide what to do after the images and answers of one examination.

    Send every image of the one finding as a file `images`, the answers to the task's questions as
    the JSON object `answers`, and where it is known the share of malignant findings among your
    patients as `prevalence`. What to do next is the action with the lowest expected cost, unless a
    rule stands above costs.
    """
    check_no_options()
    cancer, task = load_task(task_id)
    state = current_state()
    files = read_uploads("images", max_files=state.settings.max_batch, texts=TEXTS)
    answers = read_answers(cancer, _read_answers())
    prevalence = _read_prevalence()
    predictor = state.models.predictor(task_id)
    predictions = [predictor.predict(data, task_id) for data in files]
    examination = decide_examination(
        cancer, task, predictions, answers=answers, prevalence=prevalence
    )
    for prediction in predictions:
        state.metrics.count_prediction(prediction)
    return json_response(examination)


def _read_answers() -> dict[str, str]:
    text = request.form.get("answers", "")
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(_is_answer(value) for value in found.values()):
        raise InvalidRequestError(
            "The field 'answers' must be a JSON object of answers by question, for instance "
            '{"age": "61", "sex": "female"}; it is something else. Correct it, or leave it out.',
            code="answers_invalid",
            field="answers",
        )
    return {str(name): str(value) for name, value in found.items()}


def _is_answer(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _read_prevalence() -> float | None:
    text = request.form.get("prevalence", "").strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise InvalidRequestError(
            "The field 'prevalence' must be a number above 0 and below 1; it is "
            f"'{text[:40]}'. Write it with a point, for instance 0.05.",
            code="prevalence_invalid",
            field="prevalence",
        ) from error
