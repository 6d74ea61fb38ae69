"""What can be asked and what answers, in words for clients: a server's and a device's alike."""

from cancerapy import __version__
from cancerapy.bundle.schema import BundleFields, QualityLimits
from cancerapy.cancers import Cancer, ClassLabel, Question, Task, load_translations
from cancerapy.contract.responses import (
    About,
    ClassResponse,
    InputResponse,
    ModelResponse,
    QualityResponse,
    QuestionResponse,
    TaskResponse,
)
from cancerapy.contract.service import API_VERSION
from cancerapy.readers import FORMATS, ReadLimits


def describe_service(limits: ReadLimits) -> About:
    """Return who answers, and within which limits.

    Args:
        limits: Largest file and largest image that are read.
    """
    return About(
        name="CanceRapy",
        version=__version__,
        api=API_VERSION,
        max_upload_bytes=limits.max_bytes,
        max_megapixels=int(limits.max_megapixels),
        formats=FORMATS,
    )


def describe_task(cancer: Cancer, task: Task, fields: BundleFields | None) -> TaskResponse:
    """Return a task with the words of its cancer.

    Args:
        cancer: The task's cancer.
        task: The task.
        fields: The bundle that answers it; ``None`` while there is none.
    """
    return TaskResponse(
        id=task.id,
        title=task.title,
        cancer=cancer.id,
        cancer_title=cancer.title,
        modality=cancer.modality.value,
        description=cancer.description,
        classes=tuple(_describe_class(label) for label in task.classes),
        limits=cancer.limits,
        route=f"/api/v1/predict/{task.id}",
        aliases=(f"/{cancer.id}",) if task is cancer.tasks[0] else (),
        model=fields.name if fields is not None else None,
        questions=tuple(_describe_question(question) for question in cancer.questions),
        advice=dict(cancer.advice),
        guidance=cancer.guidance,
        input=_describe_input(cancer, fields),
        main=task is cancer.tasks[0],
        translations=load_translations(cancer.id),
        measured_on=cancer.measured_on,
        signs=cancer.signs,
        act_within_days=dict(cancer.act_within_days),
        signs_source=cancer.signs_source,
        urgency_source=cancer.urgency_source,
    )


def describe_model(fields: BundleFields) -> ModelResponse:
    """Return a model with its results, licences and digests."""
    return ModelResponse(
        name=fields.name,
        cancer=fields.cancer,
        version=fields.version,
        tasks=tuple(task.id for task in fields.tasks),
        input_height_px=fields.input.height,
        input_width_px=fields.input.width,
        created=fields.created,
        licences=fields.licences,
        results=fields.results,
        digests=fields.digests,
        provenance=fields.provenance,
    )


def _describe_input(cancer: Cancer, fields: BundleFields | None) -> InputResponse:
    """Return what the model that answers takes, or what one would while there is none."""
    spec = cancer.input if fields is None else fields.input
    return InputResponse(
        height_px=spec.height,
        width_px=spec.width,
        aspect=str(spec.aspect),
        min_side_px=spec.min_side_px,
        steps=tuple(spec.steps),
        quality=None if fields is None else _describe_quality(fields.quality),
    )


def _describe_quality(limits: QualityLimits) -> QualityResponse:
    return QualityResponse(
        sharpness_min=limits.sharpness_min,
        brightness_range=limits.brightness_range,
        contrast_min=limits.contrast_min,
        saturation_range=limits.saturation_range,
    )


def _describe_question(question: Question) -> QuestionResponse:
    return QuestionResponse(
        id=question.id,
        text=question.text,
        kind=question.kind,
        choices=question.choices,
        unit=question.unit,
        needed=question.needed,
    )


def _describe_class(label: ClassLabel) -> ClassResponse:
    return ClassResponse(
        id=label.id,
        title=label.title,
        label=label.label,
        meaning=label.meaning,
        malignant=label.malignant,
        codes=dict(label.codes),
    )
