"""What little effort reaches: the yardstick below which a network is not worth having.

Each baseline answers every factor on the same folds as the network, from the training side of
the fold alone, and comes back as predictions like the network's, so that the same code measures
both.

* ``majority``: the most frequent value, with the frequencies as probabilities.
* ``colour histogram``: 16 bins of each channel of RGB and HSV, then logistic regression.
* ``frozen features``: pooled features of the untrained trunk, then logistic regression.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from sklearn.base import ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupShuffleSplit
from sklearn.preprocessing import StandardScaler

from cancerapy.arrays import Floats, Image, Images, Indices, Logits
from cancerapy.data.progress import StepProgress, silent
from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import OutOfFold

N_BINS = 16
REGULARISATION = (1e-3, 1e-2, 1e-1, 1.0)
"""Values of C, the inverse strength of the penalty, that the training side chooses from."""

_INNER_SHARE = 0.2
_MAX_ITERATIONS = 100
_FLOOR = 1e-6


Fit = Callable[[float, Floats, Indices], ClassifierMixin]
"""Fits a classifier with an inverse strength C to features (n, D) and labels (n,)."""


def fit_logistic(strength: float, features: Floats, labels: Indices) -> LogisticRegression:
    """Return a logistic regression with that C, in which classes weigh the same."""
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=_MAX_ITERATIONS)
    with warnings.catch_warnings():
        # A fit cut short is a little more regularised; it stays a valid baseline.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(features, labels)


def colour_histogram(image: Image) -> Floats:
    """Return the share of pixels in 16 bins of R, G, B, H, S and V, (96,); each channel sums to 1.

    Args:
        image: (H, W, 3) RGB.
    """
    hsv = np.asarray(PillowImage.fromarray(image).convert("HSV"))
    channels = np.concatenate([image, hsv], axis=2).reshape(-1, 6).astype(np.int64)
    binned = channels * N_BINS // 256 + np.arange(6) * N_BINS
    counts = np.bincount(binned.ravel(), minlength=6 * N_BINS)
    return counts / len(channels)


def colour_histograms(images: Images, progress: StepProgress = silent) -> Floats:
    """Return the colour histogram of every image, (N, 96)."""
    rows = []
    for done, image in enumerate(images, 1):
        rows.append(colour_histogram(np.asarray(image)))
        progress("colour histograms", done, len(images))
    return np.stack(rows)


def predict_majority(out_of_fold: OutOfFold) -> OutOfFold:
    """Answer every image with the values' frequencies on the training side of its fold."""
    logits = np.zeros_like(out_of_fold.logits)
    for factor in out_of_fold.network.factors:
        columns = out_of_fold.network.slices[factor.name]
        labels = out_of_fold.labels[factor.name]
        for fold in out_of_fold.fold_names:
            inside = out_of_fold.folds == fold
            known = labels[~inside & (labels >= 0)]
            shares = np.bincount(known, minlength=len(factor.values)) / max(1, len(known))
            logits[inside, columns] = np.log(np.maximum(shares, _FLOOR))
    return replace(out_of_fold, logits=logits)


def predict_logistic(
    out_of_fold: OutOfFold,
    features: NDArray[np.floating],
    *,
    seed: int = 0,
    progress: StepProgress = silent,
    name: str = "logistic regression",
) -> OutOfFold:
    """Answer every image by logistic regression fitted on the other folds.

    Features are standardised and the penalty chosen inside the training side: a fifth of its
    groups is held out, the C with the best balanced accuracy there is fitted again on all of it.
    Classes weigh the same.

    Args:
        out_of_fold: Folds, groups and labels; its logits are not used.
        features: (N, D), one row per image in the same order.
        seed: Seed of the inner division.
        progress: Told of each fold.
        name: Shown with the progress.

    Returns:
        The same images with the baseline's logits.
    """
    logits = np.zeros_like(out_of_fold.logits)
    folds = out_of_fold.fold_names
    total = len(folds) * len(out_of_fold.network.factors)
    done = 0
    for factor in out_of_fold.network.factors:
        columns = out_of_fold.network.slices[factor.name]
        labels = out_of_fold.labels[factor.name]
        for fold in folds:
            inside = out_of_fold.folds == fold
            rows = np.flatnonzero(~inside & (labels >= 0))
            logits[inside, columns] = _fit_and_predict(
                features[rows],
                labels[rows],
                out_of_fold.groups[rows],
                features[inside],
                n_values=len(factor.values),
                seed=seed,
            )
            done += 1
            progress(name, done, total)
    return replace(out_of_fold, logits=logits)


def baseline_predictions(
    out_of_fold: OutOfFold,
    paths: Sequence[str],
    pixels: Images,
    features: NDArray[np.floating],
    *,
    seed: int = 0,
    progress: StepProgress = silent,
) -> dict[str, OutOfFold]:
    """Train all three baselines on the folds of ``out_of_fold``.

    Args:
        out_of_fold: Folds, groups and labels.
        paths: Paths of the M pictures of the data set, those of ``out_of_fold`` among them.
        pixels: Prepared pictures, (M, H, W, 3).
        features: Pooled features of the untrained trunk, (M, D).
        seed: Seed of the inner divisions.
        progress: Told of the work.

    Returns:
        Predictions by the baseline's name.

    Raises:
        DataError: Images of the predictions are not in the data set.
    """
    place = {path: row for row, path in enumerate(paths)}
    absent = [image for image in out_of_fold.images.tolist() if image not in place]
    if absent:
        raise DataError(
            f"Baselines need every predicted image; {len(absent)} are not in the data set, for "
            f"instance '{absent[0]}'. Give the folder that holds that data set with --data."
        )
    rows = np.array([place[image] for image in out_of_fold.images.tolist()])
    histograms = colour_histograms(pixels, progress)[rows]
    own_features = np.asarray(features[rows], dtype=np.float32)
    names = {"colour histogram": histograms, "frozen features": own_features}
    return {"baseline: majority": predict_majority(out_of_fold)} | {
        f"baseline: {name}": predict_logistic(
            out_of_fold, values, seed=seed, progress=progress, name=name
        )
        for name, values in names.items()
    }


def _fit_and_predict(
    train: NDArray[np.floating],
    labels: Indices,
    groups: NDArray[np.str_],
    test: NDArray[np.floating],
    *,
    n_values: int,
    seed: int,
) -> Logits:
    """Return log-probabilities of the test rows, (n, V)."""
    logits = np.full((len(test), n_values), np.log(_FLOOR), dtype=np.float32)
    present = np.unique(labels)
    if len(present) < 2:
        logits[:, present] = 0
        return logits
    strength = choose_strength(train, labels, groups, seed)
    scaler = StandardScaler().fit(train)
    model = fit_logistic(strength, scaler.transform(train), labels)
    log_probabilities = model.predict_log_proba(scaler.transform(test))
    logits[:, model.classes_] = np.maximum(log_probabilities, np.log(_FLOOR))
    return logits


def choose_strength(
    features: NDArray[np.floating],
    labels: Indices,
    groups: NDArray[np.str_],
    seed: int,
    *,
    strengths: Sequence[float] = REGULARISATION,
    fit: Fit = fit_logistic,
) -> float:
    """Return the C with the best balanced accuracy on a fifth of the groups, held out.

    Args:
        features: (n, D), not yet standardised.
        labels: (n,).
        groups: (n,).
        seed: Seed of the division.
        strengths: What is chosen from; the middle one where groups or classes are too few.
        fit: Fits a classifier with a C to standardised features.
    """
    if len(np.unique(groups)) < 2:
        return strengths[len(strengths) // 2]
    division = GroupShuffleSplit(1, test_size=_INNER_SHARE, random_state=seed)
    outer, inner = next(division.split(features, labels, groups))
    if len(np.unique(labels[outer])) < 2:
        return strengths[len(strengths) // 2]
    scaler = StandardScaler().fit(features[outer])
    scores = []
    for strength in strengths:
        model = fit(strength, scaler.transform(features[outer]), labels[outer])
        called = model.predict(scaler.transform(features[inner]))
        hits = [np.mean(called[labels[inner] == k] == k) for k in np.unique(labels[inner])]
        scores.append(float(np.mean(hits)))
    return strengths[int(np.argmax(scores))]
