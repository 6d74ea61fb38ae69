"""A dermatoscopic picture: skin under even light, one lesion with the marks of its class."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from cancerapy.arrays import Image
from cancerapy.phantoms import skin_marks as marks
from cancerapy.phantoms.canvas import (
    Layer,
    blob,
    fractal_noise,
    letters,
    mix,
    pixel_grid,
    soft_inside,
    to_image,
)

Colour = tuple[float, float, float]

_BROWN: Colour = (0.50, 0.30, 0.20)
_DARK: Colour = (0.27, 0.15, 0.11)
_TAN: Colour = (0.66, 0.46, 0.33)
_PINK: Colour = (0.82, 0.49, 0.47)
_RED: Colour = (0.58, 0.12, 0.16)
_BLUE_GREY: Colour = (0.38, 0.40, 0.50)
_PURPLE: Colour = (0.36, 0.10, 0.26)


@dataclass(frozen=True)
class Look:
    """How a class looks.

    Args:
        colours: The lesion's colours; patches of the later ones lie on the first.
        irregularity: Raggedness of the outline, 0..0.35.
        softness: Relative width of the edge.
        strength: How much the lesion covers the skin, 0..1.
        patches: Share covered by each further colour, 0..1.
        marks: What is drawn on it.
    """

    colours: tuple[Colour, ...]
    irregularity: float = 0.06
    softness: float = 0.15
    strength: float = 0.9
    patches: float = 0.35
    marks: tuple[Callable[[np.random.Generator, Layer, Layer], Layer], ...] = field(default=())


_LOOKS = {
    "nv": Look((_BROWN, _TAN), marks=(marks.add_network,)),
    "mel": Look(
        (_BROWN, _DARK, (0.42, 0.17, 0.15), _DARK, _BLUE_GREY),
        irregularity=0.24,
        softness=0.08,
        strength=0.97,
        patches=0.3,
        marks=(marks.add_network, marks.add_globules),
    ),
    "bkl": Look((_TAN, _BROWN), 0.12, 0.05, 0.85, 0.4, (marks.add_cysts, marks.add_openings)),
    "bcc": Look((_PINK, _BLUE_GREY), 0.14, 0.3, 0.75, 0.16, (marks.add_vessels,)),
    "akiec": Look((_PINK, (0.74, 0.36, 0.34)), 0.22, 0.5, 0.7, 0.45, (marks.add_scales,)),
    "df": Look((_TAN, _PINK), 0.06, 0.4, 0.75, 0.3, (marks.add_network, marks.add_scar)),
    "vasc": Look((_RED, _PURPLE), 0.12, 0.12, 0.9, 0.3, (marks.add_lacunae,)),
}


def draw_dermatoscopy(rng: np.random.Generator, height: int, width: int, value: str) -> Image:
    """Draw a dermatoscopic picture.

    Args:
        rng: Chooses skin tone, place, size, outline, hairs.
        height: Height in pixels.
        width: Width in pixels.
        value: Class id: ``akiec bcc bkl df mel nv vasc`` have looks of their own; an empty one
            looks like ``nv``; any other has a look from its letters.
    """
    shape, side = (height, width), min(height, width)
    look = _LOOKS[value or "nv"] if not value or value in _LOOKS else _look_from(value)
    picture = _skin(rng, shape)
    centre = (height * rng.uniform(0.44, 0.56), width * rng.uniform(0.44, 0.56))
    radii = (side * rng.uniform(0.24, 0.33), side * rng.uniform(0.27, 0.38))
    distance = blob(
        rng, shape, centre, radii, irregularity=look.irregularity, angle=rng.uniform(0, np.pi)
    )
    distance += 0.05 * fractal_noise(rng, shape, side / 8)
    inside = soft_inside(distance, look.softness)
    picture = _lesion(rng, picture, inside, look)
    for add_mark in look.marks:
        picture = add_mark(rng, picture, distance)
    if rng.random() < 0.4:
        picture = marks.add_hairs(rng, picture, distance)
    picture *= _vignette(shape)[..., None]
    picture += rng.normal(0, 0.012, (*shape, 1))
    return to_image(picture)


def _skin(rng: np.random.Generator, shape: tuple[int, int]) -> Layer:
    side = min(shape)
    tone = rng.uniform(0.0, 0.45)
    light, dark = np.array([0.93, 0.74, 0.68]), np.array([0.72, 0.50, 0.40])
    base = np.broadcast_to(light + (dark - light) * tone, (*shape, 3)).astype(np.float32)
    flush = 0.025 * fractal_noise(rng, shape, side / 2, octaves=3)
    lines = 0.015 * np.abs(fractal_noise(rng, shape, side / 28, octaves=3))
    grain = 0.008 * fractal_noise(rng, shape, max(2.0, side / 90), octaves=2)
    tint = np.array([0.5, 1.0, 1.0], np.float32)
    return base + flush[..., None] * tint - lines[..., None] + grain[..., None]


def _lesion(rng: np.random.Generator, picture: Layer, inside: Layer, look: Look) -> Layer:
    shape, side = inside.shape, min(inside.shape)
    picture = mix(picture, look.colours[0], inside * look.strength)
    for colour in look.colours[1:]:
        noise = fractal_noise(rng, shape, side * rng.uniform(0.18, 0.3), octaves=4)
        limit = np.quantile(noise, 1 - look.patches)
        patch = np.clip((noise - limit) / 0.9 + 0.25, 0, 1) * inside
        picture = mix(picture, colour, patch * look.strength * 0.85)
    mottled = 0.03 * fractal_noise(rng, shape, side / 12, octaves=4) * inside
    return picture + mottled[..., None]


def _vignette(shape: tuple[int, int]) -> Layer:
    y, x = pixel_grid(shape)
    radius = np.hypot(y / shape[0] - 0.5, x / shape[1] - 0.5) / 0.7072
    return (1 - 0.28 * np.clip(radius - 0.35, 0, None) ** 1.5).astype(np.float32)


def _look_from(value: str) -> Look:
    look = letters(value)
    first, second = (tuple(float(part) for part in look.uniform(0.2, 0.8, 3)) for _ in range(2))
    return Look(
        ((first[0], first[1], first[2]), (second[0], second[1], second[2])),
        irregularity=float(look.uniform(0.0, 0.25)),
        softness=float(look.uniform(0.05, 0.4)),
    )
