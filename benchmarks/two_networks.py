"""What the second network of a shipped model costs: its graph against that of the first alone.

Both graphs are made with random weights, stored as they are shipped, and asked in turns for one
picture on the two threads that the server gives a graph.

    python benchmarks/two_networks.py
"""

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
from record import Figure, record

from cancerapy.cancers import Cancer, list_cancers, load_cancer
from cancerapy.export.litert import Compression, to_litert
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.models.ensemble import average_models, member_name
from cancerapy.runtime.interpreter import Graph
from cancerapy.runtime.pool import THREADS
from cancerapy.training.plan import Plan, read_plan, resolve_plan

PLANS = Path(__file__).parents[1] / "plans" / "second-network"
SHIPPED = Compression(integer=(member_name(1),))
MOST = 10.0
"""Times as long that the two may take."""


def build(cancer: Cancer, plan: Plan) -> Classifier:
    """Return the network of a plan with random weights."""
    return build_classifier(
        plan.backbone,
        cancer.network,
        (plan.height, plan.width),
        read_layers=plan.read_layers,
        spread_parts=plan.spread_parts,
    )


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
    for name in list_cancers():
        file = PLANS / f"{name}-resnet101v2.json"
        if not file.is_file():
            continue
        cancer = load_cancer(name)
        plans = [resolve_plan(cancer), resolve_plan(cancer, read_plan(file))]
        first, second = (build(cancer, plan).served(plan.flips) for plan in plans)
        contents = [
            to_litert(first),
            to_litert(average_models([first, second], cancer.network), compression=SHIPPED),
        ]
        picture = np.zeros((1, plans[0].height, plans[0].width, 3), np.uint8)
        one_ms, two_ms = measure_ms(
            [Graph(content, n_threads=THREADS) for content in contents], picture, options.n
        )
        figures.append(
            Figure("two networks", f"one picture, {cancer.id}", "the first network alone",
                   "median time of a graph", two_ms, "ms", two_ms / one_ms, f"<= {MOST:g}")
        )  # fmt: skip
    record(figures, dry_run=options.dry_run)


if __name__ == "__main__":
    main()
