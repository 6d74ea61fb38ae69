"""From the bytes of a file to the pixels of one picture, or to one clear error.

``read_image`` takes JPEG, PNG, TIFF, WebP, BMP, GIF, HEIC and DICOM. Whatever the bytes are, the
outcome is a ``DecodedImage`` or an ``ImageError``: no exception and no warning of the decoding
libraries gets out, and the limits hold before anything large is allocated.
"""

from cancerapy.readers.decoded import DATA_SET_LIMITS, FORMATS, DecodedImage, ReadLimits
from cancerapy.readers.reading import read_bytes, read_facts, read_image, read_image_file

__all__ = [
    "DATA_SET_LIMITS",
    "FORMATS",
    "DecodedImage",
    "ReadLimits",
    "read_bytes",
    "read_facts",
    "read_image",
    "read_image_file",
]
