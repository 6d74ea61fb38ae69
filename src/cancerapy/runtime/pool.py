"""A pool of graphs of one model that shares the cores among the images asked for at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue
from threading import Lock

from cancerapy.runtime.interpreter import Graph, processor_count

THREADS = 2
"""Most threads of a graph: two answer a single image nearly twice as fast as one, and two graphs
of one thread need twice the memory; more than two gain little on a small network."""


class GraphPool:
    """Lends graphs to threads; they are loaded when they are first needed.

    Args:
        model: The LiteRT file.
        size: Greatest number of graphs; 0 means as many as keep every core busy with ``THREADS``
            threads each.
    """

    def __init__(self, model: Path, size: int = 0) -> None:
        self.model = model
        self.size = size or max(1, processor_count() // THREADS)
        self.n_threads = max(1, min(THREADS, processor_count() // self.size))
        self._free: LifoQueue[Graph] = LifoQueue()
        self._lock = Lock()
        self._n_loaded = 0

    @contextmanager
    def lend(self) -> Iterator[Graph]:
        """Lend a graph for the block; waits while all are lent."""
        graph = self._take()
        try:
            yield graph
        finally:
            self._free.put(graph)

    def warm(self) -> None:
        """Load one graph now, so that the first image does not wait for it."""
        with self.lend():
            pass

    def _take(self) -> Graph:
        with self._lock:
            may_load = self._free.empty() and self._n_loaded < self.size
            if may_load:
                self._n_loaded += 1
        if not may_load:
            return self._free.get()
        try:
            return Graph(self.model, n_threads=self.n_threads)
        except BaseException:
            with self._lock:
                self._n_loaded -= 1
            raise
