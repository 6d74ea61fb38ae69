"""Random changes of training pictures, by name, so that a cancer's file can list its own.

Geometric changes are gathered into one affine matrix and applied in one interpolation; the same
matrix moves lesion boxes. Every picture's randomness comes from its own generator, so the result
does not depend on order or on the number of workers.
"""

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats, Image
from cancerapy.errors import UnknownNameError

Rng = np.random.Generator

AUGMENTATION_VERSION = 1  # raise it when the same names and generator give another picture


class Augmented(NamedTuple):
    """A changed picture and the 2 x 3 matrix that maps source to result pixels (x, y)."""

    image: Image
    matrix: Floats


def _about_centre(linear: Floats, height: int, width: int) -> Floats:
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    return np.column_stack([linear, centre - linear @ centre])


def _flip_h(rng: Rng, strength: float) -> Floats:
    return np.diag([-1.0 if rng.random() < 0.5 else 1.0, 1.0])


def _flip_v(rng: Rng, strength: float) -> Floats:
    return np.diag([1.0, -1.0 if rng.random() < 0.5 else 1.0])


def _rotation(degrees: float) -> Floats:
    angle = np.deg2rad(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _rotate(rng: Rng, strength: float) -> Floats:
    return _rotation(rng.uniform(-180, 180))


def _rotate90(rng: Rng, strength: float) -> Floats:
    return _rotation(90.0 * int(rng.integers(4))).round()


def _tilt(rng: Rng, strength: float) -> Floats:
    return _rotation(rng.uniform(-15, 15) * strength)


def _zoom(rng: Rng, strength: float) -> Floats:
    size = np.exp(rng.uniform(-0.2, 0.2) * strength)
    stretch = np.exp(rng.uniform(-0.08, 0.08) * strength)
    return np.diag([size * stretch, size / stretch])


_GEOMETRIC: dict[str, Callable[[Rng, float], Floats]] = {
    "flip_h": _flip_h,
    "flip_v": _flip_v,
    "rotate": _rotate,
    "rotate90": _rotate90,
    "tilt": _tilt,
    "zoom": _zoom,
}


# A camera's white balance errs mostly along the colour temperature (red against blue) and little
# along the tint (green against both). Gains drawn for each channel alone would turn the white
# background of a slide green or magenta, because what exceeds 255 is cut off.
_TEMPERATURE = np.array([1.0, 0.0, -1.0])
_TINT = np.array([-0.5, 1.0, -0.5])
_GREY = np.tile([0.299, 0.587, 0.114], (3, 1))


def _photometric(image: Image, rng: Rng, strength: float) -> Image:
    """Brightness, contrast and saturation, each by up to 20 %, and white balance by up to 5 %."""
    scale = 1 + rng.uniform(-0.2, 0.2) * strength
    temperature, tint = rng.uniform(-1, 1, 2) * (0.05, 0.008) * strength
    cast = scale * np.exp(temperature * _TEMPERATURE + tint * _TINT)
    shift = rng.uniform(-0.1, 0.1) * 255 * strength
    saturation = 1 + rng.uniform(-0.2, 0.2) * strength
    # Saturation mixes each channel with the grey value: one 3 x 3 matrix with the scaling.
    matrix = np.empty((3, 4))
    matrix[:, :3] = cast[:, None] * (saturation * np.eye(3) + (1 - saturation) * _GREY)
    matrix[:, 3] = shift - 127.5 * (scale - 1)
    return np.asarray(cv2.transform(image, matrix), dtype=np.uint8)


def _gamma(image: Image, rng: Rng, strength: float) -> Image:
    """Gamma of 0.7 to 1.4: the response of film, detector and screen."""
    gamma = np.exp(rng.uniform(-0.35, 0.35) * strength)
    table = (np.linspace(0, 1, 256) ** gamma * 255).round().astype(np.uint8)
    return np.asarray(cv2.LUT(image, table), dtype=np.uint8)


# Optical density of haematoxylin, eosin and DAB (Ruifrok and Johnston 2001), rows normalised.
_STAINS = np.array([[0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78]])
_STAINS = _STAINS / np.linalg.norm(_STAINS, axis=1, keepdims=True)
_UNMIX = np.linalg.inv(_STAINS)
_DENSITY = -np.log((np.arange(256) + 1.0) / 256.0).astype(np.float32)
# Where there is hardly any stain there is nothing to offset: the weight of the offset rises from
# 0 on white to 1 at a density of 0.25 (grey 198), so that the background of a slide stays white.
_TISSUE = np.minimum(_DENSITY / 0.25, 1.0).astype(np.float32)
_LOG_256 = float(np.log(256.0))
_ONE = np.array([1.0, 1.0, 1.0, 0.0])  # a scalar of OpenCV: a value for each of four channels


class _Scratch(threading.local):
    """Three arrays of one thread for intermediate results.

    Asking the system for fresh memory for each of them takes three times as long as the work.
    """

    def __init__(self) -> None:
        self._arrays = tuple(np.empty(0, np.float32) for _ in range(3))

    def arrays(self, shape: tuple[int, ...]) -> tuple[NDArray[np.float32], ...]:
        """Return the arrays, of ``shape``, with anything in them."""
        if self._arrays[0].shape != shape:
            self._arrays = tuple(np.empty(shape, np.float32) for _ in range(3))
        return self._arrays


_SCRATCH = _Scratch()


def _stain(image: Image, rng: Rng, strength: float) -> Image:
    """Stain strength and offset of haematoxylin, eosin and residual, drawn per picture.

    References:
        Tellez et al., "Quantifying the effects of data augmentation and stain color
        normalization", Medical Image Analysis 2019, doi:10.1016/j.media.2019.101544
    """
    scale = 1 + rng.uniform(-0.25, 0.25, 3) * strength
    shift = rng.uniform(-0.08, 0.08, 3) * strength
    # Unmixing, scaling and mixing again are linear in optical density: one 3 x 3 matrix.
    linear = (_STAINS.T * scale) @ _UNMIX.T
    first, second, third = _SCRATCH.arrays(image.shape)
    density = cv2.transform(cv2.LUT(image, _DENSITY, dst=first), -linear, dst=second)
    tissue = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), _TISSUE)
    # OpenCV transforms three channels ten times faster than four, hence the offset on its own.
    offset = np.column_stack([np.diag(-_STAINS.T @ shift), np.full(3, _LOG_256)])
    weights = cv2.cvtColor(tissue, cv2.COLOR_GRAY2RGB, dst=first)
    density = cv2.add(density, cv2.transform(weights, offset, dst=third), dst=second)
    # exp gives the grey value plus one; OpenCV's subtraction rounds and cuts off at 0 and 255.
    light = cv2.exp(density, dst=second)
    return np.asarray(cv2.subtract(light, _ONE, dtype=cv2.CV_8U), dtype=np.uint8)


_COLOUR: dict[str, Callable[[Image, Rng, float], Image]] = {
    "photometric": _photometric,
    "gamma": _gamma,
    "stain": _stain,
}


def list_augmentations() -> list[str]:
    """Return the names of all random changes, sorted."""
    return sorted({*_GEOMETRIC, *_COLOUR})


def augment_image(
    image: Image, names: Sequence[str], rng: Rng, *, strength: float = 1.0
) -> Augmented:
    """Change a picture at random.

    Geometry first, with the picture mirrored beyond its borders, then colour.

    Args:
        image: (H, W, 3) uint8 RGB.
        names: Changes to make, see ``list_augmentations``.
        rng: Source of all randomness.
        strength: Factor on the ranges of the changes that have one, 0 or more; flips and
            rotations by any angle do not depend on it.

    Returns:
        The changed picture, (H, W, 3) uint8, and its affine matrix.

    Raises:
        UnknownNameError: A name is not known.
    """
    height, width = image.shape[:2]
    linear = np.eye(2)
    for name in names:
        if name in _GEOMETRIC:
            linear = _GEOMETRIC[name](rng, strength) @ linear
        elif name not in _COLOUR:
            raise UnknownNameError.of("augmentation", name, list_augmentations())
    # Every change keeps the centre, so that their product needs to be moved there only once.
    matrix = _about_centre(linear, height, width)
    if (linear != np.eye(2)).any():
        image = cv2.warpAffine(
            image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101
        ).astype(np.uint8, copy=False)
    for name in names:
        if name in _COLOUR:
            image = _COLOUR[name](image, rng, strength)
    return Augmented(image, matrix)
