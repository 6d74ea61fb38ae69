"""Predict many files, several at a time, with progress; one bad file does not stop the rest."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cancerapy.contract import Prediction
from cancerapy.errors import CanceRapyError, StorageError, UsageError
from cancerapy.layouts.sample import IMAGE_SUFFIXES
from cancerapy.runtime.predictor import Predictor

_FEW = 5  # from so many files on, progress is shown


@dataclass(frozen=True)
class FileResult:
    """What came of one file: a prediction, or the reason why there is none, with its code."""

    path: str
    prediction: Prediction | None
    error: str = ""
    code: str = ""


class Advance(Protocol):
    """Called after every file."""

    def __call__(self) -> None:
        """Count one file."""


def find_images(paths: Sequence[Path]) -> list[Path]:
    """Return the files named, and those in the folders named, in the order people expect.

    Raises:
        UsageError: A path does not exist, or a folder holds no image.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        # Inside a folder only names like those of images; a file that is named is always tried.
        inside = _search(path)
        if not inside:
            raise UsageError(
                f"A folder must hold images ({' '.join(sorted(IMAGE_SUFFIXES))}); "
                f"'{path}' holds none.",
                field="paths",
            )
        found += sorted(inside, key=_natural)
    return found


def _search(folder: Path) -> list[Path]:
    """Return the images below a folder, and the folders below it that cannot be opened.

    These become results with an error: left out without a word, their images would be missed.
    """
    closed: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: closed.append(Path(error.filename)))
    images = [
        path
        for place, _, names in walk
        for path in (Path(place, name) for name in names)
        if path.suffix.lower() in IMAGE_SUFFIXES and path.is_file()
    ]
    return images + closed


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sort tile_10 after tile_9."""
    return [
        (int(text), "") if text.isdigit() else (-1, text) for text in re.split(r"(\d+)", str(path))
    ]


def predict_files(
    predictor: Predictor, task_id: str, paths: Sequence[Path], *, heatmaps: Path | None = None
) -> list[FileResult]:
    """Predict files and folders.

    Args:
        predictor: Answers the task.
        task_id: The task.
        paths: Files and folders.
        heatmaps: Where to write a PNG with the heat map of every image; ``None`` for none.

    Returns:
        A result per file, in the order of ``find_images``.
    """
    files = find_images(paths)
    if heatmaps:
        _make_folder(heatmaps)

    def one(number_and_path: tuple[int, Path]) -> FileResult:
        number, path = number_and_path
        try:
            prediction = predictor.predict_path(path, task_id, heatmap=heatmaps is not None)
            if heatmaps and prediction.heatmap:
                png = predictor.overlay(path.read_bytes(), prediction.heatmap)
                name = heatmaps / f"{number:04d}-{path.stem}-{prediction.heatmap.class_id}.png"
                name.write_bytes(png)
        except CanceRapyError as error:
            return FileResult(str(path), None, error.message, error.code)
        except OSError as error:
            raise StorageError.from_os_error(error, f"writing the heat map of {path}") from error
        return FileResult(str(path), prediction)

    with ThreadPoolExecutor(predictor.pool.size) as threads, _progress(len(files)) as advance:
        results = []
        for result in threads.map(one, enumerate(files, 1)):
            results.append(result)
            advance()
    return results


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError.from_os_error(error, f"making the folder '{folder}'") from error


@contextmanager
def _progress(n_files: int) -> Iterator[Advance]:
    """Show a bar on a terminal if there is something to wait for."""
    if n_files < _FEW or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("predicting", total=n_files)
        yield lambda: bars.advance(bar)
