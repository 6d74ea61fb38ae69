"""A mammogram: the breast on black, glandular tissue towards the nipple, one lesion."""

import re

import numpy as np

from cancerapy.arrays import Image
from cancerapy.phantoms.canvas import (
    Layer,
    blob,
    fractal_noise,
    letters,
    pixel_grid,
    soft_inside,
    stamp_curve,
    stamp_ellipse,
    to_image,
)


def draw_mammogram(rng: np.random.Generator, height: int, width: int, value: str) -> Image:
    """Draw a mammogram.

    Args:
        rng: Chooses side, view, outline, tissue and the lesion's place.
        height: Height in pixels.
        width: Width in pixels.
        value: Class id. Malignant where it holds that word: a spiculated mass with
            microcalcifications; else a round, sharply outlined one. A digit 1-4 sets the
            density. Any other id gets a density and brightness from its letters.
    """
    shape = (height, width)
    is_malignant = "malignant" in value.lower() and "non" not in value.lower()
    density = _density_of(value, rng)
    is_oblique = bool(rng.random() < 0.5)
    depth, skin = _outline(rng, shape, is_oblique=is_oblique)
    inside = soft_inside(depth, 0.02)
    fat = (0.30 + 0.05 * fractal_noise(rng, shape, min(shape) / 5)) * (0.55 + 0.45 * skin)
    picture = fat + _gland(rng, shape, depth, density) * skin
    if is_oblique:
        picture = np.maximum(picture, _muscle(rng, shape))
    picture = picture + _lesion(rng, shape, depth, is_malignant=is_malignant) * skin
    picture = picture * inside + 0.012
    picture += rng.normal(0, 0.008, shape)
    if rng.random() < 0.5:
        picture = picture[:, ::-1]
    return to_image(picture.astype(np.float32))


def _density_of(value: str, rng: np.random.Generator) -> float:
    """Return the share of dense tissue, 0..1, from the BI-RADS-like digit in the class id."""
    digit = re.search(r"[1-4]", value)
    if digit:
        return 0.1 + 0.25 * (int(digit.group()) - 1)
    if value and value.lower() not in ("benign", "malignant"):
        return float(letters(value).uniform(0.1, 0.85))
    return float(rng.uniform(0.2, 0.7))


def _outline(
    rng: np.random.Generator, shape: tuple[int, int], *, is_oblique: bool
) -> tuple[Layer, Layer]:
    """Return the relative distance (1 on the skin) and the thickness (0 at the skin, 1 inside)."""
    height, width = shape
    y, x = pixel_grid(shape)
    middle = rng.uniform(0.56, 0.64) if is_oblique else rng.uniform(0.46, 0.54)
    reach = rng.uniform(0.68, 0.85) * width
    v = (y / height - middle) / rng.uniform(0.40, 0.46)
    # Above the middle an oblique view runs on to the armpit, a craniocaudal one closes.
    upper = 0.55 if is_oblique else 1.0
    v = np.where(v < 0, v * upper, v)
    bulge = np.abs(v) ** 2.1
    wobble = 0.02 * np.sin(y / height * rng.uniform(5, 9) + rng.uniform(0, 6))
    u = np.maximum(x, 0) / (reach * (1 + wobble))
    depth = np.sqrt(bulge + u**2.2).astype(np.float32)
    skin = np.clip((1.0 - depth) / 0.16, 0, 1) ** 0.6
    return depth, skin.astype(np.float32)


def _gland(rng: np.random.Generator, shape: tuple[int, int], depth: Layer, density: float) -> Layer:
    """Return strands and clouds of glandular tissue, thinning out towards skin and chest."""
    height, width = shape
    side = min(shape)
    y, x = pixel_grid(shape)
    focus = np.exp(
        -(((x / width - 0.42) / 0.28) ** 2) - ((y / height - 0.54) / (0.16 + 0.16 * density)) ** 2
    )
    clouds = fractal_noise(rng, shape, side / 4, octaves=6)
    # Ducts and strands run towards the nipple: noise drawn out along the rays from it.
    angle = np.arctan2(y - 0.54 * height, 0.95 * width - x)
    reach = np.hypot(y - 0.54 * height, 0.95 * width - x) / side
    bends = 0.5 * fractal_noise(rng, shape, side / 4)
    rays = np.sin(angle * 26 + 2.2 * bends + 1.5 * fractal_noise(rng, shape, side / 6))
    strands = np.clip(rays, 0, 1) ** 2 * np.clip(0.6 + bends, 0, 1) * np.clip(reach * 3, 0, 1)
    lace = np.clip(1 - 0.8 * np.abs(fractal_noise(rng, shape, side / 10, octaves=3)), 0, 1)
    amount = np.clip(clouds * 0.4 + 1.6 * density - 0.25, 0, 1.3) * focus
    fibres = 0.07 * strands + 0.05 * lace * (0.4 + focus)
    fades = np.clip((1 - depth) / 0.3, 0, 1)
    return np.asarray((0.34 * amount * (0.75 + 0.25 * lace) + fibres) * fades, np.float32)


def _muscle(rng: np.random.Generator, shape: tuple[int, int]) -> Layer:
    """Return the pectoral muscle: a bright triangle in the upper corner at the chest wall."""
    height, width = shape
    y, x = pixel_grid(shape)
    across, down = rng.uniform(0.32, 0.44) * width, rng.uniform(0.5, 0.65) * height
    edge = 1 - x / across - y / down + 0.03 * fractal_noise(rng, shape, min(shape) / 3)
    fibres = 0.02 * fractal_noise(rng, shape, min(shape) / 25)
    return np.asarray(np.clip(edge / 0.22, 0, 1) * (0.52 + fibres), np.float32)


def _lesion(
    rng: np.random.Generator, shape: tuple[int, int], depth: Layer, *, is_malignant: bool
) -> Layer:
    height, width = shape
    side = min(shape)
    centre = (height * rng.uniform(0.42, 0.68), width * rng.uniform(0.22, 0.5))
    radius = side * rng.uniform(0.035, 0.06)
    layer = np.zeros(shape, np.float32)
    if not is_malignant:
        radii = (radius * rng.uniform(0.8, 1.0), radius * rng.uniform(1.0, 1.25))
        mass = blob(rng, shape, centre, radii, irregularity=0.03, angle=rng.uniform(0, 3))
        layer += 0.24 * soft_inside(mass, 0.25)
    else:
        mass = blob(rng, shape, centre, (radius, radius), irregularity=0.22)
        layer += 0.32 * soft_inside(mass, 0.7)
        layer = np.maximum(layer, _spicules(rng, shape, centre, radius))
        layer = np.maximum(layer, _calcifications(rng, shape, centre, radius))
    return layer * (depth < 1)


def _spicules(
    rng: np.random.Generator, shape: tuple[int, int], centre: tuple[float, float], radius: float
) -> Layer:
    layer = np.zeros(shape, np.float32)
    for direction in np.linspace(0, 2 * np.pi, int(rng.integers(11, 17)), endpoint=False):
        turn = direction + rng.normal(0, 0.15)
        reach = radius * np.linspace(0.6, rng.uniform(1.8, 3.0), 6)
        bend = turn + rng.normal(0, 0.08) * np.arange(6) / 2
        points = np.stack([centre[0] + reach * np.sin(bend), centre[1] + reach * np.cos(bend)], 1)
        stamp_curve(layer, points, max(0.7, radius * 0.09), strength=float(rng.uniform(0.07, 0.15)))
    return layer


def _calcifications(
    rng: np.random.Generator, shape: tuple[int, int], centre: tuple[float, float], radius: float
) -> Layer:
    layer = np.zeros(shape, np.float32)
    size = max(0.6, min(shape) * 0.0022)
    for _ in range(int(rng.integers(9, 18))):
        place = (centre[0] + rng.normal(0, radius * 0.8), centre[1] + rng.normal(0, radius * 0.8))
        radii = (size * rng.uniform(0.6, 1.4), size * rng.uniform(0.6, 1.4))
        stamp_ellipse(layer, place, radii, strength=float(rng.uniform(0.35, 0.6)), softness=0.6)
    return layer
