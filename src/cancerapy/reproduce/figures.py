"""All figures of the report for whoever has the data, drawn by one command into one folder."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from cancerapy.cancers import Cancer, Source, list_cancers, load_cancer
from cancerapy.data.cache import open_decoded
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.data.progress import counting
from cancerapy.data.summary import summarise_data
from cancerapy.data.summary_plots import write_plots
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.calibration import cross_fitted
from cancerapy.evaluation.plots import plot_confusion, plot_reliability, plot_roc
from cancerapy.evaluation.predictions import read_predictions
from cancerapy.evaluation.session import sound_protocols
from cancerapy.layouts.sample import Sample
from cancerapy.reproduce.document import draw_pictures
from cancerapy.reproduce.image_figures import (
    draw_augmentation,
    draw_guesses,
    draw_values,
    draw_worst_errors,
)
from cancerapy.settings import Settings

REPORT = "report"
"""Folder of the pictures of the experiments."""

N_AUGMENTED = 4
"""Pictures whose changes are shown."""


def draw_figures(settings: Settings, folder: Path, *, say: Callable[[str], None]) -> list[Path]:
    """Draw every cancer's figures, as far as its data and predictions are there.

    By cancer: class distribution, sizes, age box plot and sample grid (figures 5, 11, 12, 13),
    training changes (6), examples of each further factor such as density (8), random images with
    truth and prediction (9), worst errors, confusion matrix, ROC and reliability of every task.
    Beside them in ``report`` the curves and comparisons of all experiments (2, 7 and 10).

    Args:
        settings: Folders of data, cache and results.
        folder: Where the pictures go, a folder a cancer; made if needed.
        say: Told what is left out, and why.

    Returns:
        The files written.

    Raises:
        DataError: No data folder is set.
    """
    root = settings.data_root("The figures need")
    written = []
    for name in list_cancers():
        cancer = load_cancer(name)
        source = next(source for source in cancer.sources if not source.external)
        if not (root / source.folder).is_dir():
            say(f"{name}: there is no folder '{source.folder}' among the data; left out")
            continue
        own = folder / name
        own.mkdir(parents=True, exist_ok=True)
        written += list(_of_data(cancer, source, settings, root, own))
        written += list(_of_predictions(cancer, source, settings, root, own, say))
    return [*written, *draw_pictures(settings.results, folder / REPORT)]


def _of_data(
    cancer: Cancer, source: Source, settings: Settings, data: Path, folder: Path
) -> Iterator[Path]:
    with counting(f"reading {source.folder}") as progress:
        summary = summarise_data(cancer, source, data, cache=settings.cache, progress=progress)
    yield from write_plots(summary, folder)
    for factor in cancer.network.factors[1:]:
        path = folder / f"{factor.name}.png"
        draw_values(factor, summary.samples, data / source.folder, path)
        yield path
    manifest = build_manifest(cancer, source, data, cache=settings.cache)
    path = folder / "augmentation.png"
    draw_augmentation(_some_pictures(manifest, cancer, settings), cancer.augmentation, path)
    yield path


def _some_pictures(manifest: Manifest, cancer: Cancer, settings: Settings) -> list[np.ndarray]:
    """Return prepared pictures of different values of the main factor."""
    labels = manifest.labels(cancer.network.factors[0].name)
    rows = [int(np.flatnonzero(labels == value)[0]) for value in np.unique(labels[labels >= 0])]
    with counting(f"decoding {manifest.source}") as progress:
        pixels, _ = open_decoded(manifest, cancer.input, settings.cache, progress=progress)
    return [np.asarray(pixels[row]) for row in rows[:N_AUGMENTED]]


def _of_predictions(
    cancer: Cancer,
    source: Source,
    settings: Settings,
    data: Path,
    folder: Path,
    say: Callable[[str], None],
) -> Iterator[Path]:
    root = settings.results / "predictions"
    protocols = sound_protocols(root, cancer)
    if not protocols:
        say(f"{cancer.id}: no predictions in '{root}'; figures of guesses are left out")
        return
    images = data / source.folder
    samples = {sample.path: sample for sample in source.read_samples(images)}
    answers = cross_fitted(read_predictions(root / f"{cancer.id}-{protocols[0]}"), cancer)
    for name, answer in answers.items():
        for kind, plot in _PLOTS.items():
            path = folder / f"{kind}-{name}.png"
            path.write_bytes(plot(answer.outcome))
            yield path
        known = _known(answer, samples)
        for kind, draw in _IMAGES.items():
            path = folder / f"{kind}-{name}.png"
            draw(known.outcome, samples, images, path)
            yield path


def _known(answer: Calibrated, samples: Mapping[str, Sample]) -> Calibrated:
    """Keep the images that are in this copy of the data set."""
    return answer.part(np.array([str(image) in samples for image in answer.outcome.images]))


_PLOTS = {"confusion": plot_confusion, "roc": plot_roc, "reliability": plot_reliability}
_IMAGES = {"guesses": draw_guesses, "errors": draw_worst_errors}
