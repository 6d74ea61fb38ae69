"""Limits on bytes, the choice of reader, and files that cannot be opened."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from cancerapy.errors import ImageError
from cancerapy.readers import ReadLimits, read_image, read_image_file
from cancerapy.readers.reading import is_dicom


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "spot.png"
    PillowImage.new("RGB", (9, 7), (1, 2, 3)).save(path)
    return path


def test_file_and_bytes_give_the_same(png: Path) -> None:
    pixels = read_image_file(png).pixels
    assert pixels.shape == (7, 9, 3)
    assert pixels.dtype == np.uint8
    np.testing.assert_array_equal(pixels, read_image(png.read_bytes()).pixels)


def test_zero_bytes() -> None:
    with pytest.raises(
        ImageError, match=r"^The image must be an image file; it has 0 bytes\. The upload or copy"
    ) as caught:
        read_image(b"")
    assert (caught.value.code, caught.value.field) == ("image_empty", "image")


def test_too_many_bytes() -> None:
    message = r"^The image must have at most 0\.0001 MB; it has 0\.0 MB\. Save it smaller"
    with pytest.raises(ImageError, match=message) as caught:
        read_image(b"x" * 101, limits=ReadLimits(max_bytes=100))
    assert (caught.value.code, caught.value.status) == ("image_too_large", 413)


def test_the_limit_itself_is_allowed(png: Path) -> None:
    size = png.stat().st_size
    assert read_image_file(png, limits=ReadLimits(max_bytes=size)).format == "PNG"
    with pytest.raises(ImageError, match=r"^'spot\.png' must have at most"):
        read_image_file(png, limits=ReadLimits(max_bytes=size - 1))


@pytest.mark.parametrize("name", ["absent.png", ".", "zero\x00byte.png"])
def test_a_file_that_cannot_be_opened(name: str, tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"must be a file that can be opened") as caught:
        read_image_file(tmp_path / name)
    assert (caught.value.code, caught.value.exit_code) == ("image_unreadable", 1)
    assert str(tmp_path) not in caught.value.message


def test_messages_name_the_file_and_not_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "letter.jpg"
    path.write_text("Dear Sir or Madam")
    with pytest.raises(ImageError, match=r"^'letter\.jpg' must be a JPEG") as caught:
        read_image_file(path)
    assert str(tmp_path) not in caught.value.message


def test_dicom_is_known_with_and_without_preamble() -> None:
    assert is_dicom(bytes(128) + b"DICM")
    assert is_dicom(b"\x08\x00\x05\x00CS")
    assert not is_dicom(b"\x89PNG\r\n\x1a\n" + bytes(200))
    buffer = io.BytesIO()
    PillowImage.new("L", (300, 300)).save(buffer, "BMP")
    assert not is_dicom(buffer.getvalue())
