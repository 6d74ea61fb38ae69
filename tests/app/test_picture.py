"""Previews of what can be read, and the heat map as a see-through picture."""

import io

import pytest
from PIL import Image as PillowImage

from cancerapy.app.heat import LONGEST_PX, draw_heat
from cancerapy.app.picture import PREVIEW_PX, THUMBNAIL_PX, make_thumbnail, read_picture
from cancerapy.contract import HeatMap
from cancerapy.errors import ImageError
from cancerapy.readers import ReadLimits


def _file(width_px: int, height_px: int, kind: str) -> bytes:
    output = io.BytesIO()
    PillowImage.new("RGB", (width_px, height_px), "red").save(output, format=kind)
    return output.getvalue()


def test_a_large_tiff_becomes_a_preview_that_browsers_show() -> None:
    data = _file(2400, 1200, "TIFF")
    picture = read_picture(data, "a.tif", ReadLimits())
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
        read_picture(b"%PDF-1.7", "a.pdf", ReadLimits())


def test_the_heat_map_is_clear_where_nothing_speaks_for_the_class() -> None:
    png = draw_heat(HeatMap("R", ((0.0, 0.0), (1.0, 1.0))), 48, 32)
    with PillowImage.open(io.BytesIO(png)) as heat:
        assert heat.mode == "RGBA"
        assert heat.size == (LONGEST_PX, LONGEST_PX * 32 // 48)
        assert heat.getpixel((10, 2))[3] == 0
        assert heat.getpixel((10, heat.height - 2))[3] == 255
