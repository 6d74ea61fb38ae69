"""One DICOM image through pydicom: decoding, rescaling, windowing, polarity.

The order is that of PS3.3 C.7.6.3 and PS3.4 N.2: stored values, modality LUT or rescale, VOI LUT
or window, polarity. A file without window is shown from its least to its greatest value.
"""

import io
import re
import struct
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi
from pydicom.pixels.utils import pixel_array
from pydicom.uid import UID, JPEGBaseline8Bit, RLELossless

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
from cancerapy.readers.isolated import decode_in_child
from cancerapy.readers.quiet import quiet_decoders

_DEFLATED = b"1.2.840.10008.1.2.1.99"
_MAX_TABLE = 2**17
_FACTS = {
    "modality": (("Modality",), re.compile(r"[A-Z]{2,4}")),
    "laterality": (("ImageLaterality", "Laterality"), re.compile(r"[LRBU]")),
    "view": (("ViewPosition",), re.compile(r"[A-Z]{2,5}")),
    "photometric": (("PhotometricInterpretation",), re.compile(r"[A-Z0-9_ ]{3,16}")),
}
"""Facts that are read, with the form a value must have: a name or number never passes."""


def read_dicom(data: bytes, name: str, limits: ReadLimits) -> DecodedImage:
    """Decode a DICOM file that holds one frame.

    Args:
        data: The whole file.
        name: What the picture is called in messages.
        limits: Bounds; the pixels are checked by Rows and Columns and, where the pixel data are
            compressed, by the header of the compressed stream.

    Raises:
        ImageError: As ``read_image``.
    """
    if _DEFLATED in data[:4096]:
        raise unsupported(name, "it is DICOM deflated as a whole, whose size cannot be bounded")
    with quiet_decoders():
        try:
            dataset = pydicom.dcmread(io.BytesIO(data), force=True)
            _check_header(dataset, name, limits)
            _check_syntax(dataset, name)
            _check_stream(dataset, name)
            return DecodedImage(_pixels(dataset, data), "DICOM", _facts(dataset))
        except ImageError:
            raise
        except Exception as error:  # pydicom raises anything on damaged bytes
            raise corrupt(name, "this DICOM file is truncated or damaged") from error


def read_dicom_facts(data: bytes) -> dict[str, str]:
    """Return the facts of a DICOM file without decoding its pixels; none of a damaged one.

    Args:
        data: The whole file.
    """
    if _DEFLATED in data[:4096]:
        return {}
    with quiet_decoders():
        try:
            return _facts(pydicom.dcmread(io.BytesIO(data), force=True, stop_before_pixels=True))
        except Exception:  # noqa: BLE001 (pydicom raises anything on damaged bytes)
            return {}


def _check_header(dataset: Dataset, name: str, limits: ReadLimits) -> None:
    if not any(tag in dataset for tag in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")):
        raise image_error(
            "image_no_pixels",
            f"{name} must hold an image; this DICOM object has no pixel data (it may be a "
            "report, a presentation state or a directory). Send the image of the series.",
        )
    n_frames = int(dataset.get("NumberOfFrames", 1) or 1)
    if n_frames > 1:
        raise multi_frame(name, f"{n_frames} frames")
    check_size(name, int(dataset.Columns), int(dataset.Rows), limits)
    if int(dataset.get("SamplesPerPixel", 1)) not in (1, 3):
        raise corrupt(name, f"it has {dataset.SamplesPerPixel} samples per pixel instead of 1 or 3")


def _check_syntax(dataset: Dataset, name: str) -> None:
    uid = UID(dataset.file_meta.TransferSyntaxUID)
    try:
        is_read = get_decoder(uid).is_available
    except NotImplementedError:
        is_read = False
    if not is_read:
        raise unsupported(name, f"DICOM in the transfer syntax '{uid.name}' is not read")


def _check_stream(dataset: Dataset, name: str) -> None:
    if "PixelData" not in dataset or not dataset.file_meta.TransferSyntaxUID.is_compressed:
        return
    frame = next(iter(generate_frames(dataset.PixelData, number_of_frames=1)))
    size = stream_size(frame)
    # A small picture in the header and a huge one in the stream is a decompression bomb.
    if size is not None and size != (int(dataset.Columns), int(dataset.Rows)):
        raise corrupt(
            name,
            f"its header says {dataset.Columns} x {dataset.Rows} px and its compressed stream "
            f"{size[0]} x {size[1]} px",
        )


def stream_size(frame: bytes) -> tuple[int, int] | None:
    """Return width and height in the header of a JPEG, JPEG-LS or JPEG 2000 stream.

    Args:
        frame: The compressed frame.

    Returns:
        Width and height in pixels, ``None`` for streams of another kind (RLE).

    References:
        ITU-T T.81 B.2.2 (JPEG frame header), T.87 C.2.2 (JPEG-LS), T.800 A.5.1 (SIZ).
    """
    siz = frame.find(b"\xff\x4f\xff\x51")
    if siz >= 0:
        x1, y1, x0, y0 = struct.unpack_from(">4I", frame, siz + 8)
        return x1 - x0, y1 - y0
    if frame[:2] != b"\xff\xd8":
        return None
    position = 2
    while position + 9 <= len(frame):
        marker = frame[position + 1]
        is_frame_header = 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)
        if is_frame_header or marker == 0xF7:
            height, width = struct.unpack_from(">2H", frame, position + 5)
            return width, height
        position += 1 if marker == 0xFF else 2 + struct.unpack_from(">H", frame, position + 2)[0]
    return None


def _stored_values(dataset: Dataset, data: bytes) -> NDArray[Any]:
    """Decode the pixels; YBR comes out as RGB."""
    uid = dataset.file_meta.TransferSyntaxUID
    if not uid.is_compressed or uid == RLELossless:
        return pixel_array(dataset)
    if uid == JPEGBaseline8Bit:
        return pixel_array(dataset, decoding_plugin="pillow")
    return decode_in_child(data)


def _pixels(dataset: Dataset, data: bytes) -> Image:
    stored = _stored_values(dataset, data)
    photometric = str(dataset.PhotometricInterpretation)
    if photometric == "PALETTE COLOR":
        stored = apply_color_lut(stored, dataset)
    if stored.ndim == 3:
        excess_bits = max(0, stored.dtype.itemsize * 8 - 8)
        if excess_bits:
            depth = 16 if photometric == "PALETTE COLOR" else int(dataset.BitsStored)
            stored = stored >> (depth - 8)
        return np.ascontiguousarray(stored[..., :3], dtype=np.uint8)
    grey = _to_grey(stored, dataset)
    if photometric == "MONOCHROME1":
        grey = np.subtract(255, grey, dtype=np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _to_grey(stored: NDArray[Any], dataset: Dataset) -> NDArray[np.uint8]:
    """Show stored values as 0..255: by a table of all values, so that 13 megapixels stay cheap."""
    if stored.dtype.kind == "f":
        return _displayed(stored, dataset)
    present = _without_padding(stored, dataset)
    least, greatest = int(present.min()), int(present.max())
    if greatest - least > _MAX_TABLE:
        return _displayed(stored, dataset)
    table = _displayed(np.arange(least, greatest + 1, dtype=np.int32), dataset)
    grey: NDArray[np.uint8] = table[np.clip(stored, least, greatest).astype(np.int32) - least]
    return grey


def _without_padding(stored: NDArray[Any], dataset: Dataset) -> NDArray[Any]:
    padding = dataset.get("PixelPaddingValue")
    if not isinstance(padding, int):
        return stored
    present = stored[stored != padding]
    return present if present.size else stored


def _displayed(values: NDArray[Any], dataset: Dataset) -> NDArray[np.uint8]:
    real = apply_modality_lut(values, dataset)
    sequence = dataset.get("VOILUTSequence")
    if sequence and sequence[0].get("LUTDescriptor"):
        shown = apply_voi(real, dataset).astype(np.float64)
        scaled = shown / (2 ** int(sequence[0].LUTDescriptor[2]) - 1)
    elif dataset.get("WindowCenter") is not None and dataset.get("WindowWidth") is not None:
        center, width = _first(dataset.WindowCenter), _first(dataset.WindowWidth)
        function = str(dataset.get("VOILUTFunction", "LINEAR") or "LINEAR")
        scaled = windowed(real.astype(np.float64), center, width, function)
    else:
        real = real.astype(np.float64)
        span = float(real.max() - real.min())
        scaled = (real - real.min()) / (span if span > 0 else 1.0)
    grey: NDArray[np.uint8] = np.round(np.clip(np.nan_to_num(scaled), 0, 1) * 255).astype(np.uint8)
    return grey


def windowed(
    values: NDArray[np.float64], center: float, width: float, function: str = "LINEAR"
) -> NDArray[np.float64]:
    """Apply a window, giving 0..1.

    Args:
        values: Values after the modality transform, any shape.
        center: Window Center, in the unit of ``values``.
        width: Window Width, in the same unit; at least 1 for ``LINEAR``, above 0 for the others.
        function: ``LINEAR``, ``LINEAR_EXACT`` or ``SIGMOID``.

    Returns:
        The same shape, 0..1.

    References:
        PS3.3 C.11.2.1.2 (LINEAR), C.11.2.1.3.1 (SIGMOID), C.11.2.1.3.2 (LINEAR_EXACT).
    """
    if function == "SIGMOID":
        exponent = np.clip(-4.0 * (values - center) / max(width, 1e-6), -700, 700)
        return np.asarray(1.0 / (1.0 + np.exp(exponent)))
    if function == "LINEAR_EXACT":
        return np.clip((values - center) / max(width, 1e-6) + 0.5, 0.0, 1.0)
    if width <= 1:
        return (values > center - 0.5).astype(np.float64)
    return np.clip((values - (center - 0.5)) / (width - 1) + 0.5, 0.0, 1.0)


def _first(value: Any) -> float:  # pydicom gives a number or a list of numbers
    return float(value[0] if hasattr(value, "__getitem__") else value)


def _facts(dataset: Dataset) -> dict[str, str]:
    facts = {}
    for fact, (keywords, form) in _FACTS.items():
        values = (str(dataset.get(keyword, "") or "").strip().upper() for keyword in keywords)
        found = next((value for value in values if form.fullmatch(value)), None)
        if found is not None:
            facts[fact] = found
    spacing = dataset.get("ImagerPixelSpacing") or dataset.get("PixelSpacing")
    if spacing:
        facts["pixel_spacing_mm"] = f"{_first(spacing):.4g}"
    return facts
