"""The pictures of a data set's summary, as PNG files in a folder.

The grid of samples shows patients' images: it belongs where the data are, never in a repository.
"""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from PIL import Image as PillowImage

from cancerapy.arrays import Image
from cancerapy.cancers import Task
from cancerapy.data.summary import DataSummary
from cancerapy.errors import CanceRapyError, StorageError
from cancerapy.layouts.sample import Sample
from cancerapy.readers import DATA_SET_LIMITS, read_image_file

_DPI = 144
_INK = "#1f2933"
_BLUE = "#1d5fa8"
_PALE = "#9fc3e6"
_COLUMNS = 8
_TILE_PX = 160
_BACKGROUND = 245
_MIN_AGES = 2
_SIZES_NAMED = 4


def write_plots(summary: DataSummary, folder: Path, *, seed: int = 0) -> list[Path]:
    """Draw the summary.

    Args:
        summary: The data set in figures.
        folder: Where the pictures go; made if needed.
        seed: Chooses the samples shown.

    Returns:
        ``classes.png``, ``sizes.png``, ``ages.png`` (where at least two ages are known) and
        ``samples.png``.

    Raises:
        StorageError: There is not enough room or no permission.
    """
    drawings: dict[str, Callable[[], bytes]] = {
        "classes.png": lambda: plot_classes(summary),
        "sizes.png": lambda: plot_sizes(summary),
        "samples.png": lambda: plot_samples(summary, seed),
    }
    if sum(map(len, summary.ages(summary.finest_task).values())) >= _MIN_AGES:
        drawings["ages.png"] = lambda: plot_ages(summary)
    written = []
    for name, draw in drawings.items():
        data = draw()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        except OSError as error:
            raise StorageError.from_os_error(error, f"writing '{folder / name}'") from error
        written.append(folder / name)
    return sorted(written)


def plot_classes(summary: DataSummary) -> bytes:
    """Draw images and groups by class, a panel per task."""
    heights = [len(task.classes) + 1.2 for task in summary.tasks]
    canvas = Canvas(figsize=(7.0, 0.6 + 0.36 * sum(heights)), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(canvas)
    panels = canvas.subplots(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    for axes, task in zip(panels, summary.tasks, strict=True):
        counts = summary.counts(task)
        places = np.arange(len(counts))[::-1]
        axes.barh(places, [c.n_images for c in counts], 0.7, color=_PALE, label="images")
        axes.barh(
            places, [c.n_groups for c in counts], 0.32, color=_BLUE, label=f"{summary.group}s"
        )
        for place, count in zip(places, counts, strict=True):
            text = f" {count.n_images:,} / {count.n_groups:,}"
            axes.text(count.n_images, place, text, va="center", fontsize=8, color=_INK)
        axes.set_yticks(places, [count.class_id for count in counts])
        axes.set_xlim(0, 1.18 * max(1, *(count.n_images for count in counts)))
        axes.set_title(f"{task.title} ({task.id})", fontsize=9, loc="left")
        _tidy(axes)
    handles, names = panels[0].get_legend_handles_labels()
    canvas.legend(handles, names, loc="outside lower right", ncols=2, frameon=False, fontsize=8)
    canvas.suptitle(_caption(summary), fontsize=10)
    return _png(canvas)


def plot_sizes(summary: DataSummary) -> bytes:
    """Draw width against height; the area of a mark grows with the number of images."""
    canvas, axes = _canvas(5.4, 4.6)
    common = summary.common_sizes
    if common:
        sizes = np.array([size for size, _ in common])
        numbers = np.array([number for _, number in common])
        area = 12 + 300 * numbers / numbers.max()
        axes.scatter(sizes[:, 1], sizes[:, 0], area, color=_BLUE, alpha=0.5, linewidths=0)
        lines = [f"{w} x {h} px: {number:,} images" for (h, w), number in common[:_SIZES_NAMED]]
        axes.text(0.03, 0.97, "\n".join(lines), transform=axes.transAxes, va="top", fontsize=8)
        axes.set_xlim(0, 1.2 * sizes[:, 1].max())
        axes.set_ylim(0, 1.35 * sizes[:, 0].max())
    axes.tick_params(labelsize=8)
    axes.set_xlabel("width, pixels")
    axes.set_ylabel("height, pixels")
    axes.set_title(_caption(summary), fontsize=10)
    axes.grid(color="#e4e7eb", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return _png(canvas)


def plot_ages(summary: DataSummary) -> bytes:
    """Draw ages by class: median, quartiles, whiskers to 1.5 times their distance, outliers."""
    task = summary.finest_task
    ages = summary.ages(task)
    canvas, axes = _canvas(6.4, 1.2 + 0.42 * len(ages))
    names = list(ages)[::-1]
    axes.boxplot(
        [ages[name] for name in names],
        orientation="horizontal",
        widths=0.6,
        patch_artist=True,
        boxprops={"facecolor": _PALE, "edgecolor": _BLUE},
        medianprops={"color": _INK, "linewidth": 1.6},
        whiskerprops={"color": _BLUE},
        capprops={"color": _BLUE},
        flierprops={"marker": ".", "markersize": 4, "markeredgecolor": _BLUE},
    )
    axes.set_yticks(
        range(1, len(names) + 1), [f"{name}  (n = {len(ages[name]):,})" for name in names]
    )
    axes.set_xlabel("age of the patient, years")
    axes.set_title(f"{summary.title}, {task.title} ({task.id})", fontsize=10)
    _tidy(axes)
    return _png(canvas)


def plot_samples(summary: DataSummary, seed: int = 0) -> bytes:
    """Draw up to eight images of each class, of different groups as far as there are."""
    task = summary.finest_task
    rows = len(task.classes)
    canvas = Canvas(figsize=(1.25 + _COLUMNS * 1.1, 0.5 + rows * 1.12), dpi=_DPI)
    FigureCanvasAgg(canvas)
    grid = canvas.subplots(rows, _COLUMNS, squeeze=False)
    canvas.subplots_adjust(0.14, 0.01, 0.995, 1 - 0.4 / (0.5 + rows * 1.12), 0.04, 0.04)
    for line, class_id in zip(grid, task.class_ids, strict=True):
        chosen = choose_samples(summary, task, class_id, _COLUMNS, seed)
        for axes in line:
            axes.axis("off")
        for axes, sample in zip(line, chosen, strict=False):
            axes.imshow(draw_tile(sample, summary.root))
        line[0].text(
            -0.06, 0.5, class_id, transform=line[0].transAxes, ha="right", va="center",
            fontsize=8, color=_INK,
        )  # fmt: skip
    canvas.suptitle(_caption(summary), fontsize=10, y=0.995, va="top")
    return _png(canvas)


def choose_samples(
    summary: DataSummary, task: Task, class_id: str, count: int, seed: int
) -> list[Sample]:
    """Return up to ``count`` samples of a class, each of another group as long as there are any.

    Args:
        summary: The data set.
        task: The task.
        class_id: One of its classes.
        count: Greatest number.
        seed: Chooses.
    """
    pairs = zip(summary.samples, summary.classes(task), strict=True)
    members = [sample for sample, value in pairs if value == class_id]
    order = np.random.default_rng(seed).permutation(len(members))
    first: dict[str, Sample] = {}
    others: list[Sample] = []
    for row in order:
        sample = members[row]
        if first.setdefault(sample.group, sample) is not sample:
            others.append(sample)
    return [*first.values(), *others][:count]


def draw_tile(sample: Sample, root: Path) -> Image:
    """Return a picture inside a square; grey where it cannot be read."""
    canvas = PillowImage.new("RGB", (_TILE_PX, _TILE_PX), (_BACKGROUND,) * 3)
    try:
        pixels = read_image_file(sample.at(root), limits=DATA_SET_LIMITS).pixels
    except CanceRapyError:  # the check names such files
        return np.asarray(canvas)
    picture = PillowImage.fromarray(np.ascontiguousarray(pixels))
    scale = _TILE_PX / max(picture.size)
    width, height = (max(1, round(scale * side)) for side in picture.size)
    small = picture.resize((width, height), PillowImage.Resampling.LANCZOS)
    canvas.paste(small, ((_TILE_PX - width) // 2, (_TILE_PX - height) // 2))
    return np.asarray(canvas)


def _caption(summary: DataSummary) -> str:
    return (
        f"{summary.title}: {len(summary.samples):,} images, {summary.n_groups:,} {summary.group}s"
    )


def _canvas(width_in: float, height_in: float) -> tuple[Canvas, Axes]:
    """Make a picture without pyplot, whose global state would leak."""
    canvas = Canvas(figsize=(width_in, height_in), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(canvas)
    return canvas, canvas.subplots()


def _tidy(axes: Axes) -> None:
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#e4e7eb", linewidth=0.8)
    axes.set_axisbelow(True)


def _png(canvas: Canvas) -> bytes:
    buffer = io.BytesIO()
    canvas.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
