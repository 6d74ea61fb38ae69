"""How long a first answer takes: ``cancerapy predict`` from nothing, and the server's start.

python benchmarks/cold_start.py
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from record import Figure, record
from serving_process import draw_jpeg, free_port, running, serve_command

from cancerapy.bundle.store import find_bundles
from cancerapy.cancers import load_cancer


def predict_s(task: str, image: Path, bundles: Path | None) -> float:
    """Return the wall-clock seconds of one ``cancerapy predict``."""
    command = [sys.executable, "-m", "cancerapy", "predict", task, str(image)]
    if bundles:
        command += ["--bundles", str(bundles)]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def start_s(bundles: Path | None) -> float:
    """Return the seconds until the server answers."""
    port = free_port()
    began = time.perf_counter()
    with running(serve_command(port, bundles), port):
        return time.perf_counter() - began


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundles", type=Path)
    parser.add_argument("--n", type=int, default=9, help="starts of each")
    parser.add_argument("--dry-run", action="store_true", help="write no row")
    options = parser.parse_args()
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for cancer in sorted(find_bundles(options.bundles)):
            image = Path(folder) / f"{cancer}.jpg"
            image.write_bytes(draw_jpeg(cancer))
            task = load_cancer(cancer).tasks[0].id
            taken = [predict_s(task, image, options.bundles) for _ in range(options.n + 1)][1:]
            seconds = statistics.median(taken)
            figures.append(Figure("cold start", f"cancerapy predict {task}", "", "median time",
                                  seconds, "s", seconds, "<= 1.5"))  # fmt: skip
    seconds = statistics.median(start_s(options.bundles) for _ in range(options.n))
    figures.append(Figure("cold start", "cancerapy serve", "", "median time to the first answer",
                          seconds, "s", seconds, "<= 3"))  # fmt: skip
    record(figures, dry_run=options.dry_run)


if __name__ == "__main__":
    main()
