"""The parts that tissue is made of: nuclei, fibres, glands and fat cells, as amounts of stain."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from cancerapy.phantoms.canvas import Layer, blob, fractal_noise, pixel_grid, stamp_ellipse

Stains: TypeAlias = tuple[Layer, Layer]
"""Haematoxylin and eosin at every pixel, in units of about one optical density."""

FIELD_UM = 75.0
"""What the shorter side of a tile shows, in micrometres."""


@dataclass(frozen=True)
class Tissue:
    """What is drawn on: randomness, size, and the scale between micrometres and pixels."""

    rng: np.random.Generator
    shape: tuple[int, int]

    @property
    def side_px(self) -> int:
        """Shorter side in pixels."""
        return min(self.shape)

    @property
    def px_per_um(self) -> float:
        """Pixels per micrometre."""
        return self.side_px / FIELD_UM

    @property
    def crowding(self) -> float:
        """How many times larger than a square field the tile is, for counts of cells."""
        return max(self.shape) / self.side_px

    def noise(self, cell_um: float, *, octaves: int = 4) -> Layer:
        """Return noise with blobs of ``cell_um``, mean 0 and standard deviation 1."""
        return fractal_noise(self.rng, self.shape, cell_um * self.px_per_um, octaves=octaves)


def add_nuclei(
    tissue: Tissue,
    haematoxylin: Layer,
    *,
    n: int,
    radii_um: tuple[float, float],
    strength: tuple[float, float],
    elongation: float,
    where: Layer | None = None,
) -> None:
    """Scatter nuclei over ``haematoxylin`` in place, turned along one wavy direction.

    Args:
        tissue: Scale and randomness.
        haematoxylin: The stain that nuclei take up.
        n: Number in a square field.
        radii_um: Least and greatest half width.
        strength: Least and greatest amount of stain.
        elongation: Length by width.
        where: Places allowed (above 0.5); everywhere if ``None``.
    """
    rng, (height, width) = tissue.rng, tissue.shape
    main = rng.uniform(0, np.pi)
    spread = 2.0 if elongation < 2 else 0.35
    for _ in range(round(n * tissue.crowding)):
        y, x = rng.uniform(0, height), rng.uniform(0, width)
        if where is None or where[int(y), int(x)] > 0.5:
            _nucleus(
                tissue,
                haematoxylin,
                (y, x),
                radii_um,
                strength,
                elongation,
                main + rng.normal(0, spread),
            )


def _nucleus(
    tissue: Tissue,
    haematoxylin: Layer,
    centre: tuple[float, float],
    radii_um: tuple[float, float],
    strength: tuple[float, float],
    elongation: float,
    angle: float,
) -> None:
    rng = tissue.rng
    radius = rng.uniform(*radii_um) * tissue.px_per_um
    radii = (radius, radius * elongation * rng.uniform(0.85, 1.15))
    amount = float(rng.uniform(*strength))
    stamp_ellipse(haematoxylin, centre, radii, angle=angle, strength=amount, softness=0.3)
    chromatin = (centre[0] + rng.normal(0, radius / 4), centre[1] + rng.normal(0, radius / 4))
    stamp_ellipse(
        haematoxylin, chromatin, (radius * 0.35, radius * 0.35), strength=amount * 1.2, softness=0.8
    )


def fibres(tissue: Tissue, *, wave_um: float) -> Stains:
    """Return wavy collagen: eosin in parallel strands with pale gaps.

    Args:
        tissue: Scale and randomness.
        wave_um: Size of the bends.
    """
    y, x = pixel_grid(tissue.shape)
    turn = tissue.rng.uniform(0, np.pi)
    bend = tissue.noise(wave_um * 1.6, octaves=2) * 3.2 * tissue.px_per_um
    across = (x * np.sin(turn) + y * np.cos(turn) + bend) / tissue.px_per_um
    strands = 0.5 + 0.5 * np.sin(across * 2 * np.pi / 5.5 + 1.2 * tissue.noise(14))
    fine = 0.5 + 0.5 * np.sin(across * 2 * np.pi / 1.9 + 2.0 * tissue.noise(9))
    gaps = np.clip((tissue.noise(16, octaves=5) - 0.9) / 0.5, 0, 1)
    eosin = (0.30 + 0.22 * strands + 0.08 * fine + 0.05 * tissue.noise(6)) * (1 - 0.8 * gaps)
    return (0.02 + 0.03 * strands).astype(np.float32), eosin.astype(np.float32)


def crypts(
    tissue: Tissue,
    haematoxylin: Layer,
    eosin: Layer,
    *,
    size_um: float,
    ragged: float,
    lumen: float,
    layers: int,
) -> Stains:
    """Return glands: a lumen, pale cells around it, nuclei in rows at the outer edge.

    Args:
        tissue: Scale and randomness.
        haematoxylin: Stain of the ground.
        eosin: Stain of the ground.
        size_um: Radius of a gland.
        ragged: Irregularity of its outline, 0..0.35.
        lumen: Radius of the pale inside, by the gland's.
        layers: Rows of nuclei: one in healthy glands, several in a tumour.
    """
    rng, radius = tissue.rng, size_um * tissue.px_per_um
    haematoxylin, eosin = haematoxylin.astype(np.float32), eosin.astype(np.float32)
    pitch = radius * 2.25
    for row in np.arange(0.2, tissue.shape[0] / pitch + 0.8):
        for column in np.arange(0.2, tissue.shape[1] / pitch + 0.8):
            centre = (
                (row + rng.normal(0, 0.1)) * pitch,
                (column + 0.5 * (int(row) % 2) + rng.normal(0, 0.1)) * pitch,
            )
            radii = (radius * rng.uniform(0.85, 1.1), radius * rng.uniform(0.85, 1.1))
            top, left = (max(0, int(middle - 1.3 * radius)) for middle in centre)
            window = np.s_[
                top : int(centre[0] + 1.3 * radius), left : int(centre[1] + 1.3 * radius)
            ]
            size = haematoxylin[window].shape
            gland = blob(rng, size, (centre[0] - top, centre[1] - left), radii, irregularity=ragged)
            pale = np.clip((lumen - gland) / 0.12 + 0.5, 0, 1)
            haematoxylin[window] *= 1 - 0.75 * pale
            eosin[window] *= 1 - 0.7 * pale
            _ring_of_nuclei(tissue, haematoxylin, centre, radii, layers)
    return haematoxylin, eosin


def _ring_of_nuclei(
    tissue: Tissue,
    haematoxylin: Layer,
    centre: tuple[float, float],
    radii: tuple[float, float],
    layers: int,
) -> None:
    rng = tissue.rng
    for layer in range(layers):
        share = 0.95 - 0.22 * layer
        n = round(share * 2 * np.pi * float(np.mean(radii)) / (3.9 * tissue.px_per_um))
        for turn in np.linspace(0, 2 * np.pi, n, endpoint=False) + rng.uniform(0, 1):
            reach = share + rng.normal(0, 0.04 * layers)
            place = (
                centre[0] + radii[0] * reach * np.sin(turn),
                centre[1] + radii[1] * reach * np.cos(turn),
            )
            _nucleus(tissue, haematoxylin, place, (1.4, 1.9), (0.85, 1.3), 1.7, float(turn))


def fat_cells(tissue: Tissue, *, size_um: float) -> Layer:
    """Return thin walls between large empty cells, 0..1: where two cells are equally near.

    Args:
        tissue: Scale and randomness.
        size_um: Distance between the cells' centres.
    """
    pitch = size_um * tissue.px_per_um
    y, x = pixel_grid(tissue.shape)
    y = y + tissue.noise(25) * 0.8 * tissue.px_per_um
    x = x + tissue.noise(25) * 0.8 * tissue.px_per_um
    first = np.full(tissue.shape, np.inf, np.float32)
    second = first.copy()
    for row in np.arange(-0.5, tissue.shape[0] / pitch + 1):
        for column in np.arange(-0.5, tissue.shape[1] / pitch + 1):
            shift = tissue.rng.uniform(-0.25, 0.25, 2)
            shift[1] += 0.5 * (int(row + 1) % 2)  # rows are staggered
            distance = np.hypot(y - (row + shift[0]) * pitch, x - (column + shift[1]) * pitch)
            second = np.minimum(second, np.maximum(first, distance))
            first = np.minimum(first, distance)
    wall_px = 1.6 * tissue.px_per_um
    walls = np.clip(1.2 - (second - first) / max(wall_px, 1.0), 0, 1)
    return np.asarray(walls, np.float32)
