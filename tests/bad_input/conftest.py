"""A toy bundle made by the project's own export, and files of every kind that goes wrong."""

import io
import runpy
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
    SecondaryCaptureImageStorage,
)

from cancerapy.bundle.schema import BundleFields
from cancerapy.bundle.store import CARD_FILE, MODEL_FILE, STATS_FILE, Stats, write_bundle
from cancerapy.cancers import Aspect, Cancer, InputSpec

HEIGHT, WIDTH = 32, 48  # as in ``toy_fields``
MAX_UPLOAD_MB = 1


@pytest.fixture(scope="session")
def toy_cancers(
    tmp_path_factory: pytest.TempPathFactory,
    toy_cancer: Cancer,
    write_cancer: Callable[[Cancer, Path], Path],
) -> Path:
    """Return a folder with the file of the toy cancer."""
    spec = InputSpec(HEIGHT, WIDTH, Aspect.CROP, min_side_px=16)
    return write_cancer(
        replace(toy_cancer, input=spec, sources=()), tmp_path_factory.mktemp("cancers")
    )


@pytest.fixture(scope="module", autouse=True)
def _toy_is_known(toy_cancers: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANCERAPY_CANCERS", str(toy_cancers))
        patch.setenv("CANCERAPY_MAX_UPLOAD_MB", str(MAX_UPLOAD_MB))
        yield


@pytest.fixture(scope="session")
def toy_bundles(toy_fields: BundleFields, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a real bundle of a network that sees place and colour."""
    stats = io.BytesIO()
    np.savez(stats, **asdict(Stats(np.zeros(3), np.ones(3), np.eye(3), np.eye(3), 1.0)))
    files = {MODEL_FILE: _graph(), STATS_FILE: stats.getvalue(), CARD_FILE: b"# Toy\n"}
    root = tmp_path_factory.mktemp("bundles")
    write_bundle(root, toy_fields, files)
    return root


def _graph() -> bytes:
    """Return a graph that weighs red by height and blue by width, so that turning it shows."""
    weight = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    weight[..., 0] = np.linspace(1.5, -1.5, HEIGHT)[:, None]
    weight[..., 1] = 0.1
    weight[..., 2] = np.linspace(-1, 1, WIDTH)
    module = runpy.run_path(str(Path(__file__).with_name("toy_graph.py")))
    content: bytes = module["write_graph"](weight / 255, np.array([[1] * 3, [-1] * 3], np.float32))
    return content


# --- pictures -------------------------------------------------------------------------------


def picture(height: int = 60, width: int = 90) -> NDArray[np.uint8]:
    """Return (height, width, 3) noise that is brighter on the left and redder at the top."""
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 100, (height, width, 3))
    noise[..., 0] += np.linspace(150, 0, height, dtype=int)[:, None]
    noise[..., 2] += np.linspace(150, 0, width, dtype=int)
    return noise.astype(np.uint8)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return ``image`` as a file of a kind, for instance ``"PNG"``."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png(pixels: NDArray[Any] | None = None) -> bytes:
    """Return pixels, or ``picture()``, as PNG."""
    return saved(Image.fromarray(picture() if pixels is None else pixels), "PNG")


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG file."""
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def png_by_hand(width: int, height: int, *chunks: bytes) -> bytes:
    """Return an RGB PNG that claims a size, with ``chunks`` after its header."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def dicom(
    pixels: NDArray[Any] | None, *, syntax: str = ExplicitVRLittleEndian, **elements: object
) -> bytes:
    """Return a DICOM file; without ``pixels`` it holds none."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    if pixels is not None:
        _add_pixels(dataset, pixels)
    for name, value in elements.items():
        setattr(dataset, name, value)
    if syntax == RLELossless:
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.compress(RLELossless)
    elif syntax != ExplicitVRLittleEndian and pixels is not None:
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _add_pixels(dataset: Dataset, pixels: NDArray[Any]) -> None:
    bits = pixels.dtype.itemsize * 8
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = 3 if pixels.ndim == 3 else 1
    dataset.PhotometricInterpretation = "RGB" if pixels.ndim == 3 else "MONOCHROME2"
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit, dataset.PixelRepresentation = bits - 1, 0
    dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OB" if bits == 8 else "OW"


def jpeg2000_dicom(stream: bytes) -> bytes:
    """Return a DICOM file of ``picture()``'s size around a JPEG 2000 stream."""
    return dicom(picture(), syntax=JPEG2000Lossless, PixelData=encapsulate([stream]))


def jpeg2000(pixels: NDArray[Any]) -> bytes:
    """Return pixels as a lossless JPEG 2000 codestream without the colour transform."""
    return saved(Image.fromarray(pixels), "JPEG2000", no_jp2=True, mct=0)


def grey() -> NDArray[np.uint8]:
    """Return ``picture()`` in grey with the full range, so that no depth scales it."""
    values = picture()[..., 0].copy()
    values[0, :2] = 0, 255
    return values


@dataclass(frozen=True)
class Refused:
    """A file that must be refused, and with which code and HTTP status."""

    name: str
    make: Callable[[], bytes]
    code: str
    status: int


@dataclass(frozen=True)
class Accepted:
    """A file that must be answered as the plain PNG of the same picture is.

    ``tolerance`` bounds the difference of a probability: 0 where nothing is lost.
    """

    name: str
    make: Callable[[], bytes]
    plain: Callable[[], NDArray[Any]]
    tolerance: float = 0.0


def _frames() -> list[Image.Image]:
    return [Image.fromarray(picture()), Image.fromarray(picture()[::-1])]


def _animated(kind: str, **options: Any) -> bytes:
    first, second = _frames()
    return saved(first, kind, save_all=True, append_images=[second], **options)


def _jpeg(**options: Any) -> bytes:
    return saved(Image.fromarray(picture()), "JPEG", quality=95, **options)


def _too_many_bytes() -> bytes:
    pixels = np.random.default_rng(0).integers(0, 256, (590, 590, 3), dtype=np.uint8)
    return png(pixels)  # noise does not shrink: 1.04 MB, within the room for the form


def _huge() -> bytes:
    return saved(Image.new("1", (9000, 6000)), "PNG")


REFUSED = (
    Refused("zero-byte", lambda: b"", "image_empty", 422),
    Refused(
        "text-as-jpeg", lambda: b"Dear doctor, see the attached file.", "image_unsupported", 415
    ),
    Refused("page", lambda: b"<!doctype html><title>404</title>", "image_unsupported", 415),
    Refused("pdf", lambda: b"%PDF-1.7\n1 0 obj\n", "image_unsupported", 415),
    Refused("zip", lambda: b"PK\x03\x04" + bytes(60), "image_unsupported", 415),
    Refused("jpeg-start-only", lambda: b"\xff\xd8\xff", "image_corrupt", 422),
    Refused("jpeg-truncated", lambda: _jpeg()[:-900], "image_corrupt", 422),
    Refused("png-truncated", lambda: png()[:-900], "image_corrupt", 422),
    Refused("png-without-pixels", lambda: png_by_hand(60, 60), "image_corrupt", 422),
    Refused(
        "bomb",
        lambda: png_by_hand(60_000, 60_000, chunk(b"IDAT", zlib.compress(bytes(90_000)))),
        "image_too_many_pixels",
        413,
    ),
    Refused(
        "bomb-in-the-text",
        lambda: png_by_hand(
            60, 60, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(3_000_000)))
        ),
        "image_corrupt",
        422,
    ),
    Refused("huge", _huge, "image_too_many_pixels", 413),
    Refused("too-many-bytes", _too_many_bytes, "image_too_large", 413),
    Refused("1x1", lambda: png(picture(1, 1)), "image_too_small", 422),
    Refused("1x4000", lambda: png(picture(1, 4000)), "image_too_small", 422),
    Refused("animated-gif", lambda: _animated("GIF"), "image_multi_frame", 422),
    Refused("animated-png", lambda: _animated("PNG"), "image_multi_frame", 422),
    Refused("animated-webp", lambda: _animated("WEBP"), "image_multi_frame", 422),
    Refused("pages-of-tiff", lambda: _animated("TIFF"), "image_multi_frame", 422),
    Refused("dicom-without-pixels", lambda: dicom(None), "image_no_pixels", 422),
    Refused("dicom-truncated", lambda: dicom(picture())[:-5000], "image_corrupt", 422),
    Refused(
        "dicom-multi-frame",
        lambda: dicom(picture(), NumberOfFrames=2, PixelData=picture().tobytes() * 2),
        "image_multi_frame",
        422,
    ),
    Refused(
        "dicom-damaged-stream",
        lambda: jpeg2000_dicom(jpeg2000(picture())[:200]),
        "image_corrupt",
        422,
    ),
    Refused(
        "dicom-bomb-in-the-stream",
        lambda: jpeg2000_dicom(jpeg2000(np.zeros((900, 900, 3), np.uint8))),
        "image_corrupt",
        422,
    ),
    Refused(
        "dicom-huge",
        lambda: dicom(picture(), Rows=60_000, Columns=60_000),
        "image_too_many_pixels",
        413,
    ),
)


def _sixteen_bit() -> bytes:
    return saved(Image.fromarray(grey().astype(np.uint16) * 257), "PNG")


def _grey_rgb() -> NDArray[Any]:
    return np.repeat(grey()[..., None], 3, axis=2)


def _few_colours() -> Image.Image:
    return Image.fromarray(picture()).quantize(64)


def _half_transparent() -> Image.Image:
    alpha = np.full((60, 90), 255, np.uint8)
    alpha[:, 45:] = 0
    return Image.fromarray(np.dstack([picture(), alpha]))


def _right_half_white() -> NDArray[Any]:
    pixels = picture()
    pixels[:, 45:] = 255
    return pixels


def _with_orientation(number: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = number
    turned = Image.fromarray(picture()).transpose(Image.Transpose.ROTATE_90)
    return saved(turned, "JPEG", quality=95, exif=exif)


def _cmyk() -> bytes:
    return saved(Image.fromarray(picture()).convert("CMYK"), "JPEG", quality=95)


def _gif() -> bytes:
    return saved(_few_colours(), "GIF")


def _few_colours_rgb() -> NDArray[Any]:
    return np.asarray(_few_colours().convert("RGB"))


ACCEPTED = (
    Accepted("bmp", lambda: saved(Image.fromarray(picture()), "BMP"), picture),
    Accepted("tiff", lambda: saved(Image.fromarray(picture()), "TIFF"), picture),
    Accepted("webp", lambda: saved(Image.fromarray(picture()), "WEBP", lossless=True), picture),
    Accepted("jpeg", _jpeg, picture, 0.05),
    Accepted("16-bit", _sixteen_bit, _grey_rgb),
    Accepted("cmyk", _cmyk, picture, 0.05),
    Accepted("palette", lambda: saved(_few_colours(), "PNG"), _few_colours_rgb),
    Accepted("one-frame-gif", _gif, _few_colours_rgb),
    Accepted("alpha", lambda: saved(_half_transparent(), "PNG"), _right_half_white),
    Accepted("exif-rotated", lambda: _with_orientation(6), picture, 0.05),
    Accepted("one-frame-dicom", lambda: dicom(picture(), NumberOfFrames=1), picture),
    Accepted("dicom-16-bit", lambda: dicom(grey().astype(np.uint16) * 257), _grey_rgb),
    Accepted("dicom-rle", lambda: dicom(picture(), syntax=RLELossless), picture),
    Accepted("dicom-jpeg-2000", lambda: jpeg2000_dicom(jpeg2000(picture())), picture),
    Accepted(
        "dicom-jpeg",
        lambda: dicom(grey(), syntax=JPEGBaseline8Bit, PixelData=encapsulate([_grey_jpeg()])),
        _grey_rgb,
        0.05,
    ),
)


def _grey_jpeg() -> bytes:
    return saved(Image.fromarray(grey()), "JPEG", quality=95)


@pytest.fixture(params=REFUSED, ids=lambda case: case.name)
def refused(request: pytest.FixtureRequest) -> Refused:
    """Return one file that must be refused."""
    case: Refused = request.param
    return case


@pytest.fixture(params=ACCEPTED, ids=lambda case: case.name)
def accepted(request: pytest.FixtureRequest) -> Accepted:
    """Return one file that must be answered."""
    case: Accepted = request.param
    return case


@pytest.fixture(scope="session")
def as_png() -> Callable[[NDArray[Any]], bytes]:
    """Return the function that makes a plain PNG of pixels."""
    return png


@pytest.fixture
def all_refused() -> tuple[Refused, ...]:
    """Return all files that must be refused."""
    return REFUSED


@pytest.fixture
def all_accepted() -> tuple[Accepted, ...]:
    """Return all files that must be answered."""
    return ACCEPTED
