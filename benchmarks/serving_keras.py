"""Our server against the same network behind Flask with ``keras.Model.predict``.

Both servers run at the same time and are asked in turns; needs ``cancerapy[train]``.

    python benchmarks/serving_keras.py --cancer skin --backbone MobileNetEdgeTPU
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from record import Figure, record
from serving_keras_bundle import write_keras_bundle
from serving_process import Client, draw_jpeg, free_port, running, serve_command

WARM_UP = 5


def measure(clients: list[Client], n: int) -> list[float]:
    """Return the median milliseconds of a request of each client, asked in turns."""
    taken: list[list[float]] = [[] for _ in clients]
    for turn in range(n + WARM_UP):
        for index, client in enumerate(clients):
            began = time.perf_counter()
            client.ask()
            if turn >= WARM_UP:
                taken[index].append((time.perf_counter() - began) * 1000)
    return [statistics.median(values) for values in taken]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cancer", default="skin")
    parser.add_argument("--backbone", default="MobileNetEdgeTPU")
    parser.add_argument("--flips", default="none")
    parser.add_argument("--n", type=int, default=60, help="requests to each")
    parser.add_argument("--dry-run", action="store_true", help="write no row")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_keras_bundle(options.cancer, options.backbone, options.flips, root)
        port, keras_port = free_port(), free_port()
        program = str(Path(__file__).with_name("serving_keras_server.py"))
        arguments = [options.cancer, options.backbone, options.flips, str(keras_port)]
        with (
            running(serve_command(port, root), port),
            running([sys.executable, program, *arguments], keras_port),
        ):
            data, path = draw_jpeg(options.cancer), f"/{options.cancer}"
            ours, theirs = measure(
                [Client(port, path, data), Client(keras_port, path, data)], options.n
            )
    subject = f"HTTP, {options.cancer} with {options.backbone}"
    figures = [Figure("serving", subject, "Flask with keras.Model.predict", "median latency",
                      ours, "ms", theirs / ours, ">= 6")]  # fmt: skip
    record(figures, dry_run=options.dry_run)


if __name__ == "__main__":
    main()
