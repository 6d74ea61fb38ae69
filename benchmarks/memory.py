"""How much memory the server takes with all bundles loaded and busy.

python benchmarks/memory.py
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from record import Figure, record
from serving_process import Client, draw_jpeg, free_port, memory_mb, running, serve_command

from cancerapy.bundle.store import find_bundles

LIMIT_MB = 350


def ask_all(port: int, cancers: list[str], n: int) -> None:
    """Send ``n`` images of each cancer with four clients each at once."""

    def ask(cancer: str) -> None:
        client = Client(port, f"/{cancer}", draw_jpeg(cancer))
        for _ in range(n):
            client.ask()

    with ThreadPoolExecutor(4 * len(cancers)) as pool:
        list(pool.map(ask, cancers * 4))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundles", type=Path)
    parser.add_argument("--n", type=int, default=10, help="images of each cancer and client")
    parser.add_argument("--dry-run", action="store_true", help="write no row")
    options = parser.parse_args()
    cancers = sorted(find_bundles(options.bundles))
    port = free_port()
    with running(serve_command(port, options.bundles), port) as process:
        ask_all(port, cancers, options.n)
        peak_mb = memory_mb(process.pid, peak=True)
    subject = f"server with {len(cancers)} bundles after {4 * options.n * len(cancers)} images"
    figures = [Figure("memory", subject, "", "peak resident memory", peak_mb, "MB", peak_mb,
                      f"<= {LIMIT_MB}")]  # fmt: skip
    record(figures, dry_run=options.dry_run)


if __name__ == "__main__":
    main()
