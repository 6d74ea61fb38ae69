"""How long one image takes on one thread, measured of all candidates in turn.

One candidate after the other would charge a machine that grows warm or busy to those that come
last. Here every round asks each candidate once, and each round begins with another one.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from cancerapy.data.progress import StepProgress, silent
from cancerapy.runtime.interpreter import Graph

N_ROUNDS = 60
N_THREADS = 1
_N_WARM = 3
"""Runs before the first that counts: memory is planned and caches are filled in them."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Median time of one image on one thread.

    Args:
        wall_ms: Milliseconds by the clock, lengthened by whatever else the machine does.
        processor_ms: Milliseconds that the thread had a processor core: what the image takes
            where nothing else runs.
    """

    wall_ms: float
    processor_ms: float


def time_in_turn(
    models: Mapping[str, Path], *, n_rounds: int = N_ROUNDS, progress: StepProgress = silent
) -> dict[str, Latency]:
    """Time every model.

    Args:
        models: LiteRT files by name.
        n_rounds: Times that each is asked, at least 1.
        progress: Told of each round.

    Raises:
        BundleError: A file is not a LiteRT model.
    """
    graphs = {name: Graph(file, n_threads=N_THREADS) for name, file in models.items()}
    pictures = {name: _noise(graph) for name, graph in graphs.items()}
    for name, graph in graphs.items():
        for _ in range(_N_WARM):
            graph(pictures[name])
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in graphs}
    names = list(graphs)
    for number in range(n_rounds):
        first = number % max(1, len(names))
        for name in names[first:] + names[:first]:
            seconds[name].append(_time_once(graphs[name], pictures[name]))
        progress("timing", number + 1, n_rounds)
    return {
        name: Latency(*(1000 * median(column) for column in zip(*measured, strict=True)))
        for name, measured in seconds.items()
    }


def _time_once(graph: Graph, picture: np.ndarray) -> tuple[float, float]:
    """Return the seconds of one run: by the clock, and of this thread on a processor."""
    wall, processor = time.perf_counter(), time.thread_time()
    graph(picture)
    return time.perf_counter() - wall, time.thread_time() - processor


def _noise(graph: Graph) -> np.ndarray:
    shape = (1, *graph.input_shape[1:])
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
