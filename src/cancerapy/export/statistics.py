"""What training images look like: bounds of the quality gate, and of the unfamiliar."""

import io
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import PCA

from cancerapy.arrays import Floats, Images
from cancerapy.bundle.schema import QualityLimits
from cancerapy.bundle.store import Stats
from cancerapy.preprocess import measure_quality

N_DIMENSIONS = 64
_TINY = 1e-6
_FAMILIAR = 99.0  # per cent of held-out images of the own kind that count as familiar
_KEPT = 99.5  # per cent of the training images that each bound lets through


def fit_stats(embeddings: Floats) -> Stats:
    """Fit the distance of an embedding from the training images.

    Args:
        embeddings: (N, D) of training images under the shipped network.

    Returns:
        The principal axes, the shrunk precision along them, and what is usual beside them.

    References:
        Lee et al., "A simple unified framework for detecting out-of-distribution samples",
        NeurIPS 2018, arXiv:1807.03888; Wang et al., "ViM: Out-of-distribution with virtual-logit
        matching", CVPR 2022, arXiv:2203.10807; Ledoit and Wolf 2004,
        doi:10.1016/S0047-259X(03)00096-4
    """
    n_images, n_channels = embeddings.shape
    mean, scale = embeddings.mean(axis=0, dtype=np.float64), embeddings.std(axis=0)
    scale = np.maximum(scale, max(scale.mean() / 10, _TINY)).astype(np.float64)
    offsets = (embeddings - mean) / scale
    axes = PCA(min(N_DIMENSIONS, n_images - 1, n_channels), random_state=0).fit(offsets)
    along = offsets @ axes.components_.T
    beside = (offsets**2).sum(axis=1) - (along**2).sum(axis=1)
    shrunk = LedoitWolf(assume_centered=True).fit(along)
    return Stats(
        mean,
        scale,
        axes.components_.T.astype(np.float32),
        np.asarray(shrunk.precision_, np.float64),
        float(max(beside.mean(), _TINY)),
    )


def stats_bytes(stats: Stats) -> bytes:
    """Return the content of ``stats.npz``."""
    buffer = io.BytesIO()
    arrays: dict[str, Any] = asdict(stats)
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def fit_limits(pictures: Images, distances: Iterable[float]) -> QualityLimits:
    """Choose bounds that all but the outermost training images obey.

    A picture is rejected for light, colour or sharpness only if it is clearly outside: each of
    these bounds is moved out by a fifth of its distance from the median. The distance of its
    embedding tells other kinds of images best, and has no such margin.

    Args:
        pictures: (N, H, W, 3) prepared training pictures.
        distances: Distance of the embedding of held-out images.
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
        ood_max=float(round(np.percentile(list(distances), _FAMILIAR), 4)),
        saturation_range=(max(0.0, _low(saturation)), min(255.0, _high(saturation))),
    )


def _low(values: Floats) -> float:
    bound, middle = np.percentile(values, [100 - _KEPT, 50])
    return float(round(bound - 0.2 * (middle - bound), 4))


def _high(values: Floats) -> float:
    bound, middle = np.percentile(values, [_KEPT, 50])
    return float(round(bound + 0.2 * (bound - middle), 4))
