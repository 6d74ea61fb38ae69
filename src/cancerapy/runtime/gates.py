"""When not to answer: images of another kind are rejected, answers without confidence unsure."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from cancerapy.bundle.schema import QualityLimits, TaskFields
from cancerapy.cancers import Modality
from cancerapy.contract import Reason, Verdict
from cancerapy.preprocess import Quality

DICOM_MODALITIES: Mapping[str, frozenset[str]] = {
    Modality.MAMMOGRAPHY: frozenset({"MG", "CR", "DX", "OT"}),
    Modality.DERMATOSCOPY: frozenset({"XC", "DMS", "ES", "OT"}),
    Modality.HISTOLOGY: frozenset({"SM", "GM", "OT"}),
}
"""Values of the DICOM attribute Modality that such images come with; any where none are listed.

Digitised films come as ``CR`` or ``DX``, and ``OT`` says nothing.

References:
    DICOM PS3.3 C.7.3.1.1.1.
"""


class PixelLimits(Protocol):
    """Bounds of what can be measured without the model; a bundle's and the API's fit."""

    @property
    def sharpness_min(self) -> float:
        """Least variance of the Laplacian."""

    @property
    def brightness_range(self) -> Sequence[float]:
        """Least and greatest mean grey value, 0..255."""

    @property
    def contrast_min(self) -> float:
        """Least standard deviation of grey values."""

    @property
    def saturation_range(self) -> Sequence[float]:
        """Least and greatest mean HSV saturation, 0..255."""


def quality_reasons(quality: Quality, limits: PixelLimits) -> tuple[Reason, ...]:
    """Return why a picture cannot be judged, as far as that shows without the model.

    Args:
        quality: Measures of the prepared picture.
        limits: The model's bounds.
    """
    least, greatest = limits.brightness_range
    checks = (
        (quality.sharpness < limits.sharpness_min, "blurry", "The image is not sharp."),
        (quality.brightness < least, "too_dark", "The image is too dark."),
        (quality.brightness > greatest, "too_bright", "The image is too bright."),
        (quality.contrast < limits.contrast_min, "low_contrast", "The image has no contrast."),
        (
            not limits.saturation_range[0] <= quality.saturation <= limits.saturation_range[1],
            "wrong_colour",
            "The colours are not those of the images that the model was trained on.",
        ),
    )
    return tuple(Reason(code, text) for failed, code, text in checks if failed)


def modality_reasons(facts: Mapping[str, str], modality: str) -> tuple[Reason, ...]:
    """Return why an image was made in another way than the model's images; empty if unknown.

    Args:
        facts: What the file says about the image, see ``readers.DecodedImage.facts``.
        modality: The cancer's, a value of ``cancers.Modality``.
    """
    said, fitting = facts.get("modality", ""), DICOM_MODALITIES.get(modality, frozenset())
    if not said or not fitting or said in fitting:
        return ()
    text = f"The DICOM file is of modality {said}; the model judges {modality} images."
    return (Reason("wrong_modality", text),)


def rejection_reasons(
    quality: Quality, distance: float, limits: QualityLimits
) -> tuple[Reason, ...]:
    """Return why an image cannot be judged; empty if it can.

    Args:
        quality: Measures of the prepared picture.
        distance: Distance of its embedding from the training images, see ``Stats.distance``.
        limits: The bundle's bounds.
    """
    reasons = quality_reasons(quality, limits)
    if distance > limits.ood_max:
        text = "The image does not look like those that the model was trained on."
        reasons += (Reason("unfamiliar", text),)
    return reasons


def doubt_reasons(
    confidence: float, conformal_set: Sequence[str], task: TaskFields
) -> tuple[Reason, ...]:
    """Return why an answer is not sure; empty if it is.

    Args:
        confidence: Probability of the most probable class, 0..1.
        conformal_set: Class ids that cannot be excluded at the task's coverage.
        task: The bundle's fields of the task.
    """
    reasons = []
    if len(conformal_set) > 1:
        reasons.append(
            Reason(
                "several_possible",
                f"{', '.join(conformal_set)} cannot be told apart with {task.coverage:.0%} "
                "certainty.",
            )
        )
    elif not conformal_set:
        reasons.append(
            Reason("none_fits", "No class fits the image as well as it fits most of its own.")
        )
    if confidence < task.min_confidence:
        reasons.append(
            Reason(
                "low_confidence",
                f"The most probable class has {confidence:.0%}, less than the "
                f"{task.min_confidence:.0%} that an answer needs.",
            )
        )
    return tuple(reasons)


def decide(rejections: Sequence[Reason], doubts: Sequence[Reason]) -> Verdict:
    """Return the verdict that follows from the reasons."""
    if rejections:
        return Verdict.REJECTED
    return Verdict.UNSURE if doubts else Verdict.ANSWER
