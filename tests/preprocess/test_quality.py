"""Measures of quality against their formulas, written out with loops or by hand."""

import numpy as np
import pytest

from cancerapy.phantoms import draw_phantom
from cancerapy.preprocess.quality import measure_quality


def test_a_flat_picture() -> None:
    quality = measure_quality(np.full((8, 8, 3), 100, np.uint8))
    assert (quality.sharpness, quality.brightness) == (0.0, 100.0)
    assert (quality.contrast, quality.saturation) == (0.0, 0.0)


def test_saturation_of_pure_red() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    picture[..., 0] = 255
    quality = measure_quality(picture)
    assert quality.saturation == 255.0
    assert quality.brightness == 76.0  # 0.299 x 255


def test_second_implementation_on_noise() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (12, 9)).astype(np.uint8)
    edges = [
        sum(int(grey[y + dy, x + dx]) for dy, dx in ((1, 0), (-1, 0), (0, 1), (0, -1)))
        - 4 * int(grey[y, x])
        for y in range(1, 11)
        for x in range(1, 8)
    ]
    quality = measure_quality(np.repeat(grey[:, :, None], 3, axis=2))
    assert quality.sharpness == pytest.approx(np.var(edges), rel=1e-5)
    assert quality.contrast == pytest.approx(grey.std(), rel=1e-5)
    assert quality.brightness == pytest.approx(grey.mean(), rel=1e-9)


def test_blur_lowers_sharpness() -> None:
    from PIL import Image as PillowImage
    from PIL import ImageFilter

    sharp = draw_phantom("histology", height=100, width=100, value="LYMPHO")
    blurred = PillowImage.fromarray(sharp).filter(ImageFilter.GaussianBlur(3))
    before, after = measure_quality(sharp), measure_quality(np.asarray(blurred))
    assert 0 < after.sharpness < before.sharpness / 20
    assert after.brightness == pytest.approx(before.brightness, abs=2)
