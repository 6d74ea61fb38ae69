"""What the second network of a shipped model costs: its graph against that of the first alone.

The first alone is made with random weights and stored as float16, as one network is. Both graphs
are asked in turns for one picture on the two threads that the server gives a graph.

    python benchmarks/two_networks.py
"""

import argparse
import statistics
import time

import numpy as np
from record import Figure, record

from cancerapy.bundle.store import MODEL_FILE, find_bundles
from cancerapy.cancers import Cancer, load_cancer
from cancerapy.export.litert import to_litert
from cancerapy.models.classifier import build_classifier
from cancerapy.runtime.interpreter import Graph
from cancerapy.runtime.pool import THREADS
from cancerapy.training.plan import resolve_plan

MOST = 10.0
"""Times as long that the two may take."""


def first_alone(cancer: Cancer) -> bytes:
    """Return the graph of the cancer's own plan, the first network, with random weights."""
    plan = resolve_plan(cancer)
    classifier = build_classifier(
        plan.backbone,
        cancer.network,
        (plan.height, plan.width),
        read_layers=plan.read_layers,
        spread_parts=plan.spread_parts,
    )
    return to_litert(classifier.served(plan.flips))


def measure_ms(graphs: list[Graph], picture: np.ndarray, n: int) -> list[float]:
    """Return the median milliseconds of each graph, asked in turns."""
    taken: list[list[float]] = [[] for _ in graphs]
    for turn in range(n + 2):
        for index, graph in enumerate(graphs):
            began = time.perf_counter()
            graph(picture)
            if turn >= 2:
                taken[index].append((time.perf_counter() - began) * 1000)
    return [statistics.median(values) for values in taken]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20, help="pictures to each graph")
    parser.add_argument("--dry-run", action="store_true", help="write no row")
    options = parser.parse_args()
    figures = []
    for name, folder in sorted(find_bundles().items()):
        graphs = [
            Graph(model, n_threads=THREADS)
            for model in (first_alone(load_cancer(name)), folder / MODEL_FILE)
        ]
        picture = np.zeros(graphs[0].input_shape, np.uint8)
        one_ms, two_ms = measure_ms(graphs, picture, options.n)
        figures.append(
            Figure("two networks", f"one picture, {name}", "the first network alone",
                   "median time of a graph", two_ms, "ms", two_ms / one_ms, f"<= {MOST:g}")
        )  # fmt: skip
    record(figures, dry_run=options.dry_run)


if __name__ == "__main__":
    main()
