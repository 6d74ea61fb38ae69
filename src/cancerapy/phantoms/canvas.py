"""What all painters share: noise, outlines, soft edges, and colour from layers."""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageDraw

from cancerapy.arrays import Image

Layer = NDArray[np.float32]
"""(H, W) float32: a strength, usually 0..1, at every pixel."""


_FINER = 4  # lines are drawn this much finer and averaged, so that they have soft edges


def fractal_noise(
    rng: np.random.Generator, shape: tuple[int, int], cell_px: float, *, octaves: int = 4
) -> Layer:
    """Return smooth random noise with mean 0 and standard deviation 1.

    Args:
        rng: Source of randomness.
        shape: Height and width.
        cell_px: Size of the coarsest blobs in pixels; each octave halves size and strength.
        octaves: How many sizes are added.
    """
    height, width = shape
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        cell = max(1.0, cell_px / 2**octave)
        grid = (int(np.ceil(height / cell)) + 3, int(np.ceil(width / cell)) + 3)
        values = rng.standard_normal(grid, dtype=np.float32)
        part = PillowImage.fromarray(values).resize(
            (width, height),
            PillowImage.Resampling.BICUBIC,
            box=(1.0, 1.0, 1.0 + width / cell, 1.0 + height / cell),
        )
        total += np.asarray(part) / 2**octave
    spread = float(total.std())
    return (total - np.float32(total.mean())) / np.float32(spread if spread > 0 else 1.0)


def pixel_grid(shape: tuple[int, int]) -> tuple[Layer, Layer]:
    """Return y and x of every pixel's centre, in pixels; they broadcast to ``shape``."""
    height, width = shape
    y = np.arange(height, dtype=np.float32)[:, None] + np.float32(0.5)
    x = np.arange(width, dtype=np.float32)[None, :] + np.float32(0.5)
    return y, x


def blob(
    rng: np.random.Generator,
    shape: tuple[int, int],
    centre: tuple[float, float],
    radii: tuple[float, float],
    *,
    irregularity: float,
    angle: float = 0.0,
) -> Layer:
    """Return the relative distance from the centre of an irregular oval: 1 on its outline.

    Args:
        rng: Chooses the outline.
        shape: Height and width.
        centre: y and x of the centre in pixels.
        radii: Half the axes in pixels.
        irregularity: 0 for an ellipse; 0.3 for a ragged outline.
        angle: Rotation in radians.
    """
    y, x = pixel_grid(shape)
    dy, dx = y - centre[0], x - centre[1]
    u = (dx * np.cos(angle) + dy * np.sin(angle)) / max(radii[1], 0.5)
    v = (dy * np.cos(angle) - dx * np.sin(angle)) / max(radii[0], 0.5)
    theta = np.arctan2(v, u)
    outline = np.ones_like(theta)
    for wave in range(2, 9):
        strength = irregularity * rng.uniform(0.3, 1.0) / wave**0.8
        outline += strength * np.cos(wave * theta + rng.uniform(0, 2 * np.pi))
    return np.asarray(np.hypot(u, v) / np.maximum(outline, 0.2), np.float32)


def soft_inside(distance: Layer, softness: float) -> Layer:
    """Return 1 inside, 0 outside and a smooth step of relative width ``softness`` between."""
    steps = np.clip((1.0 - distance) / max(softness, 1e-3), -20, 20)
    return np.asarray(1.0 / (1.0 + np.exp(-4.0 * steps)), np.float32)


def stamp_ellipse(
    layer: Layer,
    centre: tuple[float, float],
    radii: tuple[float, float],
    *,
    angle: float = 0.0,
    strength: float = 1.0,
    softness: float = 0.25,
) -> None:
    """Raise ``layer`` to at least ``strength`` inside a small ellipse, in place.

    Args:
        layer: What is drawn on.
        centre: y and x in pixels; may lie outside.
        radii: Half the axes in pixels, along y and x before rotation.
        angle: Rotation in radians.
        strength: Value inside.
        softness: Relative width of the edge.
    """
    reach = max(radii) * (1 + softness) + 1
    top, left = max(0, int(centre[0] - reach)), max(0, int(centre[1] - reach))
    bottom, right = int(centre[0] + reach) + 2, int(centre[1] + reach) + 2
    window = layer[top:bottom, left:right]
    if window.size == 0:
        return
    y, x = pixel_grid(window.shape)
    dy, dx = y + top - centre[0], x + left - centre[1]
    u = (dx * np.cos(angle) + dy * np.sin(angle)) / max(radii[1], 0.5)
    v = (dy * np.cos(angle) - dx * np.sin(angle)) / max(radii[0], 0.5)
    inside = np.clip((1.0 - np.hypot(u, v)) / softness + 0.5, 0.0, 1.0) * strength
    np.maximum(window, inside.astype(np.float32), out=window)


def stamp_curve(
    layer: Layer, points: NDArray[np.float64], width_px: float, *, strength: float = 1.0
) -> None:
    """Draw a thin curve onto ``layer`` in place.

    Args:
        layer: What is drawn on.
        points: (N, 2), y and x in pixels, N at least 2; may lie outside.
        width_px: Width of the line.
        strength: Value on the line.
    """
    margin = int(width_px) + 2
    top, left = (max(0, int(low) - margin) for low in points.min(axis=0))
    bottom, right = (max(0, int(high) + margin) for high in points.max(axis=0))
    window = layer[top:bottom, left:right]
    if window.size == 0:
        return
    size = (window.shape[1], window.shape[0])
    canvas = PillowImage.new("L", (size[0] * _FINER, size[1] * _FINER))
    path = [((x - left) * _FINER, (y - top) * _FINER) for y, x in points.tolist()]
    ImageDraw.Draw(canvas).line(path, 255, max(1, round(width_px * _FINER)), joint="curve")
    drawn = np.asarray(canvas.resize(size, PillowImage.Resampling.BOX), np.float32)
    np.maximum(window, drawn * np.float32(strength / 255), out=window)


def mix(base: Layer, colour: tuple[float, float, float], amount: NDArray[Any]) -> Layer:
    """Return (H, W, 3) ``base`` with ``colour`` (0..1) laid over it as ``amount`` says."""
    amount = np.clip(amount, 0.0, 1.0).astype(np.float32)[..., None]
    return np.asarray(base + (np.asarray(colour, np.float32) - base) * amount)


def to_image(picture: Layer) -> Image:
    """Return (H, W, 3) uint8 from (H, W) or (H, W, 3) in 0..1."""
    if picture.ndim == 2:
        picture = np.repeat(picture[:, :, None], 3, axis=2)
    return np.round(np.clip(picture, 0.0, 1.0) * 255.0).astype(np.uint8)


def letters(value: str) -> np.random.Generator:
    """Return randomness that depends on a class id alone, for the look of unknown classes."""
    return np.random.default_rng(zlib.crc32(value.encode()))
