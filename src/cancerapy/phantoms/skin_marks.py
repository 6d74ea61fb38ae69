"""The marks by which dermatoscopy tells classes apart, drawn onto a lesion.

Each takes the picture (H, W, 3) in 0..1 and the relative distance from the lesion's centre (1 on
its outline), and returns the changed picture.
"""

import numpy as np

from cancerapy.phantoms.canvas import Layer, fractal_noise, mix, stamp_curve, stamp_ellipse


def add_network(rng: np.random.Generator, picture: Layer, distance: Layer) -> Layer:
    """Add the pigment network: a brown mesh, strongest in the outer half."""
    shape, side = distance.shape, min(distance.shape)
    mesh = 1 - np.abs(fractal_noise(rng, shape, side / 22, octaves=1))
    amount = np.clip(mesh, 0, 1) ** 4 * np.clip(1 - np.abs(distance - 0.65) / 0.4, 0, 1)
    return mix(picture, (0.25, 0.13, 0.09), 0.5 * amount)


def add_globules(rng: np.random.Generator, picture: Layer, distance: Layer) -> Layer:
    """Add dark, uneven dots and globules."""
    return _scattered(rng, picture, distance, (0.10, 0.06, 0.07), n=40, size=0.011, strength=0.85)


def add_cysts(rng: np.random.Generator, picture: Layer, distance: Layer) -> Layer:
    """Add milia-like cysts: small whitish dots."""
    return _scattered(rng, picture, distance, (0.95, 0.90, 0.80), n=28, size=0.010, strength=0.7)


def add_openings(rng: np.random.Generator, picture: Layer, distance: Layer) -> Layer:
    """Add comedo-like openings: brown plugs larger than the cysts."""
    return _scattered(rng, picture, distance, (0.28, 0.17, 0.11), n=22, size=0.017, strength=0.75)


def add_lacunae(rng: np.random.Generator, picture: Layer, distance: Layer) -> Layer:
    """Add red and blue-red lacunae: large round lobules."""
    picture = _scattered(rng, picture, distance, (0.72, 0.10, 0.16), n=26, size=0.05, strength=0.7)
    return _scattered(rng, picture, distance, (0.30, 0.06, 0.22), n=14, size=0.045, strength=0.75)


def add_scales(rng: np.random.Generator, picture: Layer, distance: Layer) -> Layer:
    """Add whitish-yellow scales in irregular patches."""
    shape, side = distance.shape, min(distance.shape)
    noise = fractal_noise(rng, shape, side / 9, octaves=6)
    amount = np.clip((noise - 0.5) / 0.7, 0, 1) * np.clip((1.1 - distance) / 0.4, 0, 1)
    return mix(picture, (0.94, 0.86, 0.72), 0.8 * amount)


def add_scar(rng: np.random.Generator, picture: Layer, distance: Layer) -> Layer:
    """Add the central white patch of a dermatofibroma."""
    uneven = distance + 0.06 * fractal_noise(rng, distance.shape, min(distance.shape) / 10)
    return mix(picture, (0.93, 0.84, 0.80), 0.85 * np.clip((0.42 - uneven) / 0.2, 0, 1))


def add_vessels(rng: np.random.Generator, picture: Layer, distance: Layer) -> Layer:
    """Add branching vessels that start at the edge and thin out inwards."""
    side = min(distance.shape)
    layer = np.zeros(distance.shape, np.float32)
    centre = np.array(np.unravel_index(int(distance.argmin()), distance.shape), np.float64)
    for _ in range(int(rng.integers(5, 9))):
        turn = rng.uniform(0, 2 * np.pi)
        start = centre + side * 0.36 * np.array([np.sin(turn), np.cos(turn)])
        _branch(rng, layer, start, turn + np.pi, side * 0.24, side * 0.011)
    return mix(picture, (0.62, 0.10, 0.14), 0.8 * layer * (distance < 1.15))


def _branch(
    rng: np.random.Generator,
    layer: Layer,
    start: np.ndarray[tuple[int], np.dtype[np.float64]],
    direction: float,
    length: float,
    width_px: float,
) -> None:
    bends = direction + np.cumsum(rng.normal(0, 0.28, 8))
    moves = length / 8 * np.stack([np.sin(bends), np.cos(bends)], axis=1)
    points = np.vstack([start, start + np.cumsum(moves, axis=0)])
    stamp_curve(layer, points, width_px)
    if width_px < 1 or length < 4:
        return
    for place in (4, 8):
        turn = float(bends[place - 1] + rng.choice([-1, 1]) * rng.uniform(0.4, 0.9))
        _branch(rng, layer, points[place], turn, length * 0.6, width_px * 0.6)


def add_hairs(rng: np.random.Generator, picture: Layer, distance: Layer) -> Layer:
    """Add a few thin dark hairs across the picture; they do not care for the lesion."""
    height, width = distance.shape
    layer = np.zeros(distance.shape, np.float32)
    main = rng.uniform(0, np.pi)
    for _ in range(int(rng.integers(3, 10))):
        turn = main + rng.normal(0, 0.4)
        length = rng.uniform(0.3, 0.7) * max(height, width)
        along = np.linspace(-0.5, 0.5, 12) * length
        bow = rng.normal(0, 0.08) * length * (1 - (2 * along / length) ** 2)
        y = rng.uniform(0, height) + along * np.sin(turn) + bow * np.cos(turn)
        x = rng.uniform(0, width) + along * np.cos(turn) - bow * np.sin(turn)
        stamp_curve(layer, np.stack([y, x], 1), max(0.8, min(height, width) * 0.006))
    return mix(picture, (0.14, 0.10, 0.09), 0.85 * layer)


def _scattered(
    rng: np.random.Generator,
    picture: Layer,
    distance: Layer,
    colour: tuple[float, float, float],
    *,
    n: int,
    size: float,
    strength: float,
) -> Layer:
    height, width = distance.shape
    layer = np.zeros(distance.shape, np.float32)
    for _ in range(n):
        y, x = rng.uniform(0, height), rng.uniform(0, width)
        if distance[int(y), int(x)] < 0.85:
            radii = size * min(height, width) * rng.uniform(0.5, 1.3, 2)
            stamp_ellipse(
                layer, (y, x), (float(radii[0]), float(radii[1])), angle=rng.uniform(0, 3)
            )
    return mix(picture, colour, strength * layer)
