"""Whatever the bytes are, a reader answers with a picture or an ``ImageError``."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image as PillowImage

from cancerapy.errors import IMAGE_STATUS, ImageError
from cancerapy.phantoms import draw_phantom
from cancerapy.readers import read_image

KINDS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF", "DICOM")
EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def files(make_dicom: Callable[..., bytes], ramp: NDArray[np.uint16]) -> dict[str, bytes]:
    picture = PillowImage.fromarray(draw_phantom("generic", height=12, width=16))
    result = {"DICOM": make_dicom(ramp[:6, :8])}
    for kind in KINDS[:-1]:
        buffer = io.BytesIO()
        picture.save(buffer, kind)
        result[kind] = buffer.getvalue()
    return result


def outcome(data: bytes) -> str:
    """Return ``read`` or the error's code; anything else escapes and fails the test."""
    try:
        pixels = read_image(data).pixels
    except ImageError as caught:
        error = caught
    else:
        assert (pixels.ndim, pixels.shape[2], pixels.dtype) == (3, 3, np.uint8)
        return "read"
    assert error.code in IMAGE_STATUS
    assert error.field == "image"
    assert error.message.startswith("The image must ")
    return error.code


@EXAMPLES
@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    assert outcome(data) != "read"


@EXAMPLES
@given(
    st.sampled_from(
        [
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"II*\x00",
            b"MM\x00*",
            b"GIF89a",
            b"BM",
            b"RIFF\x00\x01\x00\x00WEBP",
            b"\x00\x00\x00\x18ftypheic",
            bytes(128) + b"DICM",
            b"\x08\x00\x05\x00",
        ]
    ),
    st.binary(max_size=400),
)
def test_random_bytes_after_a_true_beginning(beginning: bytes, rest: bytes) -> None:
    assert outcome(beginning + rest) in {*IMAGE_STATUS, "read"}


@pytest.mark.parametrize("kind", KINDS)
def test_truncated_at_every_byte(kind: str, files: dict[str, bytes]) -> None:
    data = files[kind]
    assert outcome(data) == "read"
    outcomes = [outcome(data[:length]) for length in range(len(data))]
    assert outcomes[0] == "image_empty"
    # A file may do without its last bytes (padding, end markers), not without its second half.
    assert "read" not in outcomes[: len(data) // 2]


@EXAMPLES
@given(
    kind=st.sampled_from(KINDS),
    flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_flipped_bytes(kind: str, flips: list[tuple[int, int]], files: dict[str, bytes]) -> None:
    data = bytearray(files[kind])
    for place, value in flips:
        data[place % len(data)] = value
    assert outcome(bytes(data)) in {*IMAGE_STATUS, "read"}
