"""Aspect policies, sizes, determinism, and points that follow the picture."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cancerapy.bundle.schema import InputFields
from cancerapy.cancers import Aspect, InputSpec
from cancerapy.errors import ImageError, UnknownNameError
from cancerapy.phantoms import draw_phantom
from cancerapy.preprocess import prepare_image, prepare_with_geometry
from cancerapy.preprocess.pipeline import aspect_window


@dataclass(frozen=True)
class Spec:
    height: int
    width: int
    aspect: str = "stretch"
    steps: tuple[str, ...] = ()
    min_side_px: int = 1


def test_a_picture_that_fits_comes_back_as_it_is() -> None:
    image = draw_phantom("generic", height=20, width=30)
    assert prepare_image(image, Spec(20, 30, "crop")) is not None
    assert np.shares_memory(prepare_image(image, Spec(20, 30, "crop")), image)


def test_both_kinds_of_specification_give_the_same_bytes() -> None:
    image = draw_phantom("mammogram", height=90, width=70)
    spec = InputSpec(32, 32, Aspect.PAD, ("crop_to_breast", "stretch_contrast"), 16)
    fields = InputFields(32, 32, "pad", ("crop_to_breast", "stretch_contrast"), 16)
    np.testing.assert_array_equal(prepare_image(image, spec), prepare_image(image, fields))


@pytest.mark.parametrize(
    ("shape", "aspect", "rows", "columns"),
    [
        ((100, 300), "crop", (0, 100), (100, 200)),
        ((300, 100), "crop", (100, 200), (0, 100)),
        ((100, 300), "pad", (-100, 200), (0, 300)),
        ((300, 100), "pad", (0, 300), (-100, 200)),
        ((300, 100), "stretch", (0, 300), (0, 100)),
    ],
)
def test_windows_by_hand(
    shape: tuple[int, int], aspect: str, rows: tuple[int, int], columns: tuple[int, int]
) -> None:
    found_rows, found_columns = aspect_window(shape, Spec(50, 50, aspect))
    assert (found_rows.start, found_rows.stop) == rows
    assert (found_columns.start, found_columns.stop) == columns


def test_crop_keeps_the_centre_and_pad_adds_black() -> None:
    image = np.zeros((10, 30, 3), np.uint8)
    image[:, 10:20] = 200
    assert prepare_image(image, Spec(10, 10, "crop")).min() == 200
    padded = prepare_image(image[:, 10:20][:, :5], Spec(10, 10, "pad"))
    assert padded[:, 3:7].min() == 200
    assert padded[:, [0, 1, 8, 9]].max() == 0


def test_resizing_is_bilinear_with_antialias() -> None:
    image = np.zeros((4, 4, 3), np.uint8)
    image[:, 2:] = 255
    # A triangle of half width 2 over four pixels: weights 1 3 3 1 at the centres, cut at the edge.
    expected = round(255 * (1 / 8 + 0) / (7 / 8))
    small = prepare_image(image, Spec(2, 2))
    assert small[0, 0, 0] == pytest.approx(expected, abs=1)
    assert small[0, 1, 0] == pytest.approx(255 - expected, abs=1)


def test_too_small() -> None:
    message = r"^The image must have at least 64 x 64 px; it has 12 x 9\. Send the original"
    with pytest.raises(ImageError, match=message) as caught:
        prepare_image(np.zeros((9, 12, 3), np.uint8), InputSpec(96, 96, Aspect.CROP))
    assert (caught.value.code, caught.value.status) == ("image_too_small", 422)


def test_unknown_names_are_answered_with_the_nearest() -> None:
    image = np.zeros((9, 12, 3), np.uint8)
    with pytest.raises(UnknownNameError, match=r"No aspect policy named 'crp'.*'crop'\?"):
        prepare_image(image, Spec(4, 4, "crp"))
    with pytest.raises(UnknownNameError, match=r"step named 'crop_to_brest'.*'crop_to_breast'\?"):
        prepare_image(image, Spec(4, 4, "crop", ("crop_to_brest",)))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 80),
    st.integers(1, 80),
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(["stretch", "crop", "pad"]),
)
def test_any_shape_becomes_the_asked_one(
    height: int, width: int, to_height: int, to_width: int, aspect: str
) -> None:
    image = np.full((height, width, 3), 9, np.uint8)
    prepared = prepare_image(image, Spec(to_height, to_width, aspect))
    assert prepared.shape == (to_height, to_width, 3)
    assert prepared.dtype == np.uint8
    assert prepared.max() <= 9
    if aspect != "pad":
        assert prepared.min() == 9


@pytest.mark.parametrize("aspect", ["stretch", "crop", "pad"])
@pytest.mark.parametrize("size", [(120, 200), (200, 120)])
def test_a_marked_spot_is_found_where_the_geometry_says(aspect: str, size: tuple[int, int]) -> None:
    image = np.full((*size, 3), 20, np.uint8)
    y, x = int(size[0] * 0.45), int(size[1] * 0.55)
    image[y - 5 : y + 5, x - 5 : x + 5] = 250
    prepared, geometry = prepare_with_geometry(image, Spec(60, 80, aspect))
    left, top = geometry.move_point((x - 5) / size[1], (y - 5) / size[0])
    right, bottom = geometry.move_point((x + 5) / size[1], (y + 5) / size[0])
    rows, columns = np.nonzero(prepared[:, :, 0] > 135)
    assert rows.min() == pytest.approx(top * 60, abs=1.01)
    assert rows.max() + 1 == pytest.approx(bottom * 60, abs=1.01)
    assert columns.min() == pytest.approx(left * 80, abs=1.01)
    assert columns.max() + 1 == pytest.approx(right * 80, abs=1.01)


def test_points_follow_the_crop_to_the_breast() -> None:
    image = np.zeros((200, 160, 3), np.uint8)
    image[40:180, 60:160] = 120
    image[100:110, 100:110] = 250
    spec = Spec(100, 100, "stretch", ("crop_to_breast",))
    prepared, geometry = prepare_with_geometry(image, spec)
    x, y = geometry.move_point(105 / 160, 105 / 200)
    rows, columns = np.nonzero(prepared[:, :, 0] > 200)
    assert rows.mean() + 0.5 == pytest.approx(y * 100, abs=1)
    assert columns.mean() + 0.5 == pytest.approx(x * 100, abs=1)
