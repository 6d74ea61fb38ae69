"""From the bytes of any readable file to a picture that every screen can show, and its edits.

A browser cannot show DICOM, TIFF or HEIC, and a photograph of many megapixels must not travel to
the screen in full. The same reader as the model's is used, so what is seen is what is judged.
"""

import io
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image as PillowImage

from cancerapy.app.check import check_picture
from cancerapy.app.edit import Edit, apply_edit, encode_png
from cancerapy.app.shrink import encode_smaller, shrink
from cancerapy.app.state import Picture
from cancerapy.arrays import Image
from cancerapy.contract.responses import TaskResponse
from cancerapy.readers import DecodedImage, ReadLimits, read_image
from cancerapy.readers.reading import check_bytes

PREVIEW_PX = 1200
THUMBNAIL_PX = 240  # two of them side by side fill a phone's width

MAX_CHOSEN_BYTES = 100_000_000
"""Largest file that is read to be made smaller."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way that a picture goes from here.

    Args:
        limits: What the server takes, in bytes and pixels.
        task: What is asked of it; ``None`` leaves the picture unchecked.
        is_costly: Whether it travels over a network, so that photographs are made smaller.
    """

    limits: ReadLimits
    task: TaskResponse | None = None
    is_costly: bool = False

    @property
    def chosen(self) -> ReadLimits:
        """What may be chosen here; more than what is sent where it is made smaller."""
        least = MAX_CHOSEN_BYTES if self.is_costly else 0
        return replace(self.limits, max_bytes=max(self.limits.max_bytes, least))


def read_picture(data: bytes, name: str, way: Way) -> Picture:
    """Read a chosen file.

    Args:
        data: The file's bytes.
        name: Its name, kept beside it.
        way: Where it goes.

    Raises:
        ImageError: The file is no image that can be judged, or larger than the server takes.
    """
    image = read_image(data, limits=way.chosen)
    pixels, sent = image.pixels, data
    smaller = _smaller(image, way)
    if smaller is not None and len(smaller[1]) < len(data):
        pixels, sent = smaller
    check_bytes("The image", len(sent), way.limits)
    preview = _to_jpeg(PillowImage.fromarray(pixels), PREVIEW_PX)
    height_px, width_px = pixels.shape[:2]
    return Picture(
        sent,
        preview,
        width_px,
        height_px,
        name,
        original=data,
        whole=preview,
        format=image.format,
        is_smaller=sent is not data,
        concerns=check_picture(pixels, image.facts, way.task) if way.task else None,
    )


def edit_picture(picture: Picture, edit: Edit, way: Way) -> Picture:
    """Return what an edit leaves of a picture's file; without an edit the file itself.

    It is sent as a PNG with every pixel of the file; where that is more than the server takes,
    with fewer pixels.

    Args:
        picture: A picture that can be edited.
        edit: What is done to its file, instead of what was done before.
        way: Where it goes.

    Raises:
        ImageError: What is left is larger than the server takes.
    """
    if edit.is_none:
        return read_picture(picture.original, picture.name, way)
    image = read_image(picture.original, limits=way.chosen)
    image = replace(image, pixels=apply_edit(image.pixels, edit))
    smaller = _smaller(image, way)
    pixels, sent = smaller or (image.pixels, encode_png(image.pixels))
    if len(sent) > way.limits.max_bytes and smaller is None:
        smaller = _smaller(image, replace(way, is_costly=True))
        pixels, sent = smaller or (pixels, sent)
    check_bytes("The image", len(sent), way.limits)
    height_px, width_px = pixels.shape[:2]
    return replace(
        picture,
        data=sent,
        preview=_to_jpeg(PillowImage.fromarray(pixels), PREVIEW_PX),
        width_px=width_px,
        height_px=height_px,
        edit=edit,
        is_smaller=smaller is not None,
        concerns=check_picture(pixels, image.facts, way.task) if way.task else None,
    )


def turn_back(data: bytes, limits: ReadLimits) -> bytes:
    """Return a mirrored photo as it would be seen, as a PNG with every pixel of it.

    Raises:
        ImageError: The photo cannot be read.
    """
    return encode_png(np.ascontiguousarray(read_image(data, limits=limits).pixels[:, ::-1]))


def make_thumbnail(preview: bytes) -> bytes:
    """Return a small JPEG of a preview; nothing for nothing."""
    if not preview:
        return b""
    with PillowImage.open(io.BytesIO(preview)) as picture:
        return _to_jpeg(picture.convert("RGB"), THUMBNAIL_PX)


def _smaller(image: DecodedImage, way: Way) -> tuple[Image, bytes] | None:
    """Return a smaller picture and its file; ``None`` where it stays as it is."""
    if not way.is_costly or way.task is None or image.format == "DICOM":
        return None
    pixels = shrink(image.pixels, way.task.input)
    return None if pixels is None else (pixels, encode_smaller(pixels))


def _to_jpeg(picture: PillowImage.Image, longest_px: int) -> bytes:
    """Return a JPEG of at most ``longest_px``; ``picture`` itself is made smaller."""
    picture.thumbnail((longest_px, longest_px), PillowImage.Resampling.LANCZOS)
    output = io.BytesIO()
    picture.save(output, format="JPEG", quality=88)
    return output.getvalue()
