"""The instant check of a picture: what the model would refuse, told before it is sent.

The measures are the model's own, on the picture prepared as the model prepares it; the bounds are
those of the model that answers, as the server tells them. Nothing is held back: the server decides.
"""

from collections.abc import Mapping

from cancerapy.app.shape import Shape
from cancerapy.arrays import Image
from cancerapy.contract.responses import TaskResponse
from cancerapy.preprocess import measure_quality, prepare_image
from cancerapy.runtime.gates import modality_reasons, quality_reasons


def check_picture(
    pixels: Image, facts: Mapping[str, str], task: TaskResponse
) -> tuple[str, ...] | None:
    """Return what may keep the model from judging a picture; empty if nothing was found.

    Args:
        pixels: (H, W, 3) uint8 RGB, as it would be sent.
        facts: What the file says about it, see ``readers.DecodedImage.facts``.
        task: What would be asked.

    Returns:
        Codes: ``too_small`` (it would be refused), ``few_pixels`` (fewer than the model looks at),
        and those of ``runtime.gates``. ``None`` where no model answers and nothing is known.
    """
    spec = task.input
    if spec.quality is None:
        return None
    codes = [reason.code for reason in modality_reasons(facts, task.modality)]
    shorter_px = min(pixels.shape[:2])
    if shorter_px < spec.min_side_px:
        return (*codes, "too_small")
    if shorter_px < min(spec.height_px, spec.width_px):
        codes.append("few_pixels")
    quality = measure_quality(prepare_image(pixels, Shape.of(spec, spec.min_side_px)))
    return (*codes, *(reason.code for reason in quality_reasons(quality, spec.quality)))
