"""What training images look like: bounds of the quality gate, and of the unfamiliar."""

import io
from collections.abc import Iterable

import numpy as np
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import PCA

from cancerapy.arrays import Floats, Images
from cancerapy.bundle.schema import QualityLimits
from cancerapy.bundle.store import Stats
from cancerapy.preprocess import measure_quality

N_DIMENSIONS = 64
_KEPT = 99.5  # per cent of the training images that each bound lets through


def fit_stats(embeddings: Floats) -> Stats:
    """Fit the distance of an embedding from the training images.

    Args:
        embeddings: (N, D) of training images under the shipped network.

    Returns:
        A projection on the principal axes, and mean and shrunk precision there.

    References:
        Lee et al., "A simple unified framework for detecting out-of-distribution samples",
        NeurIPS 2018, arXiv:1807.03888; Ledoit and Wolf 2004, doi:10.1016/S0047-259X(03)00096-4
    """
    n_dimensions = min(N_DIMENSIONS, *embeddings.shape)
    projection = PCA(n_dimensions, random_state=0).fit(embeddings).components_.T
    projected = embeddings @ projection
    shrunk = LedoitWolf().fit(projected)
    return Stats(
        projection.astype(np.float32), shrunk.location_, np.asarray(shrunk.precision_, np.float64)
    )


def stats_bytes(stats: Stats) -> bytes:
    """Return the content of ``stats.npz``."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer, projection=stats.projection, mean=stats.mean, precision=stats.precision
    )
    return buffer.getvalue()


def fit_limits(pictures: Images, distances: Iterable[float]) -> QualityLimits:
    """Choose bounds that all but the outermost training images obey.

    A picture is rejected only if it is clearly outside: each bound is moved out by a fifth of its
    distance from the median.

    Args:
        pictures: (N, H, W, 3) prepared training pictures.
        distances: Distance of the embedding of (held-out or training) images.
    """
    measured = [measure_quality(np.asarray(picture)) for picture in pictures]
    sharpness = np.array([m.sharpness for m in measured])
    brightness = np.array([m.brightness for m in measured])
    contrast = np.array([m.contrast for m in measured])
    saturation = np.array([m.saturation for m in measured])
    return QualityLimits(
        sharpness_min=max(0.0, _low(sharpness)),
        brightness_range=(max(0.0, _low(brightness)), min(255.0, _high(brightness))),
        contrast_min=max(0.0, _low(contrast)),
        ood_max=_high(np.array(list(distances))),
        saturation_range=(max(0.0, _low(saturation)), min(255.0, _high(saturation))),
    )


def _low(values: Floats) -> float:
    bound, middle = np.percentile(values, [100 - _KEPT, 50])
    return float(round(bound - 0.2 * (middle - bound), 4))


def _high(values: Floats) -> float:
    bound, middle = np.percentile(values, [_KEPT, 50])
    return float(round(bound + 0.2 * (bound - middle), 4))
