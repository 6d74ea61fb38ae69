"""DICOM: windows, polarity, colour, compression, facts, and refusals."""

import io
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PillowImage
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    MPEG2MPML,
    DeflatedExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
)

from cancerapy.errors import ImageError
from cancerapy.readers import ReadLimits, read_image
from cancerapy.readers.dicom import stream_size, windowed

Maker = Callable[..., bytes]
Ramp = NDArray[np.uint16]


def test_without_window_least_is_black_and_greatest_white(make_dicom: Maker, ramp: Ramp) -> None:
    decoded = read_image(make_dicom(ramp // 2 + 100))
    assert decoded.format == "DICOM"
    assert decoded.pixels.dtype == np.uint8
    np.testing.assert_array_equal(decoded.pixels[:, :, 0], np.round(ramp // 2 / 2047 * 255))
    np.testing.assert_array_equal(decoded.pixels[:, :, 1], decoded.pixels[:, :, 0])


def test_monochrome1_is_inverted(make_dicom: Maker, ramp: Ramp) -> None:
    plain = read_image(make_dicom(ramp)).pixels
    inverted = read_image(make_dicom(ramp, PhotometricInterpretation="MONOCHROME1")).pixels
    np.testing.assert_array_equal(inverted, 255 - plain)


def test_implicit_little_endian(make_dicom: Maker, ramp: Ramp) -> None:
    np.testing.assert_array_equal(
        read_image(make_dicom(ramp, syntax=ImplicitVRLittleEndian)).pixels,
        read_image(make_dicom(ramp)).pixels,
    )


def test_a_file_without_preamble(make_dicom: Maker, ramp: Ramp) -> None:
    data = make_dicom(ramp)
    np.testing.assert_array_equal(read_image(data[132:]).pixels, read_image(data).pixels)


def test_window_after_rescale(make_dicom: Maker) -> None:
    stored = np.array([[0, 100, 200, 300, 400]], np.uint16).repeat(4, axis=0)
    data = make_dicom(
        stored,
        RescaleSlope=2,
        RescaleIntercept=-100,
        WindowCenter=[200, 999],
        WindowWidth=[201, 9],
    )
    # Real values -100, 100, 300, 500, 700; by PS3.3 C.11.2.1.2.1 white begins at c - 0.5 + 100.
    expected = [0, round(((100 - 199.5) / 200 + 0.5) * 255), 255, 255, 255]
    np.testing.assert_array_equal(read_image(data).pixels[0, :, 0], expected)


def test_signed_values(make_dicom: Maker) -> None:
    stored = np.array([[-1000, 0, 1000]], np.int16).repeat(3, axis=0)
    np.testing.assert_array_equal(read_image(make_dicom(stored)).pixels[0, :, 0], [0, 128, 255])


def test_voi_lut_sequence(make_dicom: Maker) -> None:
    table = Dataset()
    table.LUTDescriptor = [4, 0, 8]
    table.LUTData = struct.pack("<4H", 255, 0, 51, 102)
    table["LUTData"].VR = "OW"
    stored = np.array([[0, 1, 2, 3]], np.uint16).repeat(2, axis=0)
    data = make_dicom(stored, VOILUTSequence=Sequence([table]))
    np.testing.assert_array_equal(read_image(data).pixels[0, :, 0], [255, 0, 51, 102])


def test_padding_does_not_take_part_in_the_range(make_dicom: Maker) -> None:
    stored = np.array([[4000, 10, 20, 30]], np.uint16).repeat(2, axis=0)
    data = make_dicom(stored, PixelPaddingValue=4000)
    np.testing.assert_array_equal(read_image(data).pixels[0, 1:, 0], [0, 128, 255])


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        ("LINEAR", [0.0, 49.5, 100.0], [0.0, 0.5, 1.0]),
        ("LINEAR_EXACT", [0.0, 50.0, 75.0], [0.0, 0.5, 0.75]),
        ("SIGMOID", [50.0, 75.0], [0.5, 1 / (1 + np.exp(-1.0))]),
    ],
)
def test_window_functions_of_the_standard(
    function: str, values: list[float], expected: list[float]
) -> None:
    np.testing.assert_allclose(windowed(np.array(values), 50, 100, function), expected)


def test_a_window_of_one_level_is_a_threshold() -> None:
    np.testing.assert_array_equal(windowed(np.array([9.0, 10.0]), 10, 1), [0.0, 1.0])


def test_colour(make_dicom: Maker) -> None:
    colour = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    np.testing.assert_array_equal(read_image(make_dicom(colour)).pixels, colour)
    planes = make_dicom(
        colour, PlanarConfiguration=1, PixelData=np.moveaxis(colour, 2, 0).tobytes()
    )
    np.testing.assert_array_equal(read_image(planes).pixels, colour)


def test_ybr_becomes_rgb(make_dicom: Maker) -> None:
    red = PillowImage.new("RGB", (6, 4), (255, 0, 0)).convert("YCbCr")
    data = make_dicom(np.asarray(red), PhotometricInterpretation="YBR_FULL")
    assert read_image(data).pixels[0, 0].tolist() == pytest.approx([255, 0, 0], abs=3)


def test_palette_colour(make_dicom: Maker) -> None:
    stored = np.array([[0, 1]], np.uint8).repeat(2, axis=0)
    elements: dict[str, object] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for colour, levels in (("Red", (255, 0)), ("Green", (0, 128)), ("Blue", (0, 255))):
        elements[f"{colour}PaletteColorLookupTableDescriptor"] = [2, 0, 16]
        words = struct.pack("<2H", *(level * 257 for level in levels))
        elements[f"{colour}PaletteColorLookupTableData"] = words
    pixels = read_image(make_dicom(stored, **elements)).pixels
    np.testing.assert_array_equal(pixels[0], [(255, 0, 0), (0, 128, 255)])


def gdcm_file(data: bytes, syntax_name: str, folder: Any) -> bytes:
    gdcm = pytest.importorskip("gdcm")
    source, target = folder / "plain.dcm", folder / "packed.dcm"
    source.write_bytes(data)
    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, syntax_name)))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(target))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    return target.read_bytes()


@pytest.mark.parametrize(
    "syntax", ["JPEGLosslessProcess14_1", "JPEGLSLossless", "JPEG2000Lossless", "RLELossless"]
)
def test_lossless_compression_changes_nothing(
    syntax: str, make_dicom: Maker, ramp: Ramp, tmp_path: Any
) -> None:
    plain = make_dicom(ramp)
    packed = gdcm_file(plain, syntax, tmp_path)
    assert packed != plain
    np.testing.assert_array_equal(read_image(packed).pixels, read_image(plain).pixels)


def jpeg_stream(pixels: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    PillowImage.fromarray(pixels).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def test_baseline_jpeg(make_compressed: Maker, ramp: Ramp) -> None:
    grey = (ramp // 16).astype(np.uint8)
    data = make_compressed(grey, jpeg_stream(grey), JPEGBaseline8Bit)
    difference = np.abs(read_image(data).pixels[:, :, 0].astype(int) - grey)
    assert 0 < difference.mean() < 3


def test_a_stream_larger_than_its_header_is_a_bomb(make_compressed: Maker) -> None:
    small, large = np.zeros((8, 8), np.uint8), np.zeros((64, 80), np.uint8)
    data = make_compressed(small, jpeg_stream(large), JPEGBaseline8Bit)
    with pytest.raises(ImageError, match=r"says 8 x 8 px and its compressed stream 80 x 64 px"):
        read_image(data)


def test_stream_sizes() -> None:
    assert stream_size(jpeg_stream(np.zeros((20, 30), np.uint8))) == (30, 20)
    buffer = io.BytesIO()
    PillowImage.new("L", (31, 21)).save(buffer, "JPEG2000")
    assert stream_size(buffer.getvalue()) == (31, 21)
    assert stream_size(b"neither of them") is None


def test_a_damaged_stream_is_an_error_and_the_process_lives(
    make_compressed: Maker, ramp: Ramp
) -> None:
    data = make_compressed(ramp, b"\xff\x4f\xff\x51" + bytes(40), JPEG2000Lossless)
    with pytest.raises(ImageError) as caught:
        read_image(data)
    assert caught.value.code == "image_corrupt"


def test_no_pixels(make_dicom: Maker, ramp: Ramp) -> None:
    from pydicom import dcmread

    dataset = dcmread(io.BytesIO(make_dicom(ramp)))
    del dataset.PixelData
    buffer = io.BytesIO()
    dataset.save_as(buffer)
    with pytest.raises(ImageError, match=r"this DICOM object has no pixel data") as caught:
        read_image(buffer.getvalue())
    assert (caught.value.code, caught.value.status) == ("image_no_pixels", 422)


def test_several_frames(make_dicom: Maker, ramp: Ramp) -> None:
    data = make_dicom(ramp, NumberOfFrames=2, PixelData=ramp.tobytes() * 2)
    with pytest.raises(ImageError, match=r"must hold one picture; it has 2 frames") as caught:
        read_image(data)
    assert caught.value.code == "image_multi_frame"


def test_rows_and_columns_are_bounded_before_decoding(make_dicom: Maker, ramp: Ramp) -> None:
    data = make_dicom(ramp, Rows=60_000, Columns=60_000)
    with pytest.raises(ImageError, match=r"at most 50 megapixels; its header says 60000 x 60000"):
        read_image(data)
    with pytest.raises(ImageError, match=r"at most 0\.0001 megapixels"):
        read_image(make_dicom(ramp), limits=ReadLimits(max_megapixels=0.0001))


@pytest.mark.parametrize("syntax", [MPEG2MPML, "1.2.840.10008.1.2.4.94"])
def test_a_syntax_that_is_not_read(syntax: str, make_compressed: Maker, ramp: Ramp) -> None:
    with pytest.raises(ImageError, match=r"DICOM in the transfer syntax '.*' is not") as caught:
        read_image(make_compressed(ramp, bytes(10), syntax))
    assert (caught.value.code, caught.value.status) == ("image_unsupported", 415)


def test_deflated_files_are_refused(make_dicom: Maker, ramp: Ramp) -> None:
    with pytest.raises(ImageError, match=r"it is DICOM deflated as a whole"):
        read_image(make_dicom(ramp, syntax=DeflatedExplicitVRLittleEndian))


def test_truncated_pixels(make_dicom: Maker, ramp: Ramp) -> None:
    data = make_dicom(ramp)
    with pytest.raises(ImageError, match=r"this DICOM file is truncated or damaged") as caught:
        read_image(data[:-100])
    assert caught.value.code == "image_corrupt"


def test_facts_identify_nobody(make_dicom: Maker, ramp: Ramp) -> None:
    data = make_dicom(
        ramp,
        Modality="MG",
        ImageLaterality="L",
        ViewPosition="MLO",
        ImagerPixelSpacing=[0.07, 0.07],
        PatientName="Doe^Jane",
        PatientID="12345",
        PatientBirthDate="19500101",
        StudyDate="20200101",
        InstitutionName="St Elsewhere",
    )
    assert read_image(data).facts == {
        "modality": "MG",
        "laterality": "L",
        "view": "MLO",
        "pixel_spacing_mm": "0.07",
        "photometric": "MONOCHROME2",
    }


def test_a_name_in_the_wrong_field_is_not_a_fact(make_dicom: Maker, ramp: Ramp) -> None:
    facts = read_image(make_dicom(ramp, ViewPosition="JANE DOE", ImageLaterality="X")).facts
    assert set(facts) == {"photometric"}


def test_rle_is_read_in_process(make_dicom: Maker, ramp: Ramp) -> None:
    from pydicom import dcmread

    dataset = dcmread(io.BytesIO(make_dicom(ramp)))
    dataset.compress(RLELossless)
    buffer = io.BytesIO()
    dataset.save_as(buffer)
    np.testing.assert_array_equal(
        read_image(buffer.getvalue()).pixels, read_image(make_dicom(ramp)).pixels
    )
