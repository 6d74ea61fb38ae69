"""An image on its way out of the record: the picture alone, nothing else that its file holds.

The pixels are decoded and written as a PNG of their own. Nothing of the file's EXIF, comments,
thumbnails, private DICOM elements or names survives that, known or unknown. What is burnt into the
pixels themselves does.
"""

import io
from dataclasses import dataclass

from PIL import Image as PillowImage
from sqlalchemy.orm import Session

from cancerapy.readers import DATA_SET_LIMITS, read_image
from cancerapy.records.image_store import ImageStore
from cancerapy.records.row_ids import find
from cancerapy.records.tables import ExaminationImage

MEDIA_TYPE = "image/png"

_SIGNS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"II": "image/tiff",
    b"MM": "image/tiff",
    b"RIFF": "image/webp",
    b"BM": "image/bmp",
    b"GIF8": "image/gif",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A stripped picture.

    Args:
        png: The file.
        width_px: Its width.
        height_px: Its height.
    """

    png: bytes
    width_px: int
    height_px: int


def strip_image(data: bytes) -> Picture:
    """Return the picture of an image file and nothing else of it.

    Args:
        data: The file as it came; it has been judged before, so it can be read.

    Raises:
        ImageError: It is not an image.
    """
    pixels = read_image(data, limits=DATA_SET_LIMITS).pixels
    output = io.BytesIO()
    PillowImage.fromarray(pixels).save(output, format="PNG", compress_level=3)
    return Picture(output.getvalue(), pixels.shape[1], pixels.shape[0])


def read_picture(session: Session, store: ImageStore, image_id: str) -> Picture:
    """Return the stripped picture of an examination's image.

    Args:
        session: Any session.
        store: Where the files lie.
        image_id: Public id of the image.

    Raises:
        RecordUnknownError: There is no such image.
        DataError: Its file is missing or damaged.
    """
    row = find(session, ExaminationImage, "image", image_id)
    return strip_image(store.get(row.image_sha256))


def media_type_of(data: bytes) -> str:
    """Return the media type of an image file by its first bytes.

    Args:
        data: The file; it has been read as an image, so one of the known formats.
    """
    for sign, media_type in _SIGNS.items():
        if data.startswith(sign):
            return media_type
    return "image/heic" if data[4:8] == b"ftyp" else "application/dicom"
