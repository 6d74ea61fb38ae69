"""The drawing tools put things where and as strong as they are told."""

import numpy as np
import pytest

from cancerapy.phantoms.canvas import (
    blob,
    fractal_noise,
    letters,
    mix,
    soft_inside,
    stamp_curve,
    stamp_ellipse,
    to_image,
)


@pytest.mark.parametrize("shape", [(40, 60), (7, 200)])
def test_noise_is_normalised(shape: tuple[int, int]) -> None:
    noise = fractal_noise(np.random.default_rng(0), shape, 10)
    assert noise.shape == shape
    assert noise.mean() == pytest.approx(0, abs=1e-4)
    assert noise.std() == pytest.approx(1, abs=1e-4)


def test_larger_cells_make_smoother_noise() -> None:
    steps = [
        np.abs(np.diff(fractal_noise(np.random.default_rng(0), (80, 80), cell, octaves=1))).mean()
        for cell in (4.0, 40.0)
    ]
    assert steps[1] < steps[0] / 4


def test_a_regular_blob_is_an_ellipse() -> None:
    distance = blob(np.random.default_rng(0), (60, 80), (30, 40), (10, 20), irregularity=0.0)
    area = (distance < 1).sum()
    assert area == pytest.approx(np.pi * 10 * 20, rel=0.03)
    inside = soft_inside(distance, 0.1)
    assert inside[30, 40] == pytest.approx(1, abs=1e-3)
    assert inside[0, 0] == pytest.approx(0, abs=1e-3)


def test_stamped_ellipse() -> None:
    layer = np.zeros((40, 40), np.float32)
    stamp_ellipse(layer, (20, 20), (4, 8), strength=0.5, softness=0.05)
    assert layer.max() == 0.5
    assert (layer > 0.25).sum() == pytest.approx(np.pi * 4 * 8, rel=0.06)
    stamp_ellipse(layer, (-30, -30), (4, 8))
    assert layer.max() == 0.5


def test_stamped_curve_has_its_width_and_strength() -> None:
    layer = np.zeros((30, 50), np.float32)
    stamp_curve(layer, np.array([[15.0, 5.0], [15.0, 45.0]]), 3.0, strength=0.8)
    assert layer.max() == pytest.approx(0.8, abs=0.01)
    assert layer[:, 25].sum() == pytest.approx(3.0 * 0.8, abs=0.5)
    assert layer[:, :3].max() == 0
    stamp_curve(layer, np.array([[-90.0, -50.0], [-80.0, -45.0]]), 3.0)
    assert layer[:, :3].max() == 0


def test_mix_and_rounding() -> None:
    base = np.zeros((1, 3, 3), np.float32)
    mixed = mix(base, (1.0, 0.5, 0.0), np.array([[0.0, 0.5, 2.0]]))
    np.testing.assert_array_equal(to_image(mixed)[0], [(0, 0, 0), (128, 64, 0), (255, 128, 0)])


def test_letters_depend_on_the_text_alone() -> None:
    assert letters("a").random() == letters("a").random()
    assert letters("a").random() != letters("b").random()
