"""From the bytes of any readable file to a picture that every screen can show.

A browser cannot show DICOM, TIFF or HEIC, and a photograph of many megapixels must not travel to
the screen in full. The same reader as the model's is used, so what is seen is what is judged.
"""

import io

from PIL import Image as PillowImage

from cancerapy.app.state import Picture
from cancerapy.readers import ReadLimits, read_image

PREVIEW_PX = 1200
THUMBNAIL_PX = 240  # two of them side by side fill a phone's width


def read_picture(data: bytes, name: str, limits: ReadLimits) -> Picture:
    """Read a chosen file.

    Args:
        data: The file's bytes.
        name: Its name, kept beside it.
        limits: Bounds in bytes and pixels.

    Raises:
        ImageError: The file is no image that can be judged.
    """
    pixels = read_image(data, limits=limits).pixels
    height_px, width_px = pixels.shape[:2]
    picture = PillowImage.fromarray(pixels)
    return Picture(data, _to_jpeg(picture, PREVIEW_PX), width_px, height_px, name)


def make_thumbnail(preview: bytes) -> bytes:
    """Return a small JPEG of a preview; nothing for nothing."""
    if not preview:
        return b""
    with PillowImage.open(io.BytesIO(preview)) as picture:
        return _to_jpeg(picture.convert("RGB"), THUMBNAIL_PX)


def _to_jpeg(picture: PillowImage.Image, longest_px: int) -> bytes:
    picture = picture.copy()
    picture.thumbnail((longest_px, longest_px), PillowImage.Resampling.LANCZOS)
    output = io.BytesIO()
    picture.save(output, format="JPEG", quality=88)
    return output.getvalue()
