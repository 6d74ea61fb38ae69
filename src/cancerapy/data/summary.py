"""What a data set holds, in figures: classes, groups, sizes, ages. No picture is drawn here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cancerapy.cancers import Cancer, Source, Task
from cancerapy.data.fingerprints import fingerprint_files
from cancerapy.data.integrity import check_command
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import DataError
from cancerapy.layouts.sample import Sample

_SIZES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How often a class occurs.

    Args:
        class_id: The class.
        n_images: Its images.
        n_groups: Groups with at least one image of it.
    """

    class_id: str
    n_images: int
    n_groups: int


@dataclass(frozen=True, eq=False)
class DataSummary:
    """A data set in figures.

    Args:
        title: Name of the data set.
        group: What its groups are, for instance ``"patient"``.
        root: The data set's folder.
        samples: N samples.
        tasks: Tasks of the cancer.
        sizes: (N, 2) height and width in pixels; 0 where unreadable.
        n_missing: Images that the tables list and that are not there; in no other figure.
    """

    title: str
    group: str
    root: Path
    samples: tuple[Sample, ...]
    tasks: tuple[Task, ...]
    sizes: NDArray[np.int64]
    n_missing: int = 0

    @property
    def finest_task(self) -> Task:
        """The task with the most classes; ages and sample pictures are shown by its classes."""
        return max(self.tasks, key=lambda task: len(task.classes))

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len({sample.group for sample in self.samples})

    @property
    def n_unreadable(self) -> int:
        """Number of files that cannot be read."""
        return int((self.sizes == 0).any(axis=1).sum())

    @property
    def common_sizes(self) -> list[tuple[tuple[int, int], int]]:
        """Height and width with their number of images, the most frequent first."""
        found = Counter((int(h), int(w)) for h, w in self.sizes if h and w)
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))

    def classes(self, task: Task) -> list[str]:
        """Return the class of each sample in a task; empty where it has none of them."""
        return [class_of(task, sample.labels) for sample in self.samples]

    def counts(self, task: Task) -> list[ClassCount]:
        """Return the counts of a task's classes, in its order."""
        pairs = [(c, s.group) for c, s in zip(self.classes(task), self.samples, strict=True)]
        images, groups = Counter(c for c, _ in pairs), Counter(c for c, _ in set(pairs))
        return [ClassCount(c, images[c], groups[c]) for c in task.class_ids]

    def ages(self, task: Task) -> dict[str, list[float]]:
        """Return the known ages in years by class of a task; classes without any are left out."""
        found: dict[str, list[float]] = {}
        for class_id, sample in zip(self.classes(task), self.samples, strict=True):
            age = _number(sample.facts.get("age", ""))
            if class_id and age is not None:
                found.setdefault(class_id, []).append(age)
        return {c: found[c] for c in task.class_ids if c in found}

    def facts(self) -> dict[str, int]:
        """Return the number of images of which each fact is known, by name."""
        return dict(sorted(Counter(n for s in self.samples for n in s.facts).items()))

    def text(self) -> str:
        """Return the summary as plain text."""
        lines = [f"{self.title}: {len(self.samples)} images of {self.n_groups} {self.group}s"]
        for task in self.tasks:
            lines += ["", f"{task.title} ({task.id})"]
            width = max(map(len, task.class_ids))
            total = max(1, sum(count.n_images for count in self.counts(task)))
            lines += [
                f"  {c.class_id:{width}} {c.n_images:6} images {100 * c.n_images / total:5.1f} %"
                f" {c.n_groups:6} {self.group}s"
                for c in self.counts(task)
            ]
        return "\n".join([*lines, "", *self._size_lines(), *self._fact_lines()])

    def _size_lines(self) -> list[str]:
        common = self.common_sizes
        shown = ", ".join(f"{w} x {h} ({n})" for (h, w), n in common[:_SIZES_SHOWN])
        more = f" and {len(common) - _SIZES_SHOWN} more" if len(common) > _SIZES_SHOWN else ""
        lines = [f"Sizes in pixels (images): {shown or 'none'}{more}"]
        faults = {"Unreadable": self.n_unreadable, "Missing": self.n_missing}
        return lines + [f"{fault}: {number}" for fault, number in faults.items() if number]

    def _fact_lines(self) -> list[str]:
        known = [f"{name} ({number})" for name, number in self.facts().items()]
        return [f"Known facts (images): {', '.join(known) or 'none'}"]


def summarise_data(
    cancer: Cancer,
    source: Source,
    data_root: Path,
    *,
    cache: Path | None = None,
    progress: Progress = silent,
) -> DataSummary:
    """Read a data set's tables and the sizes of its pictures.

    Args:
        cancer: Whose classes are counted.
        source: Which data set.
        data_root: Holds the data set's folder.
        cache: Folder that keeps fingerprints of pictures between calls.
        progress: Told of each file decoded.

    Raises:
        DataError: The tables cannot be read, or list no image that is there.
        StorageError: The cache cannot be written.
    """
    root = data_root / source.folder
    listed = source.read_samples(root)
    samples = tuple(sample for sample in listed if sample.is_at(root))
    if not samples:
        raise DataError(
            f"'{source.title}' must hold at least one image; its tables list {len(listed)}, and "
            f"none of them is there. Run: {check_command(cancer.id, source.folder, data_root)}",
            code="data_missing",
        )
    prints = fingerprint_files([s.at(root) for s in samples], cache=cache, progress=progress)
    n_missing = len(listed) - len(samples)
    return DataSummary(
        source.title, source.group, root, samples, cancer.tasks, prints.sizes, n_missing
    )


def class_of(task: Task, labels: Mapping[str, str]) -> str:
    """Return the class that labels stand for in a task; empty if none of them.

    Args:
        task: The task.
        labels: Value by factor.
    """
    for label in task.classes:
        if all(labels.get(factor) == value for factor, value in label.selects.items()):
            return label.id
    return ""


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
