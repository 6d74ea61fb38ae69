"""How much the server adds to the work itself: latency of one client, throughput of eight.

Server and bare program take turns within one run, so that whatever else the machine does hits
both; ratios of medians are reported.

    python benchmarks/serving.py --cancer skin
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from record import Figure, record
from serving_by_hand import ByHand
from serving_process import Client, draw_jpeg, free_port, running, serve_command

from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.runtime.pool import THREADS

N_CLIENTS = 8
N_BARE = 2


def measure_latency(client: Client, hand: ByHand, data: bytes, n: int) -> tuple[float, float]:
    """Return the median milliseconds of one request and of the same by hand.

    Args:
        client: Connection to the server.
        hand: The bare program.
        data: The image.
        n: Requests after the warm-up.
    """
    http_ms, hand_ms = [], []
    for turn in range(n + 10):
        began = time.perf_counter()
        client.ask()
        asked = time.perf_counter()
        hand.judge(data)
        done = time.perf_counter()
        if turn >= 10:
            http_ms.append((asked - began) * 1000)
            hand_ms.append((done - asked) * 1000)
    return statistics.median(http_ms), statistics.median(hand_ms)


def ask_with_clients(port: int, path: str, data: bytes, seconds: float) -> float:
    """Return the answers per second that eight clients get together."""
    counts = [0] * N_CLIENTS
    clients = [Client(port, path, data) for _ in range(N_CLIENTS)]
    until = time.perf_counter() + seconds

    def ask(index: int) -> None:
        while time.perf_counter() < until:
            clients[index].ask()
            counts[index] += 1

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(N_CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


class BareProcesses:
    """Two processes that only decode, resize and invoke, on command.

    Args:
        bundle: Folder of the bundle.
        image: The file.
    """

    def __init__(self, bundle: Path, image: Path) -> None:
        program = Path(__file__).with_name("serving_by_hand.py")
        command = [sys.executable, str(program), str(bundle), str(image)]
        pipe = subprocess.PIPE
        self._processes = [
            subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(N_BARE)
        ]
        for process in self._processes:
            assert process.stdout is not None
            process.stdout.readline()

    def images_per_second(self, seconds: float) -> float:
        """Let both work for ``seconds``; return their images per second together."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{seconds}\n")
            process.stdin.flush()
        return sum(float(p.stdout.readline()) for p in self._processes if p.stdout is not None)

    def close(self) -> None:
        """End them."""
        for process in self._processes:
            process.communicate()


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cancer", default="skin")
    parser.add_argument("--bundles", type=Path)
    parser.add_argument("--n", type=int, default=200, help="requests for the latency")
    parser.add_argument("--rounds", type=int, default=4, help="turns for the throughput")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of one turn")
    parser.add_argument("--dry-run", action="store_true", help="write no row")
    options = parser.parse_args()
    folder = find_bundles(options.bundles)[options.cancer]
    bundle = load_bundle(folder)
    data, path, port = draw_jpeg(options.cancer), f"/{options.cancer}", free_port()
    # The bare program alone on the machine gets the threads that the server's graph has.
    hand = ByHand(bundle.model_path, bundle.fields.input, n_threads=THREADS)
    served, bare = [], []
    with (
        tempfile.TemporaryDirectory() as temporary,
        running(serve_command(port, options.bundles), port),
    ):
        http_ms, hand_ms = measure_latency(Client(port, path, data), hand, data, options.n)
        image = Path(temporary) / "image.jpg"
        image.write_bytes(data)
        processes = BareProcesses(folder, image)
        for _ in range(options.rounds):
            served.append(ask_with_clients(port, path, data, options.seconds))
            bare.append(processes.images_per_second(options.seconds))
        processes.close()
    rate = statistics.median(served)
    figures = [
        Figure("serving", f"HTTP, {bundle.fields.name}", "by hand", "median latency",
               http_ms, "ms", http_ms / hand_ms, "<= 1.5"),
        Figure("serving", f"HTTP, {bundle.fields.name}, 8 clients", "2 bare processes",
               "throughput", rate, "images/s", rate / statistics.median(bare), ">= 0.7"),
    ]  # fmt: skip
    record(figures, dry_run=options.dry_run)


if __name__ == "__main__":
    main()
