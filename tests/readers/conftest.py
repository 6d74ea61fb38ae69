"""DICOM files made in memory: nobody's, and small."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage


def make_dataset(
    pixels: NDArray[Any], *, syntax: str = ExplicitVRLittleEndian, **elements: object
) -> Dataset:
    """Return a data set with ``pixels`` (H, W) or (H, W, 3); 16-bit ones have 12 bits stored."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    bits = pixels.dtype.itemsize * 8
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = 1 if pixels.ndim == 2 else 3
    dataset.PhotometricInterpretation = "MONOCHROME2" if pixels.ndim == 2 else "RGB"
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated, dataset.BitsStored = bits, 8 if bits == 8 else 12
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OB" if bits == 8 else "OW"
    for name, value in elements.items():
        setattr(dataset, name, value)
    return dataset


def to_bytes(dataset: Dataset) -> bytes:
    """Return the data set as a file."""
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def with_stream(dataset: Dataset, stream: bytes, syntax: str) -> bytes:
    """Return a file whose pixels are a compressed stream."""
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate([stream])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return to_bytes(dataset)


DicomMaker = Callable[..., bytes]


@pytest.fixture(scope="session")
def make_dicom() -> DicomMaker:
    """Return a function from pixels and elements to the bytes of a DICOM file."""

    def make(pixels: NDArray[Any], **elements: Any) -> bytes:
        return to_bytes(make_dataset(pixels, **elements))

    return make


@pytest.fixture(scope="session")
def make_compressed() -> DicomMaker:
    """Return a function from pixels, a stream and its transfer syntax to a DICOM file."""

    def make(pixels: NDArray[Any], stream: bytes, syntax: str, **elements: Any) -> bytes:
        return with_stream(make_dataset(pixels, **elements), stream, syntax)

    return make


@pytest.fixture(scope="session")
def ramp() -> NDArray[np.uint16]:
    """Return (20, 30) 12-bit values: 0 upper left, 4095 lower right."""
    steps = np.add.outer(np.arange(20) * 30, np.arange(30)) / 599
    return np.round(steps * 4095).astype(np.uint16)
