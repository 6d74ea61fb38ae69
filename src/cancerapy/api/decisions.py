"""Images and answers in, a decision out."""

from apiflask import APIBlueprint
from flask import Response

from cancerapy.agent import decide_examination
from cancerapy.api.examination_texts import TEXTS, read_patient_answers, read_prevalence
from cancerapy.api.openapi import documented, examination_form
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_state
from cancerapy.api.uploads import check_no_options, read_uploads
from cancerapy.cancers import load_task
from cancerapy.contract import Examination

blueprint = APIBlueprint("decisions", __name__, tag="Decisions")


@blueprint.post("/api/v1/decide/<task_id>")
@documented(
    blueprint,
    Examination,
    errors=(404, 415, 422, 503),
    form=examination_form("images", several=True),
)
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
    answers = read_patient_answers(cancer)
    prevalence = read_prevalence(cancer)
    predictor = state.models.predictor(task_id)
    predictions = [predictor.predict(data, task_id) for data in files]
    examination = decide_examination(
        cancer, task, predictions, answers=answers, prevalence=prevalence
    )
    for prediction in predictions:
        state.metrics.count_prediction(prediction)
    return json_response(examination)
