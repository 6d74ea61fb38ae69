"""The one entrance: limits first, then the reader that fits the first bytes."""

from pathlib import Path

from cancerapy.readers.decoded import DecodedImage, ReadLimits, image_error
from cancerapy.readers.raster import read_raster

_DEFAULT_LIMITS = ReadLimits()

_BARE_DICOM = tuple(
    group + element
    for group, elements in {
        b"\x02\x00": (b"\x00\x00", b"\x01\x00", b"\x02\x00", b"\x10\x00"),
        b"\x08\x00": (b"\x00\x00", b"\x05\x00", b"\x08\x00", b"\x16\x00", b"\x18\x00"),
    }.items()
    for element in elements
)
"""First tags of DICOM files that were written without the 128-byte preamble."""


def read_image(data: bytes, *, limits: ReadLimits = _DEFAULT_LIMITS) -> DecodedImage:
    """Decode one picture from the bytes of a file.

    The name and the declared type of a file are not looked at, only its content.

    Args:
        data: The whole file.
        limits: Greatest size in bytes and pixels, checked before decoding.

    Returns:
        The picture in RGB, turned upright, with a few facts that identify nobody.

    Raises:
        ImageError: The bytes are not one picture within the limits; ``code`` says why.
    """
    return _read(data, "The image", limits)


def read_image_file(path: Path, *, limits: ReadLimits = _DEFAULT_LIMITS) -> DecodedImage:
    """Decode one picture from a file, as ``read_image`` does from its bytes.

    Args:
        path: The file; its size is checked before it is read. Messages hold its name only.
        limits: Greatest size in bytes and pixels.

    Raises:
        ImageError: The file cannot be opened or is not one picture within the limits.
    """
    return _read(read_bytes(path, limits=limits), f"'{path.name}'", limits)


def read_facts(data: bytes) -> dict[str, str]:
    """Return the facts of an image file without decoding it, see ``DecodedImage.facts``.

    Args:
        data: The whole file; one that is damaged or no DICOM has none.
    """
    if not is_dicom(data):
        return {}
    from cancerapy.readers.dicom import read_dicom_facts  # pydicom takes long to import

    return read_dicom_facts(data)


def read_bytes(path: Path, *, limits: ReadLimits = _DEFAULT_LIMITS) -> bytes:
    """Return the bytes of a file whose size is within the limits.

    Args:
        path: The file. Messages hold its name only.
        limits: Greatest size in bytes.

    Raises:
        ImageError: The file cannot be opened, is empty or too large.
    """
    name = f"'{path.name}'"
    try:
        check_bytes(name, path.stat().st_size, limits)
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or "it cannot be opened"
        raise image_error(
            "image_unreadable",
            f"{name} must be a file that can be opened; the system says: {reason}. "
            "Check the path and its permissions.",
        ) from error


def check_bytes(name: str, n_bytes: int, limits: ReadLimits) -> None:
    """Raise ``image_empty`` or ``image_too_large`` by the size of the file alone.

    Args:
        name: What the picture is called in the message.
        n_bytes: Size of the file.
        limits: The bounds.
    """
    if n_bytes == 0:
        raise image_error(
            "image_empty",
            f"{name} must be an image file; it has 0 bytes. "
            "The upload or copy failed: send the file again.",
        )
    if n_bytes > limits.max_bytes:
        raise image_error(
            "image_too_large",
            f"{name} must have at most {limits.max_bytes / 1e6:g} MB; it has "
            f"{n_bytes / 1e6:,.1f} MB. Save it smaller, for instance as JPEG.",
        )


def is_dicom(data: bytes) -> bool:
    """Whether the bytes begin as a DICOM file, with or without its preamble."""
    return data[128:132] == b"DICM" or data[:4] in _BARE_DICOM


def _read(data: bytes, name: str, limits: ReadLimits) -> DecodedImage:
    check_bytes(name, len(data), limits)
    if is_dicom(data):
        from cancerapy.readers.dicom import read_dicom  # pydicom takes long to import

        return read_dicom(data, name, limits)
    return read_raster(data, name, limits)
