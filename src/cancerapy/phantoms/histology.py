"""A tile of H&E-stained tissue, drawn as two stains whose light absorption adds up."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from cancerapy.arrays import Image
from cancerapy.phantoms.canvas import Layer, fractal_noise, letters, to_image
from cancerapy.phantoms.tissue import Stains, Tissue, add_nuclei, crypts, fat_cells, fibres

_HAEMATOXYLIN = np.array([0.65, 0.70, 0.29], np.float32)
_EOSIN = np.array([0.07, 0.99, 0.11], np.float32)
# Optical densities per unit of stain, from Ruifrok and Johnston 2001 (PMID 11531144).

Tissues: TypeAlias = dict[str, Callable[[Tissue], Stains]]


def draw_histology(rng: np.random.Generator, height: int, width: int, value: str) -> Image:
    """Draw a tile of stained tissue; its shorter side shows about 75 micrometres.

    Args:
        rng: Chooses cells, fibres and the strength of the stains.
        height: Height in pixels.
        width: Width in pixels.
        value: Class id: ``TUMOR STROMA COMPLEX LYMPHO DEBRIS MUCOSA ADIPOSE EMPTY`` have looks of
            their own; an empty one looks like ``TUMOR``; any other has a mixture from its letters.
    """
    tissue = Tissue(rng, (height, width))
    paint = _TISSUES.get(value or "TUMOR")
    haematoxylin, eosin = paint(tissue) if paint else _unknown(tissue, value)
    strength = rng.uniform(0.85, 1.15, 2)
    uneven = 1 + 0.04 * fractal_noise(rng, tissue.shape, tissue.side_px / 3)
    density = (
        (haematoxylin * strength[0] * uneven)[..., None] * _HAEMATOXYLIN
        + (eosin * strength[1] * uneven)[..., None] * _EOSIN
        + np.float32(0.045)
    )
    picture = np.exp(-density) + rng.normal(0, 0.01, (*tissue.shape, 1))
    return to_image(picture.astype(np.float32))


def _tumor(tissue: Tissue) -> Stains:
    haematoxylin = 0.34 + 0.07 * tissue.noise(14)
    eosin = 0.34 + 0.08 * tissue.noise(20)
    haematoxylin, eosin = crypts(
        tissue, haematoxylin, eosin, size_um=17, ragged=0.18, lumen=0.3, layers=3
    )
    add_nuclei(
        tissue, haematoxylin, n=55, radii_um=(2.6, 3.9), strength=(0.85, 1.35), elongation=1.5
    )
    return haematoxylin, eosin


def _stroma(tissue: Tissue) -> Stains:
    haematoxylin, eosin = fibres(tissue, wave_um=22)
    add_nuclei(tissue, haematoxylin, n=11, radii_um=(1.0, 1.6), strength=(0.8, 1.2), elongation=3.6)
    return haematoxylin, eosin


def _complex(tissue: Tissue) -> Stains:
    haematoxylin, eosin = fibres(tissue, wave_um=18)
    border = np.clip(tissue.noise(34) * 2.2, 0, 1)
    haematoxylin += 0.25 * border * np.clip(eosin * 2.5, 0, 1)
    add_nuclei(tissue, haematoxylin, n=34, radii_um=(1.7, 2.3), strength=(0.9, 1.4), elongation=1.1)
    add_nuclei(
        tissue,
        haematoxylin,
        n=26,
        radii_um=(2.4, 3.4),
        strength=(0.8, 1.2),
        elongation=1.5,
        where=border,
    )
    return haematoxylin, eosin


def _lympho(tissue: Tissue) -> Stains:
    haematoxylin = 0.22 + 0.05 * tissue.noise(12)
    eosin = 0.26 + 0.06 * tissue.noise(12)
    add_nuclei(
        tissue, haematoxylin, n=185, radii_um=(1.9, 2.5), strength=(1.0, 1.6), elongation=1.1
    )
    return haematoxylin, eosin


def _debris(tissue: Tissue) -> Stains:
    clumps = np.clip(0.5 + 0.5 * tissue.noise(16, octaves=6), 0, 1.5)
    haematoxylin = 0.10 + 0.16 * clumps
    eosin = 0.16 + 0.34 * np.clip(tissue.noise(9, octaves=5) + 0.4, 0, 2)
    add_nuclei(tissue, haematoxylin, n=60, radii_um=(0.5, 1.5), strength=(0.5, 1.2), elongation=1.4)
    return haematoxylin, eosin


def _mucosa(tissue: Tissue) -> Stains:
    haematoxylin = 0.16 + 0.05 * tissue.noise(16)
    eosin = 0.34 + 0.07 * tissue.noise(12)
    haematoxylin, eosin = crypts(
        tissue, haematoxylin, eosin, size_um=15, ragged=0.04, lumen=0.62, layers=1
    )
    add_nuclei(tissue, haematoxylin, n=26, radii_um=(1.4, 2.0), strength=(0.8, 1.2), elongation=1.5)
    return haematoxylin, eosin


def _adipose(tissue: Tissue) -> Stains:
    walls = fat_cells(tissue, size_um=34)
    haematoxylin = 0.10 * walls
    add_nuclei(
        tissue,
        haematoxylin,
        n=6,
        radii_um=(0.9, 1.3),
        strength=(0.7, 1.0),
        elongation=2.6,
        where=walls,
    )
    return haematoxylin, 0.42 * walls


def _empty(tissue: Tissue) -> Stains:
    dust: Layer = np.clip(tissue.noise(6) - 2.6, 0, 1)
    return 0.03 + 0.05 * dust, 0.02 + 0.006 * tissue.noise(40)


def _unknown(tissue: Tissue, value: str) -> Stains:
    look = letters(value)
    haematoxylin, eosin = fibres(tissue, wave_um=float(look.uniform(10, 40)))
    haematoxylin = haematoxylin + np.float32(look.uniform(0, 0.4))
    size = float(look.uniform(1.2, 4.0))
    add_nuclei(
        tissue,
        haematoxylin,
        n=int(look.integers(5, 150)),
        radii_um=(size, size * 1.3),
        strength=(0.8, 1.3),
        elongation=float(look.uniform(1, 3)),
    )
    return haematoxylin, eosin * np.float32(look.uniform(0.4, 1.4))


_TISSUES: Tissues = {
    "TUMOR": _tumor,
    "STROMA": _stroma,
    "COMPLEX": _complex,
    "LYMPHO": _lympho,
    "DEBRIS": _debris,
    "MUCOSA": _mucosa,
    "ADIPOSE": _adipose,
    "EMPTY": _empty,
}
