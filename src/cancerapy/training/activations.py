"""Freeze to a layer, cache what comes out of it: the frozen part is computed once, not per epoch.

For every view of every picture - the plain flips first, then random changes - the activation at
the freezing point is computed through LiteRT and kept on disk as float16. The layers above train
from these files. Each view is one file that takes its name when it is complete, so an interrupted
computation goes on with the view it was at.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import keras
import numpy as np

from cancerapy.arrays import Floats, Image, Images
from cancerapy.atomic import write_atomically
from cancerapy.data.augment import AUGMENTATION_VERSION, augment_image
from cancerapy.data.cache import digest_of, new_array
from cancerapy.data.progress import StepProgress
from cancerapy.models.classifier import FLIPS, Classifier
from cancerapy.runtime.interpreter import Graph, processor_count
from cancerapy.training.stopwatch import Spent, Stopwatch


@dataclass(frozen=True)
class Activations:
    """What the frozen part says of every view of every picture.

    Args:
        views: By view, (N, h, w, C) float16, memory-mapped; of means h and w are 1.
        matrices: (V, N, 2, 3) affine change of each picture in each view, in pixels.
        embedding: (N, D) float16, pooled features of the untouched pictures under the starting
            weights.
        spent: What computing them took, once; ``None`` where it was not noted.
    """

    views: Sequence[np.ndarray]
    matrices: Floats
    embedding: np.ndarray
    spent: Spent | None = None


@dataclass(frozen=True)
class ViewSpec:
    """Which views are computed.

    Args:
        n_views: Number of views V, the plain flips among them.
        flips: Key of ``FLIPS``: the plain views.
        augmentation: Names of the random changes of the other views.
        strength: Factor on their ranges.
        seed: Seed of the changes.
    """

    n_views: int
    flips: str
    augmentation: tuple[str, ...]
    strength: float
    seed: int

    def view(self, picture: Image, view: int, row: int) -> tuple[Image, Floats]:
        """Return picture number ``row`` as it looks in ``view``, with its affine matrix."""
        plain = FLIPS[self.flips]
        if view < len(plain):
            return _flip(picture, plain[view])
        rng = np.random.default_rng([self.seed, view, row])
        changed = augment_image(picture, self.augmentation, rng, strength=self.strength)
        return changed.image, changed.matrix


def _flip(picture: Image, axes: tuple[int, ...]) -> tuple[Image, Floats]:
    matrix = np.eye(3)[:2]
    for axis in axes:  # axes of a batch: 1 is y, 2 is x
        coordinate = 2 - axis
        matrix[coordinate] = -matrix[coordinate]
        matrix[coordinate, 2] = picture.shape[axis - 1] - 1
    flipped = np.flip(picture, axis=tuple(axis - 1 for axis in axes)) if axes else picture
    return np.ascontiguousarray(flipped), matrix


def cache_activations(
    classifier: Classifier,
    cut: str,
    pixels: Images,
    spec: ViewSpec,
    folder: Path,
    *,
    key: str,
    progress: StepProgress,
    averaged: bool = False,
) -> Activations:
    """Return the activations at ``cut``, computing what is not yet on disk.

    Args:
        classifier: With its starting weights.
        cut: The last frozen layer.
        pixels: (N, H, W, 3) decoded pictures.
        spec: Which views.
        folder: Where caches lie.
        key: Names the pictures: digest of manifest and preprocessing.
        progress: Shown the work.
        averaged: Keep the mean over the cells of each map alone, (N, 1, 1, C).

    Raises:
        PlanError: The graph cannot be cut there.
        StorageError: There is not enough room.
    """
    place = (
        folder
        / "activations"
        / digest_of(
            key, cut, _weights_digest(classifier.backbone), *(["averaged"] if averaged else [])
        )
    )
    files = [_view_files(place, spec, view) for view in range(spec.n_views)]
    computer: _Computer | None = None
    for view, names in enumerate(files):
        if view and not all(name.is_file() for name in names.values()):
            computer = computer or _Computer(classifier.lower(cut, pooled=False, averaged=averaged))
            computer.run(pixels, spec, view, names, progress)
        elif not all(name.is_file() for name in names.values()):
            _Computer(classifier.lower(cut, averaged=averaged)).run(
                pixels, spec, view, names, progress
            )
    return Activations(
        views=[np.load(names["activation"], mmap_mode="r") for names in files],
        matrices=np.stack([np.load(names["matrix"]) for names in files]),
        embedding=np.load(files[0]["embedding"]),
        spent=_sum_spent([_note_of(names) for names in files]),
    )


def _view_files(place: Path, spec: ViewSpec, view: int) -> dict[str, Path]:
    """Name the files of a view; plain views are shared by all augmentations.

    Only the first has pooled features: they cost the rest of the network.
    """
    plain = FLIPS[spec.flips]
    if view < len(plain):
        name = "plain-" + "".join(map(str, plain[view]))
    else:
        # The first version is not named, so that views cached before there was one stay valid.
        version = [] if AUGMENTATION_VERSION == 1 else [AUGMENTATION_VERSION]
        changes = digest_of(spec.augmentation, spec.strength, spec.seed, *version)
        name = f"{changes}-{view}"
    kinds = ("activation", "matrix") if view else ("activation", "matrix", "embedding")
    return {kind: place / f"{name}-{kind}.npy" for kind in kinds}


def _note_of(files: Mapping[str, Path]) -> Path:
    """Name the file that says what computing a view took; older caches have none."""
    return files["activation"].with_suffix(".spent.json")


def _sum_spent(notes: Sequence[Path]) -> Spent | None:
    if not all(note.is_file() for note in notes):
        return None
    spent = [Spent(**json.loads(note.read_text())) for note in notes]
    return Spent(sum(s.wall_s for s in spent), sum(s.processor_s for s in spent))


def _weights_digest(backbone: keras.Model) -> str:
    sums = [float(np.sum(np.asarray(v, np.float64) ** 2)) for v in backbone.weights]
    return digest_of(backbone.name, sums)


class _Computer:
    """The frozen part as LiteRT graphs, one a processor core."""

    def __init__(self, lower: keras.Model) -> None:
        self.outputs = lower.output
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "lower.tflite"
            lower.export(file, format="litert", verbose=False)
            content = file.read_bytes()
        self.graphs: SimpleQueue[Graph] = SimpleQueue()
        self.n_graphs = processor_count()
        for _ in range(self.n_graphs):
            self.graphs.put(Graph(content))

    def run(
        self,
        pixels: Images,
        spec: ViewSpec,
        view: int,
        files: Mapping[str, Path],
        progress: StepProgress,
    ) -> None:
        """Compute one view of all pictures into ``files``."""
        n_images, stopwatch = len(pixels), Stopwatch()
        with ExitStack() as stack:
            out = {
                name: stack.enter_context(
                    new_array(files[name], (n_images, *output.shape[1:]), np.float16)
                )
                for name, output in self.outputs.items()
            }
            matrices = stack.enter_context(new_array(files["matrix"], (n_images, 2, 3), np.float64))

            def compute(row: int) -> None:
                picture, matrices[row] = spec.view(np.asarray(pixels[row]), view, row)
                graph = self.graphs.get()
                try:
                    for name, value in graph(picture[None]).items():
                        out[name][row] = value[0]
                finally:
                    self.graphs.put(graph)

            with ThreadPoolExecutor(self.n_graphs) as pool:
                for done, _ in enumerate(pool.map(compute, range(n_images)), 1):
                    progress(f"view {view + 1} of {spec.n_views}", done, n_images)
            write_atomically(_note_of(files), json.dumps(stopwatch.read()._asdict()) + "\n")
