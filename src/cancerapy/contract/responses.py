"""What the API answers besides a ``Prediction``: frozen dataclasses of the standard library.

The API derives its OpenAPI schema and its JSON from these classes; clients may build them back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cancerapy.contract.decision import Decision
from cancerapy.contract.prediction import Prediction


@dataclass(frozen=True, slots=True)
class PredictionResponse(Prediction):
    """The answer to one image over HTTP.

    Args:
        heatmap_png: The picture as the model saw it with the heat map over it, a PNG in base64;
            on request (``heatmap=png``).
        decision: What to do next after this image and the answers; where answers were sent.
    """

    heatmap_png: str | None = None
    decision: Decision | None = None

    @classmethod
    def of(
        cls,
        prediction: Prediction,
        heatmap_png: str | None = None,
        decision: Decision | None = None,
    ) -> "PredictionResponse":
        """Build the response from ``prediction``; its own heat map stays as it is."""
        values = {spec.name: getattr(prediction, spec.name) for spec in fields(Prediction)}
        return cls(**values, heatmap_png=heatmap_png, decision=decision)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The one body of every error.

    Args:
        code: Stable word for programs, see the list of error codes.
        message: What must hold, what was given, where, and what to do.
        field: The part of the request at fault, if one is.
        request_id: The id of the request, also in the header ``X-Request-ID``.
    """

    code: str
    message: str
    field: str | None
    request_id: str


@dataclass(frozen=True, slots=True)
class BatchItem:
    """The outcome for one image of a batch: a prediction or an error, never both.

    Args:
        index: Place of the image in the request, from 0.
        prediction: The answer; ``None`` if the image has an error.
        error: What is wrong with this image; ``None`` if it was answered.
    """

    index: int
    prediction: PredictionResponse | None
    error: ErrorBody | None


@dataclass(frozen=True, slots=True)
class BatchResponse:
    """The answer to several images, in the order of the request.

    Args:
        task: Task id.
        items: One entry per image.
        n_answered: How many have a prediction.
        n_failed: How many have an error.
    """

    task: str
    items: tuple[BatchItem, ...]
    n_answered: int
    n_failed: int


@dataclass(frozen=True, slots=True)
class ClassResponse:
    """One possible answer of a task.

    Args:
        id: The data set's own code.
        title: Clinical term.
        label: The words shown to people.
        meaning: What it is in plain words.
        malignant: Whether it counts as malignant; ``None`` where this has no meaning.
        codes: Standard codes by system.
    """

    id: str
    title: str
    label: str
    meaning: str
    malignant: bool | None
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QuestionResponse:
    """One medical question; answering is free.

    Args:
        id: Field name.
        text: The question.
        kind: ``"number"``, ``"choice"`` or ``"yes_no"``.
        choices: The possible answers of a choice.
        unit: Unit of a number.
        needed: The answer without which no result is plain; empty where any will do.
    """

    id: str
    text: str
    kind: str
    choices: tuple[str, ...]
    unit: str
    needed: str


@dataclass(frozen=True, slots=True)
class QualityResponse:
    """Bounds outside which the model rejects an image; they are checked on the prepared picture.

    Args:
        sharpness_min: Least variance of the Laplacian of the grey picture.
        brightness_range: Least and greatest mean grey value, 0..255.
        contrast_min: Least standard deviation of the grey values.
        saturation_range: Least and greatest mean HSV saturation, 0..255.
    """

    sharpness_min: float
    brightness_range: tuple[float, ...]
    contrast_min: float
    saturation_range: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class InputResponse:
    """What becomes of an image before the model sees it, and what it must fulfil.

    Args:
        height_px: Height of the network's input.
        width_px: Width of the network's input.
        aspect: ``"stretch"``, ``"crop"`` or ``"pad"``, for images of another shape.
        min_side_px: Smallest shorter side that is accepted.
        steps: Names of the modality's own preparing steps, in their order.
        quality: Bounds of the model that answers; ``None`` while there is none.
    """

    height_px: int
    width_px: int
    aspect: str
    min_side_px: int
    steps: tuple[str, ...] = ()
    quality: QualityResponse | None = None


@dataclass(frozen=True, slots=True)
class TaskResponse:
    """One task: what is predicted from which images.

    Args:
        id: Task id.
        title: What it decides.
        cancer: Cancer id.
        cancer_title: Cancer in words.
        modality: How the images are made.
        description: One paragraph about the cancer and its images.
        classes: Possible answers in the order of the probabilities.
        limits: On whom the model was not measured.
        route: Where to send an image.
        aliases: Other routes that do the same.
        model: Name of the model that answers; ``None`` while there is none.
        questions: Medical questions to ask the patient.
        advice: What to do next, by kind of result: ``"malignant"``, ``"benign"``, ``"unsure"``,
            ``"rejected"`` and the like.
        guidance: How to take or choose a good image, one sentence each.
        input: What becomes of an image before the model sees it.
        main: Whether it is the cancer's main task.
        translations: By language, the cancer's texts (as given here) in that language.
        measured_on: On whom or what the model was measured.
        signs: Early signs of the cancer that a person can notice.
        act_within_days: How soon to act, by kind of result as in ``advice``.
        signs_source: Whose guidance the signs follow; empty if nobody's.
        urgency_source: Whose guidance the days follow, and how; empty if nobody's.
    """

    id: str
    title: str
    cancer: str
    cancer_title: str
    modality: str
    description: str
    classes: tuple[ClassResponse, ...]
    limits: tuple[str, ...]
    route: str
    aliases: tuple[str, ...]
    model: str | None
    questions: tuple[QuestionResponse, ...]
    advice: Mapping[str, str]
    guidance: tuple[str, ...]
    input: InputResponse
    main: bool
    translations: Mapping[str, Mapping[str, str]]
    measured_on: tuple[str, ...]
    signs: tuple[str, ...]
    act_within_days: Mapping[str, int]
    signs_source: str = ""
    urgency_source: str = ""


@dataclass(frozen=True, slots=True)
class TaskList:
    """All tasks, sorted by id."""

    tasks: tuple[TaskResponse, ...]


@dataclass(frozen=True, slots=True)
class ModelResponse:
    """One model that is served.

    Args:
        name: Cancer id and version, for instance ``"skin-1"``.
        cancer: Cancer id.
        version: Version of the bundle.
        tasks: Ids of the tasks that it answers.
        input_height_px: Height of the network's input.
        input_width_px: Width of the network's input.
        created: Date, ISO 8601.
        licences: Licences of code, data and starting weights.
        results: Measured results as rows (task, protocol, metric, value, low, high, command).
        digests: SHA-256 of the bundle's files.
        provenance: Digests of manifest, splits and plan; backbone; commands; package version.
    """

    name: str
    cancer: str
    version: str
    tasks: tuple[str, ...]
    input_height_px: int
    input_width_px: int
    created: str
    licences: Mapping[str, str]
    results: tuple[Mapping[str, Any], ...]
    digests: Mapping[str, str]
    provenance: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ModelList:
    """All models that are served, sorted by name."""

    models: tuple[ModelResponse, ...]


@dataclass(frozen=True, slots=True)
class About:
    """Who answers, and within which limits.

    Args:
        name: Always ``"CanceRapy"``: how a client knows that it has found this server.
        version: Version of the package.
        api: Version of the API; a client of another one must not go on.
        max_upload_bytes: Largest image file.
        max_megapixels: Largest image in millions of pixels.
        formats: The formats that are read, in words.
    """

    name: str
    version: str
    api: str
    max_upload_bytes: int
    max_megapixels: int
    formats: str
