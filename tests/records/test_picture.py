"""What leaves the record is the picture, whatever its file said about people."""

import io

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL.PngImagePlugin import PngInfo
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

from cancerapy.readers import read_image
from cancerapy.records.picture import media_type_of, strip_image

NAME = "Haddad^Layla"


def _jpeg() -> bytes:
    picture = PillowImage.new("RGB", (8, 6), (10, 200, 30))
    exif = picture.getexif()
    exif[0x010E] = exif[0x013B] = NAME
    exif.get_ifd(0x8825)[1] = "N"
    output = io.BytesIO()
    picture.save(output, format="JPEG", exif=exif, comment=NAME)
    return output.getvalue()


def _png() -> bytes:
    said = PngInfo()
    said.add_text("Patient", NAME)
    output = io.BytesIO()
    PillowImage.new("L", (8, 6), 77).save(output, format="PNG", pnginfo=said)
    return output.getvalue()


def _dicom() -> bytes:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.PatientName = NAME
    file.PatientID = "H-7"
    file.Rows, file.Columns, file.SamplesPerPixel = 6, 8, 1
    file.BitsAllocated = file.BitsStored = 8
    file.HighBit, file.PixelRepresentation = 7, 0
    file.PhotometricInterpretation = "MONOCHROME2"
    file.PixelData = np.arange(48, dtype=np.uint8).tobytes()
    output = io.BytesIO()
    file.save_as(output, enforce_file_format=True)
    return output.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(_jpeg(), "image/jpeg"), (_png(), "image/png"), (_dicom(), "application/dicom")],
    ids=["jpeg", "png", "dicom"],
)
def test_the_pixels_leave_and_nothing_else(data: bytes, media_type: str) -> None:
    assert NAME.encode() in data
    assert media_type_of(data) == media_type
    out = strip_image(data)
    assert NAME.encode() not in out.png
    assert b"H-7" not in out.png
    with PillowImage.open(io.BytesIO(out.png)) as picture:
        assert (picture.info, dict(picture.getexif())) == ({}, {})
        assert picture.size == (out.width_px, out.height_px) == (8, 6)
        assert np.array_equal(np.asarray(picture), read_image(data).pixels)
