"""What a reader is allowed to take, what it gives, and the words in which it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cancerapy.arrays import Image
from cancerapy.errors import ImageError

FORMATS = "JPEG, PNG, TIFF, WebP, BMP, GIF, HEIC or DICOM"
"""The formats that are read, in words."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds that are checked before a file is decoded.

    Args:
        max_bytes: Greatest size of the file in bytes.
        max_megapixels: Greatest width x height, in millions of pixels.
    """

    max_bytes: int = 20_000_000
    max_megapixels: float = 50


DATA_SET_LIMITS = ReadLimits(max_bytes=500_000_000, max_megapixels=200)
"""Bounds for the files of one's own data sets: a mammogram in DICOM has 20 to 60 MB."""


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """One picture and the little that its file says about it.

    Args:
        pixels: (H, W, 3) uint8 RGB, turned upright by EXIF; may be read-only.
        format: Format of the file, for instance ``"JPEG"`` or ``"DICOM"``.
        facts: Facts from the file that identify nobody: of DICOM the modality, laterality, view,
            ``pixel_spacing_mm`` and photometric interpretation as far as given; else empty.
    """

    pixels: Image
    format: str
    facts: Mapping[str, str] = field(default_factory=dict)


def image_error(code: str, message: str) -> ImageError:
    """Build the error for a request's field ``image``; ``code`` as in ``errors.IMAGE_STATUS``."""
    return ImageError(message, code=code, field="image")


def check_size(name: str, width_px: int, height_px: int, limits: ReadLimits) -> None:
    """Raise ``image_too_many_pixels`` where a header announces more than the limit.

    Args:
        name: What the picture is called in the message.
        width_px: Width in the header.
        height_px: Height in the header.
        limits: The bounds.
    """
    if width_px < 1 or height_px < 1:
        raise corrupt(name, f"its header says {width_px} x {height_px} px")
    megapixels = width_px * height_px / 1e6
    if megapixels > limits.max_megapixels:
        raise image_error(
            "image_too_many_pixels",
            f"{name} must have at most {limits.max_megapixels:g} megapixels; its header says "
            f"{width_px} x {height_px} px ({megapixels:,.1f} megapixels). "
            "Save it at a lower resolution, or cut out the region of interest.",
        )


def corrupt(name: str, reason: str) -> ImageError:
    """Build the error for a file that starts as an image and cannot be decoded."""
    return image_error(
        "image_corrupt",
        f"{name} must be a whole, undamaged image file; {reason}. "
        "Copy or export it again from where it was made.",
    )


def multi_frame(name: str, frames: str) -> ImageError:
    """Build the error for an animation, a multi-page or a multi-frame file."""
    return image_error(
        "image_multi_frame",
        f"{name} must hold one picture; it has {frames}. "
        "Save the frame or page to be judged as a file of its own.",
    )


def unsupported(name: str, reason: str) -> ImageError:
    """Build the error for a file that is of no format that is read."""
    return image_error(
        "image_unsupported",
        f"{name} must be a {FORMATS} file; {reason}. Export it as PNG or JPEG and send that.",
    )
