"""So many training and so many test images of a data set, as the report's first network had."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cancerapy.arrays import Images, Indices
from cancerapy.atomic import write_atomically
from cancerapy.cancers import Cancer, Network, load_cancer
from cancerapy.data.cache import digest_of, open_decoded
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.data.splits import LEAKING, Split, check_split
from cancerapy.errors import DataError
from cancerapy.evaluation.record import FILE_NAME
from cancerapy.models.mlp import Reals
from cancerapy.reproduce._spec import Context
from cancerapy.reproduce.trained import keep_few
from cancerapy.training.options import choose_source, data_root
from cancerapy.training.progress import RichDisplay

_QUICK_PX = 20
FOLD = "test"
"""Name of the one fold, whose images are the test part."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Images that were drawn, decoded.

    Args:
        cancer: With its first factor alone.
        manifest: The whole data set.
        split: Training and test rows.
        pixels: (N, H, W, 3) uint8 of the whole data set.
    """

    cancer: Cancer
    manifest: Manifest
    split: Split
    pixels: Images

    @property
    def digest(self) -> str:
        """Digest of who is on which side."""
        sides = (self.split.train.tolist(), self.split.test.tolist())
        return digest_of([self.split.name, *sides])

    def labels(self, rows: Indices) -> Indices:
        """Return 0 or 1 of some rows: the first or the second value of the factor."""
        return self.manifest.labels(self.cancer.network.factors[0].name)[rows]

    def inputs(self, rows: Indices) -> Reals:
        """Return the pixels of some rows, 0..1, (n, H * W * 3) float32."""
        return self.pixels[rows].reshape(len(rows), -1).astype(np.float32) / np.float32(255)

    def write_record(self, folder: Path, protocol: str, plan: Mapping[str, Any]) -> None:
        """Write ``protocol.json``: what the predictions in ``folder`` are made with.

        Args:
            folder: Of the predictions.
            protocol: How the images were drawn.
            plan: The values of the training plan, ``seed`` among them.
        """
        record = {
            "protocol": protocol,
            "leaking": self.split.leaking,
            "folds": [FOLD],
            "manifest_digest": self.manifest.digest,
            "split_digest": self.digest,
            "plan_digest": digest_of(plan)[:10],
            "seed": plan["seed"],
            "plan": plan,
        }
        write_atomically(folder / FILE_NAME, json.dumps(record, indent=2) + "\n")


@dataclass(frozen=True, slots=True)
class DrawnImages:
    """Which images are drawn.

    Args:
        cancer: Id of the cancer, or what makes a variant of one.
        source: Folder of the data set; empty: the cancer's own.
        leaking: Draw images whatever their groups.
        with_rest: Train on all images of other groups than the test part's.
        n_train: Training images.
        n_test: Test images.
        size_px: Height and width that pictures are decoded to.
    """

    cancer: str | Callable[[], Cancer]
    source: str = ""
    leaking: bool = False
    with_rest: bool = False
    n_train: int = 510
    n_test: int = 136
    size_px: int = 200

    @property
    def protocol(self) -> str:
        """How they are drawn, in a word: ``drawn-510-136``."""
        name = f"drawn-{'all' if self.with_rest else self.n_train}-{self.n_test}"
        return f"{name}-{LEAKING}" if self.leaking else name

    def load_cancer(self) -> Cancer:
        """Return the cancer with its first factor, and the tasks that ask for it alone."""
        cancer = self._load_whole()
        first = cancer.network.factors[0]
        asked = tuple(
            task
            for task in cancer.tasks
            if all(set(label.selects) == {first.name} for label in task.classes)
        )
        return replace(cancer, network=Network((first,)), tasks=asked)

    def _load_whole(self) -> Cancer:
        return load_cancer(self.cancer) if isinstance(self.cancer, str) else self.cancer()

    def open(self, context: Context, display: RichDisplay) -> Drawn:
        """Read the data set, decode its pictures and draw.

        Raises:
            DataError: The data set is missing, incomplete or too small.
        """
        cancer, whole, settings = self.load_cancer(), self._load_whole(), context.settings
        source = choose_source(whole, self.source or None)
        root = data_root(whole, settings)
        manifest = build_manifest(whole, source, root, cache=settings.cache)
        if context.quick:
            manifest = keep_few(manifest)
        first = cancer.network.factors[0]
        manifest = replace(manifest, factors={first.name: first.values})
        size = _QUICK_PX if context.quick else self.size_px
        pixels, _ = open_decoded(
            manifest,
            replace(cancer.input, height=size, width=size),
            settings.cache,
            progress=lambda done, total: display.step("decoding", done, total),
        )
        n = len(manifest.samples)
        counts = (n * 6 // 10, n * 2 // 10) if context.quick else (self.n_train, self.n_test)
        split = draw_split(manifest, *counts, leaking=self.leaking, with_rest=self.with_rest)
        return Drawn(cancer, manifest, split, pixels)


def draw_split(
    manifest: Manifest,
    n_train: int,
    n_test: int,
    *,
    leaking: bool = False,
    with_rest: bool = False,
    seed: int = 0,
) -> Split:
    """Draw a test part and a training side at random.

    Args:
        manifest: The data set.
        n_train: Training images.
        n_test: Test images; the same for every ``n_train`` and ``with_rest``.
        leaking: Draw images whatever their groups; else whole groups, which may leave a side a
            few images short.
        with_rest: Train on all that is not drawn for the test part.
        seed: Seed of the draw.

    Raises:
        DataError: There are fewer images.
    """
    n = len(manifest.samples)
    if n_train + n_test > n or min(n_train, n_test) < 1:
        raise DataError(
            f"Drawing {n_train} training and {n_test} test images needs at least one of each and "
            f"as many in the data set; {manifest.source} has {n}. Get the whole data set; what is "
            f"missing says: {manifest.check_command}"
        )
    rng = np.random.default_rng(seed)
    units = [str(row) for row in range(n)] if leaking else manifest.groups.tolist()
    order = rng.permutation(np.unique(units)).tolist()
    rows: dict[str, list[int]] = {unit: [] for unit in order}
    for row, unit in enumerate(units):
        rows[unit].append(row)
    test, left = _take(list(rows.values()), n_test)
    train, _ = _take(left, n if with_rest else n_train)
    split = Split(FOLD, np.sort(train), np.sort(test), leaking=leaking)
    check_split(manifest, split)
    return split


def _take(units: Sequence[list[int]], n: int) -> tuple[list[int], list[list[int]]]:
    """Take whole units as long as they fit into ``n`` images; return them and what is left."""
    taken: list[int] = []
    left = []
    for unit in units:
        if len(taken) + len(unit) <= n:
            taken += unit
        else:
            left.append(unit)
    return taken, left
