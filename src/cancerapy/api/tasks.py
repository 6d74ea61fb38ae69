"""What can be asked: the tasks of all cancers with their classes and limits."""

from apiflask import APIBlueprint
from flask import Response

from cancerapy.api.openapi import documented
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_state
from cancerapy.api.uploads import check_no_options
from cancerapy.bundle.schema import BundleFields, QualityLimits
from cancerapy.cancers import (
    Cancer,
    ClassLabel,
    Question,
    Task,
    list_tasks,
    load_task,
    load_translations,
)
from cancerapy.contract.responses import (
    ClassResponse,
    InputResponse,
    QualityResponse,
    QuestionResponse,
    TaskList,
    TaskResponse,
)

blueprint = APIBlueprint("tasks", __name__, tag="Tasks")


@blueprint.get("/api/v1/tasks")
@documented(blueprint, TaskList)
def get_tasks() -> Response:
    """List what can be asked."""
    check_no_options()
    return json_response(TaskList(tuple(_to_response(*load_task(name)) for name in list_tasks())))


@blueprint.get("/api/v1/tasks/<task_id>")
@documented(blueprint, TaskResponse, errors=(404,))
def get_task(task_id: str) -> Response:
    """Describe one task, its classes and its limits."""
    check_no_options()
    return json_response(_to_response(*load_task(task_id)))


def _to_response(cancer: Cancer, task: Task) -> TaskResponse:
    fields = current_state().models.fields().get(cancer.id)
    return TaskResponse(
        id=task.id,
        title=task.title,
        cancer=cancer.id,
        cancer_title=cancer.title,
        modality=cancer.modality.value,
        description=cancer.description,
        classes=tuple(_to_class(label) for label in task.classes),
        limits=cancer.limits,
        route=f"/api/v1/predict/{task.id}",
        aliases=(f"/{cancer.id}",) if task is cancer.tasks[0] else (),
        model=fields.name if fields is not None else None,
        questions=tuple(_to_question(question) for question in cancer.questions),
        advice=dict(cancer.advice),
        guidance=cancer.guidance,
        input=_to_input(cancer, fields),
        main=task is cancer.tasks[0],
        translations=load_translations(cancer.id),
        measured_on=cancer.measured_on,
        signs=cancer.signs,
        act_within_days=dict(cancer.act_within_days),
    )


def _to_input(cancer: Cancer, fields: BundleFields | None) -> InputResponse:
    """Return what the model that answers takes, or what one would while there is none."""
    spec = cancer.input if fields is None else fields.input
    return InputResponse(
        height_px=spec.height,
        width_px=spec.width,
        aspect=str(spec.aspect),
        min_side_px=spec.min_side_px,
        steps=tuple(spec.steps),
        quality=None if fields is None else _to_quality(fields.quality),
    )


def _to_quality(limits: QualityLimits) -> QualityResponse:
    return QualityResponse(
        sharpness_min=limits.sharpness_min,
        brightness_range=limits.brightness_range,
        contrast_min=limits.contrast_min,
        saturation_range=limits.saturation_range,
    )


def _to_question(question: Question) -> QuestionResponse:
    return QuestionResponse(
        id=question.id,
        text=question.text,
        kind=question.kind,
        choices=question.choices,
        unit=question.unit,
        needed=question.needed,
    )


def _to_class(label: ClassLabel) -> ClassResponse:
    return ClassResponse(
        id=label.id,
        title=label.title,
        label=label.label,
        meaning=label.meaning,
        malignant=label.malignant,
        codes=dict(label.codes),
    )
