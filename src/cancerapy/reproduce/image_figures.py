"""Figures that show images: augmentation, examples of a factor, guesses with their truth, errors.

They show patients' images: they belong where the data are, never in a repository.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from cancerapy.arrays import Image
from cancerapy.cancers import Factor, Task
from cancerapy.data.augment import augment_image
from cancerapy.data.summary_plots import draw_tile
from cancerapy.evaluation.outcome import Outcome
from cancerapy.layouts.sample import Sample

N_SHOWN = 16
"""Images in a figure of guesses."""

N_COLUMNS = 8
RIGHT, WRONG = "#2f6f4f", "#a13a3a"

Tile = tuple[Image, str, str]
"""A picture, what is written under it, and in which colour."""


def draw_augmentation(
    pictures: Sequence[Image], names: Sequence[str], path: Path, *, seed: int = 0
) -> None:
    """Draw pictures untouched and as training changes them, a row each (the report's figure 6).

    Args:
        pictures: Prepared pictures (H, W, 3).
        names: Random changes.
        path: The PNG to write.
        seed: Seed of the changes.
    """
    rng = np.random.default_rng(seed)
    tiles: list[Tile] = []
    for picture in pictures:
        tiles.append((picture, "untouched", "black"))
        changed = [augment_image(picture, names, rng).image for _ in range(N_COLUMNS - 1)]
        tiles += [(image, "", "black") for image in changed]
    _draw(tiles, path, f"Training changes: {', '.join(names)}")


def draw_values(factor: Factor, samples: Sequence[Sample], root: Path, path: Path) -> None:
    """Draw examples of every value of a factor, a row each, of different groups (figure 8)."""
    tiles: list[Tile] = []
    for value in factor.values:
        first: dict[str, Sample] = {}
        for sample in samples:
            if sample.labels.get(factor.name) == value:
                first.setdefault(sample.group, sample)
        row = [(draw_tile(one, root), value, "black") for one in list(first.values())[:N_COLUMNS]]
        blank = np.full((8, 8, 3), 255, np.uint8)
        tiles += row + [(blank, "", "black")] * (N_COLUMNS - len(row))
    _draw(tiles, path, f"Examples by {factor.name}")


def draw_guesses(
    outcome: Outcome, samples: Mapping[str, Sample], root: Path, path: Path, *, seed: int = 0
) -> None:
    """Draw images drawn at random with truth and out-of-fold prediction (figure 9)."""
    order = np.random.default_rng(seed).permutation(len(outcome))[:N_SHOWN]
    title = f"{outcome.task.title}: drawn at random, truth and prediction out of fold"
    _draw(_guesses(outcome, order.tolist(), samples, root), path, title)


def draw_worst_errors(
    outcome: Outcome, samples: Mapping[str, Sample], root: Path, path: Path
) -> None:
    """Draw the images whose true class got the lowest probability, the worst first."""
    own = outcome.probabilities[np.arange(len(outcome)), outcome.y_true]
    wrong = np.flatnonzero(outcome.y_pred != outcome.y_true)
    worst = wrong[np.argsort(own[wrong], kind="stable")][:N_SHOWN]
    title = f"{outcome.task.title}: where the true class got the lowest probability"
    _draw(_guesses(outcome, worst.tolist(), samples, root), path, title)


def caption_of(task: Task, truth: int, guess: int, probability: float) -> str:
    """Return what stands under a guess: the truth, the class predicted and its probability."""
    ids = task.class_ids
    return f"{ids[truth]}\n→ {ids[guess]} {100 * probability:.0f} %"


def _guesses(
    outcome: Outcome, rows: Sequence[int], samples: Mapping[str, Sample], root: Path
) -> list[Tile]:
    tiles: list[Tile] = []
    for row in rows:
        truth, guess = int(outcome.y_true[row]), int(outcome.y_pred[row])
        text = caption_of(outcome.task, truth, guess, float(outcome.probabilities[row].max()))
        color = RIGHT if truth == guess else WRONG
        tiles.append((draw_tile(samples[str(outcome.images[row])], root), text, color))
    return tiles


def _draw(tiles: Sequence[Tile], path: Path, title: str) -> None:
    n_rows = max(1, -(-len(tiles) // N_COLUMNS))
    figure = Figure(figsize=(1.5 * N_COLUMNS, 0.5 + 1.85 * n_rows), layout="constrained")
    figure.suptitle(title)
    grid = figure.subplots(n_rows, N_COLUMNS, squeeze=False).ravel()
    for axes in grid:
        axes.axis("off")
    for axes, (picture, text, color) in zip(grid, tiles, strict=False):
        axes.imshow(picture)
        axes.text(
            0.5, -0.04, text, color=color, fontsize=8, ha="center", va="top",
            transform=axes.transAxes,
        )  # fmt: skip
    figure.savefig(path, dpi=110)
