"""Every mode and oddity of ordinary picture files becomes upright RGB or one clear error."""

import io
import struct
import sys
import zlib

import numpy as np
import pytest
from PIL import Image as PillowImage

from cancerapy.errors import ImageError
from cancerapy.readers import ReadLimits, read_image

RED, GREEN, BLUE, WHITE, BLACK = (
    (255, 0, 0),
    (0, 255, 0),
    (0, 0, 255),
    (255, 255, 255),
    (0, 0, 0),
)


def encode(picture: PillowImage.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def smooth() -> PillowImage.Image:
    ramp = np.add.outer(np.arange(24) * 3, np.arange(32) * 4).astype(np.uint8)
    return PillowImage.fromarray(np.stack([ramp, 255 - ramp, ramp // 2], axis=2))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_lossless_formats_give_the_very_pixels(kind: str, smooth: PillowImage.Image) -> None:
    decoded = read_image(encode(smooth, kind))
    assert decoded.format == kind
    assert decoded.facts == {}
    np.testing.assert_array_equal(decoded.pixels, np.asarray(smooth))


def test_a_damaged_fax_page_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    page = PillowImage.fromarray(np.random.default_rng(0).random((64, 64)) > 0.5)
    data = bytearray(encode(page, "TIFF", compression="group4"))
    for place in range(28, 208, 3):  # the only strip begins at byte 8
        data[place] ^= 0x5A
    assert read_image(bytes(data)).pixels.shape == (64, 64, 3)
    assert capfd.readouterr().err == ""


def test_lossless_webp_gives_the_very_pixels(smooth: PillowImage.Image) -> None:
    decoded = read_image(encode(smooth, "WEBP", lossless=True, exact=True))
    assert decoded.format == "WEBP"
    np.testing.assert_array_equal(decoded.pixels, np.asarray(smooth))


@pytest.mark.parametrize(("kind", "shown"), [("JPEG", "JPEG"), ("GIF", "GIF"), ("HEIF", "HEIF")])
def test_lossy_formats_come_close(kind: str, shown: str, smooth: PillowImage.Image) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    options = {} if kind == "GIF" else {"quality": 95}
    decoded = read_image(encode(smooth, kind, **options))
    assert decoded.format == shown
    difference = np.abs(decoded.pixels.astype(int) - np.asarray(smooth))
    assert 0 <= difference.mean() < 6


def test_exif_orientation_turns_the_picture() -> None:
    # Upper left red, upper right green, lower left blue, as the camera's sensor stored it.
    stored = PillowImage.new("RGB", (64, 32), WHITE)
    stored.paste(RED, (0, 0, 16, 16))
    stored.paste(GREEN, (48, 0, 64, 16))
    exif = PillowImage.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    turned = read_image(encode(stored, "JPEG", quality=95, exif=exif)).pixels
    assert turned.shape == (64, 32, 3)
    assert list(map(int, turned[4, 28])) == pytest.approx(RED, abs=8)
    assert list(map(int, turned[60, 28])) == pytest.approx(GREEN, abs=8)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_the_same(orientation: int, smooth: PillowImage.Image) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what makes each orientation, by hand
    made = smooth.transpose(undo[orientation]) if orientation in undo else smooth
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    for kind in ("PNG", "TIFF"):
        turned = read_image(encode(made, kind, exif=exif)).pixels
        np.testing.assert_array_equal(turned, np.asarray(smooth))


def test_broken_exif_does_not_spoil_the_picture(smooth: PillowImage.Image) -> None:
    data = encode(smooth, "JPEG", quality=95, exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7f")
    assert read_image(data).pixels.shape == (24, 32, 3)


def test_cmyk_jpeg_with_adobe_inversion() -> None:
    cmyk = PillowImage.new("CMYK", (32, 32), (0, 255, 255, 0))  # no cyan, full magenta, yellow
    assert read_image(encode(cmyk, "JPEG", quality=95)).pixels[5, 5] == pytest.approx(RED, abs=6)
    assert read_image(encode(cmyk, "TIFF")).pixels[5, 5] == pytest.approx(RED, abs=1)


def test_palette_and_its_transparency() -> None:
    palette = PillowImage.new("P", (8, 8), 1)
    palette.putpalette([0, 255, 0, 0, 0, 255])
    np.testing.assert_array_equal(read_image(encode(palette, "PNG")).pixels[0, 0], BLUE)
    data = encode(palette, "PNG", transparency=1)
    np.testing.assert_array_equal(read_image(data).pixels[0, 0], WHITE)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (0, 0, 0, 51), (204, 204, 204)),
        ("LA", (0, 0), WHITE),
        ("LA", (7, 255), (7, 7, 7)),
        ("1", 1, WHITE),
        ("1", 0, BLACK),
        ("L", 77, (77, 77, 77)),
    ],
)
def test_grey_and_alpha_are_laid_on_white(
    mode: str, colour: object, expected: tuple[int, int, int]
) -> None:
    data = encode(PillowImage.new(mode, (8, 8), colour), "PNG")
    np.testing.assert_array_equal(read_image(data).pixels[3, 3], expected)


def test_a_tall_picture_is_laid_on_white_in_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = []
    new = PillowImage.new

    def watched(mode: str, size: tuple[int, int], *rest: object) -> PillowImage.Image:
        layers.append(size[1])
        return new(mode, size, *rest)

    alpha = np.arange(700, dtype=np.uint8)[:, None] * np.ones((1, 3), np.uint8)
    picture = PillowImage.fromarray(np.dstack([np.zeros((700, 3, 3), np.uint8), alpha]))
    monkeypatch.setattr(PillowImage, "new", watched)
    pixels = read_image(encode(picture, "PNG")).pixels
    np.testing.assert_array_equal(pixels, np.repeat(255 - alpha[:, :, None], 3, axis=2))
    assert layers == [256, 256, 188]


def test_grey_png_with_a_transparent_value() -> None:
    data = encode(PillowImage.new("L", (8, 8), 0), "PNG", transparency=0)
    np.testing.assert_array_equal(read_image(data).pixels[0, 0], WHITE)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_from_the_full_range(kind: str) -> None:
    values = np.array([[0, 257, 65535], [32896, 514, 65278]], np.uint16).repeat(4, 0).repeat(4, 1)
    pixels = read_image(encode(PillowImage.fromarray(values), kind)).pixels
    np.testing.assert_array_equal(pixels[::4, ::4, 0], [[0, 1, 255], [128, 2, 254]])
    np.testing.assert_array_equal(pixels[:, :, 0], pixels[:, :, 2])


def test_float_tiff() -> None:
    values = np.array([[0.0, 0.5], [1.0, 0.25]], np.float32).repeat(8, 0).repeat(8, 1)
    pixels = read_image(encode(PillowImage.fromarray(values), "TIFF")).pixels
    np.testing.assert_array_equal(pixels[::8, ::8, 1], [[0, 128], [255, 64]])


def test_16_bit_colour_png_keeps_the_upper_byte() -> None:
    rows = b"".join(b"\x00" + struct.pack(">3H", 0xFFFF, 0x8000, 0x0102) * 4 for _ in range(4))

    def chunk(name: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + check

    header = struct.pack(">2I5B", 4, 4, 16, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    data += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    np.testing.assert_array_equal(read_image(data).pixels[2, 2], (255, 128, 1))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_animations_and_pages_are_refused(kind: str, smooth: PillowImage.Image) -> None:
    other = PillowImage.new("RGB", smooth.size, RED)
    data = encode(smooth, kind, save_all=True, append_images=[other])
    message = r"The image must hold one picture; it has several frames or pages\. Save the frame"
    with pytest.raises(ImageError, match=message) as caught:
        read_image(data)
    assert (caught.value.code, caught.value.status) == ("image_multi_frame", 422)


def test_a_photograph_with_a_preview_inside_is_one_picture(smooth: PillowImage.Image) -> None:
    data = encode(smooth, "MPO", save_all=True, append_images=[smooth.resize((16, 12))])
    decoded = read_image(data)
    assert decoded.format == "JPEG"
    assert decoded.pixels.shape == (24, 32, 3)


def test_text_named_as_jpeg_is_not_an_image() -> None:
    message = r"must be a JPEG, PNG, .* or DICOM file; it begins with 'This is ', which none"
    with pytest.raises(ImageError, match=message) as caught:
        read_image(b"This is a letter, not a picture.")
    assert (caught.value.code, caught.value.status) == ("image_unsupported", 415)


def test_formats_that_are_not_listed_are_refused(smooth: PillowImage.Image) -> None:
    with pytest.raises(ImageError, match=r"it begins with the bytes") as caught:
        read_image(encode(smooth, "JPEG2000"))
    assert caught.value.code == "image_unsupported"


def test_truncated_files_are_corrupt(smooth: PillowImage.Image) -> None:
    for kind in ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF"):
        data = encode(smooth, kind)
        with pytest.raises(
            ImageError, match=rf"this {kind} file is truncated or damaged"
        ) as caught:
            read_image(data[: len(data) // 2])
        assert (caught.value.code, caught.value.status) == ("image_corrupt", 422)


@pytest.mark.parametrize(("width", "height"), [(8000, 8000), (60_000, 60_000), (2**30, 2**30)])
def test_decompression_bombs_are_refused_by_their_header(width: int, height: int) -> None:
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    check = struct.pack(">I", zlib.crc32(b"IHDR" + header))
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + check
    bomb += struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(ImageError, match=r"must have at most 50 megapixels") as caught:
        read_image(bomb)
    assert (caught.value.code, caught.value.status) == ("image_too_many_pixels", 413)


def test_the_pixel_limit_is_the_callers(smooth: PillowImage.Image) -> None:
    data = encode(smooth, "PNG")
    assert read_image(data, limits=ReadLimits(max_megapixels=24 * 32 / 1e6)).pixels.size
    with pytest.raises(ImageError, match=r"at most 0\.0005 megapixels; its header says 32 x 24 px"):
        read_image(data, limits=ReadLimits(max_megapixels=0.0005))


def test_one_pixel_is_read() -> None:
    data = encode(PillowImage.new("RGB", (1, 1), RED), "PNG")
    np.testing.assert_array_equal(read_image(data).pixels, [[RED]])


def test_heic_without_its_decoder_is_not_called_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ImageError, match="HEIC cannot") as caught:
        read_image(b"\x00\x00\x00\x18ftypheic" + bytes(40))
    assert (caught.value.code, caught.value.status) == ("image_no_decoder", 415)
