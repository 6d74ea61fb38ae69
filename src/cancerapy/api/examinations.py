"""Examinations over HTTP: images in, guesses on the record."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from cancerapy.agent import read_base_rates
from cancerapy.api.actor import current_actor
from cancerapy.api.examination_texts import (
    parse_prevalence,
    read_patient_answers,
    read_prevalence,
)
from cancerapy.api.openapi import PAGE_PARAMETERS, documented, image_form, query_text
from cancerapy.api.options import read_limit, read_option
from cancerapy.api.patients import READ_ERRORS, WRITE_ERRORS
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_records, current_state
from cancerapy.api.uploads import check_known, check_no_options, read_choice, read_uploads
from cancerapy.cancers import load_task
from cancerapy.contract import RecordedDecision
from cancerapy.contract.records import ExaminationPage, ExaminationRecord
from cancerapy.contract.requests import ExaminationDetails
from cancerapy.errors import InvalidRequestError
from cancerapy.records import examinations
from cancerapy.records.decision import read_decision
from cancerapy.records.examinations import JudgedImage
from cancerapy.records.export_pdf import LANGUAGES, export_examination_pdf
from cancerapy.records.orientation import complete_orientation
from cancerapy.records.picture import MEDIA_TYPE, media_type_of, read_picture
from cancerapy.records.plain_text import check_text
from cancerapy.records.tables import LATERALITIES

blueprint = APIBlueprint("examinations", __name__, tag="Examinations")

TEXTS = ("task", "lesion", "answers", "prevalence")
LISTS = ("view", "laterality")
_FORM: dict[str, Any] = {
    "task": {"type": "string", "description": "Task id."},
    "lesion": {"type": "string", "description": "A name for the place.", "maxLength": 200},
    "answers": {"type": "string", "description": "Answers by question id, a JSON object."},
    "prevalence": {
        "type": "string",
        "description": "Share of malignant findings among your patients, for the decision.",
    },
    "view": {
        "type": "array",
        "items": {"type": "string"},
        "description": "The view of each image, in their order; empty where it is not known.",
    },
    "laterality": {
        "type": "array",
        "items": {"type": "string", "enum": ["", *LATERALITIES]},
        "description": "L or R of each image, in their order; empty where it is not known.",
    },
}


@blueprint.post("/api/v1/patients/<patient_id>/examinations")
@documented(
    blueprint,
    ExaminationRecord,
    errors=(*WRITE_ERRORS, 422),
    form=image_form("images", several=True, texts=_FORM),
    status=201,
)
def create_examination(patient_id: str) -> Response:
    """Judge the images of a visit and put them on the patient's record as machine guesses.

    All images are judged and written, or none: one that cannot be read refuses the whole.
    """
    check_no_options()
    state, records = current_state(), current_records()
    files = read_uploads("images", max_files=state.settings.max_batch, texts=TEXTS, lists=LISTS)
    details = _read_details()
    said = _read_list("view", len(files)), _read_list("laterality", len(files))
    views, sides = complete_orientation(files, *said)
    examinations.check_sides(sides)
    with records.reading() as session:
        examinations.check_examination(session, patient_id, details)
    predictor = state.models.predictor(details.task)
    images = []
    for data, view, side in zip(files, views, sides, strict=True):
        prediction = predictor.predict(data, details.task, heatmap=True)
        state.metrics.count_prediction(prediction)
        images.append(JudgedImage(data, media_type_of(data), (prediction,), view, side))
    made = examinations.add_examination(records, patient_id, details, images, current_actor())
    return json_response(made, 201)


@blueprint.get("/api/v1/examinations")
@documented(
    blueprint,
    ExaminationPage,
    errors=READ_ERRORS,
    query=(
        query_text("patient", "Of this patient only."),
        query_text("task", "Of this task only."),
        *PAGE_PARAMETERS,
    ),
)
def list_examinations() -> Response:
    """List examinations, newest first."""
    check_known(request.args, ["patient", "task", "limit", "after"], "option")
    with current_records().reading() as session:
        page = examinations.list_examinations(
            session,
            patient_id=read_option("patient"),
            task=read_option("task"),
            limit=read_limit(),
            after=read_option("after"),
        )
    return json_response(page)


@blueprint.get("/api/v1/examinations/<examination_id>")
@documented(blueprint, ExaminationRecord, errors=READ_ERRORS)
def get_examination(examination_id: str) -> Response:
    """Show an examination with its images, guesses and reviews."""
    check_no_options()
    with current_records().reading() as session:
        found = examinations.get_examination(session, examination_id)
    return json_response(found)


@blueprint.get("/api/v1/examinations/<examination_id>/decision")
@documented(
    blueprint,
    RecordedDecision,
    errors=READ_ERRORS,
    query=(
        query_text("prevalence", "Share of malignant findings among your patients."),
        query_text("now", "Whether to work it out now.", type="string", enum=["yes", "no"]),
    ),
)
def get_decision(examination_id: str) -> Response:
    """Say what to do next after all images and answers of an examination, and why.

    This is what was said when the examination was made, or its answers were last changed. With a
    `prevalence`, or `now=yes`, it is worked out now from the same guesses and answers; `origin`
    says which, and whether an older version of the server kept nothing.
    """
    check_known(request.args, ["prevalence", "now"], "option")
    prevalence = parse_prevalence(read_option("prevalence") or "")
    now = read_choice("now", ("yes", "no")) == "yes"
    rates = read_base_rates(current_state().settings.prevalence)
    with current_records().reading() as session:
        decided = read_decision(
            session, examination_id, prevalence=prevalence, now=now, rates=rates
        )
    return json_response(decided)


@blueprint.get("/api/v1/examinations/<examination_id>/report")
@documented(
    blueprint,
    "application/pdf",
    errors=(*READ_ERRORS, 507),
    query=(query_text("language", "Of the report.", type="string", enum=list(LANGUAGES)),),
)
def report_examination(examination_id: str) -> Response:
    """Give one examination as a PDF with images, heat maps and the words machine guess."""
    check_known(request.args, ["language"], "option")
    language = read_choice("language", LANGUAGES) or LANGUAGES[0]
    records, actor = current_records(), current_actor()
    data = export_examination_pdf(records, examination_id, language, actor)
    return Response(data, mimetype="application/pdf")


@blueprint.get("/api/v1/images/<image_id>")
@documented(blueprint, MEDIA_TYPE, errors=READ_ERRORS)
def get_image(image_id: str) -> Response:
    """Give the picture of an image as PNG, without anything else that its file held."""
    check_no_options()
    records = current_records()
    with records.reading() as session:
        picture = read_picture(session, records.images, image_id)
    return Response(picture.png, mimetype=MEDIA_TYPE)


def _read_details() -> ExaminationDetails:
    task = request.form.get("task", "")
    if not task:
        raise InvalidRequestError(
            "The form must have the field 'task'; it has none. With curl: -F task=...",
            code="field_invalid",
            field="task",
        )
    cancer, _ = load_task(task)
    answers, prevalence = read_patient_answers(cancer), read_prevalence(cancer)
    return ExaminationDetails(task, request.form.get("lesion", ""), answers, prevalence)


def _read_list(name: str, n_images: int) -> list[str | None]:
    """Return one value per image; all ``None`` where the field is not given."""
    values = request.form.getlist(name)
    is_known = name != "laterality" or set(values) <= {"", *LATERALITIES}
    if values and (len(values) != n_images or not is_known):
        kind = "L, R or empty" if name == "laterality" else "a view or empty"
        raise InvalidRequestError(
            f"The field '{name}' must be given once per image ({kind}), or not at all; there are "
            f"{n_images} images and {len(values)} values. Repeat the field in the images' order.",
            code="field_invalid",
            field=name,
        )
    clean = [check_text(value, name, max_length=64) or None for value in values]
    return clean or [None] * n_images
