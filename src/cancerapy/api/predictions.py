"""Images in, predictions out: one at a time, several at once, and the report's own routes."""

import base64
from collections.abc import Callable
from dataclasses import replace

from apiflask import APIBlueprint
from flask import Response, request

from cancerapy.agent import decide_examination
from cancerapy.api.error_handler import to_error_body
from cancerapy.api.examination_texts import TEXTS, read_patient_answers, read_prevalence
from cancerapy.api.openapi import (
    HEATMAP_CHOICES,
    HEATMAP_PARAMETER,
    View,
    documented,
    examination_form,
    image_form,
)
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_state
from cancerapy.api.uploads import check_known, read_choice, read_uploads
from cancerapy.cancers import list_cancers, load_cancer, load_task
from cancerapy.contract.responses import BatchItem, BatchResponse, PredictionResponse
from cancerapy.errors import CanceRapyError

blueprint = APIBlueprint("predictions", __name__, tag="Predictions")

ERRORS = (404, 415, 422, 503)


def _takes_one_image(view: View) -> View:
    """State that a view takes one image and answers with its prediction."""
    return documented(
        blueprint,
        PredictionResponse,
        errors=ERRORS,
        form=examination_form("image"),
        query=(HEATMAP_PARAMETER,),
    )(view)


@blueprint.post("/api/v1/predict/<task_id>")
@_takes_one_image
def predict(task_id: str) -> Response:
    """Judge one image.

    Send it as the file `image` of a form. The answer holds every class with its calibrated
    probability and says what the result is worth. With the field `answers`, an empty JSON object
    at least, it also says what to do next.
    """
    heatmap = _read_heatmap()
    cancer, task = load_task(task_id)
    (data,) = read_uploads("image", max_files=1, texts=TEXTS)
    answers, prevalence = read_patient_answers(cancer), read_prevalence(cancer)
    response = _judge(data, task_id, heatmap)
    if "answers" in request.form:
        examination = decide_examination(
            cancer, task, [response], answers=answers, prevalence=prevalence
        )
        response = replace(response, decision=examination.decision)
    return json_response(response)


@blueprint.post("/api/v1/predict/<task_id>/batch")
@documented(
    blueprint,
    BatchResponse,
    errors=ERRORS,
    form=image_form("images", several=True),
    query=(HEATMAP_PARAMETER,),
)
def predict_batch(task_id: str) -> Response:
    """Judge several images.

    Send them as files `images` of one form. Each is answered on its own: one that cannot be
    judged has an error in its place and does not affect the others.
    """
    heatmap = _read_heatmap()
    load_task(task_id)
    files = read_uploads("images", max_files=current_state().settings.max_batch)
    items = tuple(_judge_item(i, data, task_id, heatmap) for i, data in enumerate(files))
    n_failed = sum(item.error is not None for item in items)
    return json_response(BatchResponse(task_id, items, len(items) - n_failed, n_failed))


def add_alias_routes(target: APIBlueprint) -> None:
    """Add the report's routes: the main task of every cancer under the cancer's own name.

    Args:
        target: The blueprint that gets them.
    """
    for name in list_cancers():
        task_id = load_cancer(name).tasks[0].id
        target.add_url_rule(
            f"/{name}", endpoint=f"alias_{name}", view_func=_alias(task_id), methods=["POST"]
        )


def _alias(task_id: str) -> Callable[[], Response]:
    @_takes_one_image
    def predict_alias() -> Response:
        return predict(task_id)

    predict_alias.__doc__ = f"Judge one image; the same as `/api/v1/predict/{task_id}`."
    return predict_alias


def _read_heatmap() -> str | None:
    check_known(request.args, ["heatmap"], "option")
    return read_choice("heatmap", HEATMAP_CHOICES)


def _judge(data: bytes, task_id: str, heatmap: str | None) -> PredictionResponse:
    state = current_state()
    predictor = state.models.predictor(task_id)
    prediction = predictor.predict(data, task_id, heatmap=heatmap is not None)
    state.metrics.count_prediction(prediction)
    png = None
    if heatmap == "png" and prediction.heatmap is not None:
        png = base64.b64encode(predictor.overlay(data, prediction.heatmap)).decode()
    return PredictionResponse.of(prediction, png)


def _judge_item(index: int, data: bytes, task_id: str, heatmap: str | None) -> BatchItem:
    try:
        return BatchItem(index, _judge(data, task_id, heatmap), None)
    except CanceRapyError as error:
        return BatchItem(index, None, to_error_body(error))
