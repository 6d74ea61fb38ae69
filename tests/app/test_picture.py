"""Previews of what can be read, what is sent after an edit, and the heat map on a picture."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PillowImage

from cancerapy.app.edit import Edit, encode_png
from cancerapy.app.heat import LONGEST_PX, draw_heat
from cancerapy.app.picture import (
    PREVIEW_PX,
    THUMBNAIL_PX,
    Way,
    edit_picture,
    make_thumbnail,
    read_picture,
    turn_back,
)
from cancerapy.contract import HeatMap
from cancerapy.contract.responses import TaskResponse
from cancerapy.errors import ImageError
from cancerapy.readers import ReadLimits

WAY = Way(ReadLimits())
NOISE = np.random.default_rng(1).integers(0, 256, (90, 150, 3), dtype=np.uint8)


def _pixels(data: bytes) -> NDArray[np.uint8]:
    with PillowImage.open(io.BytesIO(data)) as opened:
        return np.asarray(opened.convert("RGB"))


def _file(width_px: int, height_px: int, kind: str) -> bytes:
    output = io.BytesIO()
    PillowImage.new("RGB", (width_px, height_px), "red").save(output, format=kind)
    return output.getvalue()


def test_a_large_tiff_becomes_a_preview_that_browsers_show() -> None:
    data = _file(2400, 1200, "TIFF")
    picture = read_picture(data, "a.tif", WAY)
    assert picture.data is data
    assert (picture.width_px, picture.height_px) == (2400, 1200)
    with PillowImage.open(io.BytesIO(picture.preview)) as preview:
        assert preview.format == "JPEG"
        assert preview.size == (PREVIEW_PX, PREVIEW_PX // 2)
    with PillowImage.open(io.BytesIO(make_thumbnail(picture.preview))) as thumbnail:
        assert thumbnail.size == (THUMBNAIL_PX, THUMBNAIL_PX // 2)


def test_no_preview_has_no_thumbnail() -> None:
    assert make_thumbnail(b"") == b""


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(ImageError):
        read_picture(b"%PDF-1.7", "a.pdf", WAY)


def test_the_heat_map_is_clear_where_nothing_speaks_for_the_class() -> None:
    png = draw_heat(HeatMap("R", ((0.0, 0.0), (1.0, 1.0))), 48, 32)
    with PillowImage.open(io.BytesIO(png)) as heat:
        assert heat.mode == "RGBA"
        assert heat.size == (LONGEST_PX, LONGEST_PX * 32 // 48)
        assert heat.getpixel((10, 2))[3] == 0
        assert heat.getpixel((10, heat.height - 2))[3] == 255


def test_what_is_sent_after_an_edit_is_what_is_shown() -> None:
    picture = read_picture(encode_png(NOISE), "a.png", WAY)
    edited = edit_picture(picture, Edit(1, 0.5, 0.0, 1.0, 0.2), WAY)
    # Turned clockwise it is 90 wide and 150 high: the right half is the upper half of the file.
    expected = np.rot90(NOISE, -1)[:30, 45:]
    np.testing.assert_array_equal(_pixels(edited.data), expected)
    assert (edited.width_px, edited.height_px) == (45, 30)
    shown = _pixels(edited.preview).astype(int)
    assert 0 < np.abs(shown - expected).mean() < 60  # a JPEG of this noise
    assert np.abs(shown - expected[::-1]).mean() > 70  # of other noise
    assert (edited.original, edited.whole) == (picture.original, picture.whole)


def test_an_edit_starts_from_the_picture_that_exif_has_turned() -> None:
    output, exif = io.BytesIO(), PillowImage.Exif()
    exif[0x0112] = 6  # upright after a quarter turn clockwise
    PillowImage.fromarray(NOISE).save(output, format="TIFF", exif=exif)
    picture = read_picture(output.getvalue(), "a.tif", WAY)
    assert (picture.width_px, picture.height_px) == (90, 150)
    edited = edit_picture(picture, Edit(bottom=0.5), WAY)
    np.testing.assert_array_equal(_pixels(edited.data), np.rot90(NOISE, -1)[:75])


def test_an_edit_taken_back_sends_the_file_itself() -> None:
    data = _file(60, 40, "JPEG")
    picture = read_picture(data, "a.jpg", WAY)
    edited = edit_picture(edit_picture(picture, Edit(2), WAY), Edit(), WAY)
    assert edited == picture
    assert edited.data is data


def test_an_edit_that_is_too_large_to_be_sent_is_made_smaller(task: TaskResponse) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (600, 900, 3), dtype=np.uint8)
    output = io.BytesIO()
    PillowImage.fromarray(noise).save(output, format="JPEG", quality=50)
    way = Way(ReadLimits(max_bytes=400_000), task)
    picture = read_picture(output.getvalue(), "a.jpg", way)
    assert not picture.is_smaller
    edited = edit_picture(picture, Edit(2), way)
    assert edited.is_smaller
    assert (edited.width_px, edited.height_px) == (192, 128)  # four times the network's
    assert len(edited.data) <= 400_000
    with pytest.raises(ImageError, match="at most"):
        edit_picture(picture, Edit(2), replace(way, task=None))


def test_a_mirrored_photo_is_turned_back() -> None:
    mirrored = np.ascontiguousarray(NOISE[:, ::-1])
    np.testing.assert_array_equal(_pixels(turn_back(encode_png(mirrored), ReadLimits())), NOISE)


def test_a_large_photo_is_made_smaller_only_where_it_travels(task: TaskResponse) -> None:
    photo = np.repeat(np.repeat(NOISE[:40, :60], 15, axis=0), 15, axis=1)
    output = io.BytesIO()
    PillowImage.fromarray(photo).save(output, format="TIFF")
    data = output.getvalue()
    in_browser = read_picture(data, "a.tif", Way(ReadLimits(), task))
    assert in_browser.data is data
    assert not in_browser.is_smaller
    packaged = read_picture(data, "a.tif", Way(ReadLimits(), task, is_costly=True))
    assert packaged.is_smaller
    assert (packaged.width_px, packaged.height_px) == (192, 128)
    assert _pixels(packaged.data).shape == (128, 192, 3)
    assert len(packaged.data) < len(data) / 10
    edited = edit_picture(packaged, Edit(1), Way(ReadLimits(), task, is_costly=True))
    assert (edited.width_px, edited.height_px) == (192, 288)  # from the file, not from the small


def test_a_photo_above_the_server_s_limit_can_be_chosen_where_it_is_made_smaller(
    task: TaskResponse,
) -> None:
    data = _file(900, 600, "BMP")
    limits = ReadLimits(max_bytes=200_000)
    with pytest.raises(ImageError, match="at most"):
        read_picture(data, "a.bmp", Way(limits, task))
    sent = read_picture(data, "a.bmp", Way(limits, task, is_costly=True)).data
    assert len(sent) < 200_000


def test_a_dicom_file_is_sent_as_it_is(
    make_dicom: Callable[..., bytes], task: TaskResponse
) -> None:
    data = make_dicom(np.zeros((600, 900), np.uint8))
    picture = read_picture(data, "a.dcm", Way(ReadLimits(), task, is_costly=True))
    assert picture.data is data
    assert not picture.can_be_edited
    assert (picture.width_px, picture.height_px) == (900, 600)


FORTY_MEGAPIXELS = """
import io
import numpy as np
from PIL import Image
from cancerapy.app.picture import Way, read_picture
from cancerapy.readers import ReadLimits

small = Image.fromarray(np.random.default_rng(0).integers(0, 256, (50, 80, 3), dtype=np.uint8))
output = io.BytesIO()
small.resize((8000, 5000)).save(output, "JPEG", quality=80)
del small
picture = read_picture(output.getvalue(), "a.jpg", Way(ReadLimits()))
print(picture.width_px, picture.height_px, len(picture.preview))
(peak,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_forty_megapixels_are_read_in_bounded_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORTY_MEGAPIXELS],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    size, peak = done.stdout.splitlines()
    width_px, height_px, preview_bytes = map(int, size.split())
    assert (width_px, height_px) == (8000, 5000)
    assert preview_bytes < 1_000_000
    assert int(peak) < 700  # MB; the pixels themselves take 120, as Pillow holds them 160
