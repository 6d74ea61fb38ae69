"""JPEG, PNG, TIFF, WebP, BMP, GIF and HEIC through Pillow."""

import ctypes
import io
from contextlib import suppress
from functools import cache

import numpy as np
from PIL import Image as PillowImage
from PIL import _imaging

from cancerapy.arrays import Image
from cancerapy.errors import ImageError
from cancerapy.readers.decoded import (
    DecodedImage,
    ReadLimits,
    check_size,
    corrupt,
    image_error,
    multi_frame,
    unsupported,
)
from cancerapy.readers.depth import to_8_bit
from cancerapy.readers.quiet import quiet_decoders

_MAGIC = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"II+\x00": "TIFF",
    b"MM\x00+": "TIFF",
    b"RIFF": "WEBP",
    b"BM": "BMP",
    b"GIF8": "GIF",
}
"""First bytes of the formats that are read. HEIC is known by ``ftyp`` at the fifth byte."""

_STRIP_ROWS = 256
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF")

_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: PillowImage.Transpose.FLIP_LEFT_RIGHT,
    3: PillowImage.Transpose.ROTATE_180,
    4: PillowImage.Transpose.FLIP_TOP_BOTTOM,
    5: PillowImage.Transpose.TRANSPOSE,
    6: PillowImage.Transpose.ROTATE_270,
    7: PillowImage.Transpose.TRANSVERSE,
    8: PillowImage.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation (Exif 2.3, table 6, tag 274)."""


def read_raster(data: bytes, name: str, limits: ReadLimits) -> DecodedImage:
    """Decode a picture that is not DICOM.

    Transparency is laid on white. Depths above 8 bits are scaled as ``depth.to_8_bit`` says.
    Colour profiles are not applied: the training pictures were read without them.

    Args:
        data: The whole file, not empty.
        name: What the picture is called in messages.
        limits: Bounds; the pixels are checked by the header.

    Raises:
        ImageError: As ``read_image``.
    """
    kind = _format_of(data)
    if kind is None:
        raise unsupported(name, f"it begins with {_shown(data)}, which none of these does")
    with quiet_decoders():
        try:
            return _decode(data, kind, name, limits)
        except ImageError:
            raise
        except PillowImage.DecompressionBombError as error:
            raise image_error(
                "image_too_many_pixels",
                f"{name} must have at most {limits.max_megapixels:g} megapixels; its header "
                "says far more. Save it at a lower resolution.",
            ) from error
        except Exception as error:  # decoders raise anything on damaged bytes
            raise corrupt(name, f"this {kind} file is truncated or damaged") from error


def _format_of(data: bytes) -> str | None:
    if data[4:8] == b"ftyp":
        return "HEIF"
    return next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)


def _shown(data: bytes) -> str:
    start = data[:8]
    is_text = start.isascii() and start.decode().isprintable()
    return repr(start.decode()) if is_text else f"the bytes {start.hex(' ')}"


@cache
def _silence_libtiff() -> None:
    """Take away what prints libtiff's errors on the screen; Pillow raises for those that matter.

    Pillow has no setting for it. The library is found through the extension module that is linked
    with it; where the system does not look there, as on Windows, it goes on printing.
    """
    with suppress(OSError, AttributeError):
        set_handler = ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler
        set_handler.argtypes, set_handler.restype = (ctypes.c_void_p,), ctypes.c_void_p
        set_handler(None)


def _register_heif(name: str) -> None:
    try:
        import pillow_heif  # 4 MB of decoder that only phones' photographs need
    except ImportError as error:  # there is none for the packaged app
        raise image_error(
            "image_no_decoder",
            f"{name} must be of a format that can be decoded on this device; HEIC cannot. "
            "Save or send it as JPEG or PNG.",
        ) from error
    pillow_heif.register_heif_opener()


def _decode(data: bytes, kind: str, name: str, limits: ReadLimits) -> DecodedImage:
    if kind == "HEIF":
        _register_heif(name)
    if kind == "TIFF":
        _silence_libtiff()
    formats = ("HEIF",) if kind == "HEIF" else _FORMATS
    with PillowImage.open(io.BytesIO(data), formats=formats) as picture:
        check_size(name, *picture.size, limits)
        # MPO is how some phones write JPEG: the picture, then a preview or second eye.
        if picture.format != "MPO" and getattr(picture, "is_animated", False):
            raise multi_frame(name, "several frames or pages")
        picture.load()
        return DecodedImage(_to_rgb(_upright(picture)), "JPEG" if kind == "JPEG" else kind)


def _upright(picture: PillowImage.Image) -> PillowImage.Image:
    try:
        # Read after decoding: TIFF and HEIC are turned by their decoders, which drop the tag.
        turn = _TURNS.get(picture.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 - broken EXIF says nothing about the picture
        return picture
    return picture if turn is None else picture.transpose(turn)


def _to_rgb(picture: PillowImage.Image) -> Image:
    if picture.mode == "RGB" and "transparency" not in picture.info:
        return np.asarray(picture)
    if picture.mode == "L" and "transparency" not in picture.info:
        return np.asarray(picture.convert("RGB"))
    if picture.mode.startswith(("I", "F")):
        grey = to_8_bit(np.asarray(picture))
        return np.repeat(grey[:, :, None], 3, axis=2)
    if picture.mode in {"LA", "PA", "La", "RGBA", "RGBa"} or "transparency" in picture.info:
        return _on_white(picture)
    return np.asarray(picture.convert("RGB"))


def _on_white(picture: PillowImage.Image) -> Image:
    """Lay a picture on white in strips: at 50 megapixels every copy in full is 200 MB."""
    width, height = picture.size
    pixels = np.empty((height, width, 3), np.uint8)
    # Pillow has no way from these straight to RGBA.
    through = {"La": "LA", "RGBa": "RGBA"}.get(picture.mode)
    for top in range(0, height, _STRIP_ROWS):
        strip = picture.crop((0, top, width, min(height, top + _STRIP_ROWS)))
        layer = (strip.convert(through) if through else strip).convert("RGBA")
        white = PillowImage.new("RGBA", layer.size, (255, 255, 255, 255))
        laid = PillowImage.alpha_composite(white, layer).convert("RGB")
        pixels[top : top + _STRIP_ROWS] = np.asarray(laid)
    return pixels
