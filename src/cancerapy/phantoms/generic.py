"""A coloured blob with texture: for cancers without a painter of their own, and for tests."""

import numpy as np

from cancerapy.arrays import Image
from cancerapy.phantoms.canvas import blob, fractal_noise, letters, mix, soft_inside, to_image


def draw_generic(rng: np.random.Generator, height: int, width: int, value: str) -> Image:
    """Draw a blob whose colour, outline and grain follow from the class id alone.

    Args:
        rng: Chooses the individual: place, size, outline, grain.
        height: Height in pixels.
        width: Width in pixels.
        value: Class id; every text has its look.
    """
    look = letters(value)
    shape, side = (height, width), min(height, width)
    hue, grain, ragged = look.uniform(0, 2 * np.pi), look.uniform(0.03, 0.3), look.uniform(0, 0.35)
    colour = tuple(0.5 + 0.4 * np.cos(hue + turn) for turn in (0.0, 2.1, 4.2))
    centre = (height * rng.uniform(0.4, 0.6), width * rng.uniform(0.4, 0.6))
    radii = (side * rng.uniform(0.22, 0.34), side * rng.uniform(0.22, 0.34))
    ground = np.repeat((0.82 + 0.03 * fractal_noise(rng, shape, side / 2))[..., None], 3, axis=2)
    inside = soft_inside(blob(rng, shape, centre, radii, irregularity=ragged), 0.08)
    picture = mix(ground, (colour[0], colour[1], colour[2]), inside)
    picture += 0.1 * (inside * fractal_noise(rng, shape, max(2.0, side * grain)))[..., None]
    return to_image(picture)
