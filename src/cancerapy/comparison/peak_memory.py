"""How much memory a process takes that answers with a model, measured in one of its own.

``python -m cancerapy.comparison.peak_memory MODEL`` loads the LiteRT file, judges an image and
prints the greatest resident memory in megabytes. It imports nothing of training.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np

from cancerapy.errors import BundleError
from cancerapy.runtime.interpreter import Graph

_TIMEOUT_S = 300
_N_IMAGES = 3


def measure_peak_memory(model: Path) -> float:
    """Return the peak of a fresh process that answers with ``model``, in megabytes (10^6 bytes).

    Python, NumPy and the interpreter are in it, the same for all models.

    Args:
        model: A LiteRT file of a served graph.

    Returns:
        Megabytes; not-a-number where the system does not tell.

    Raises:
        BundleError: The model does not run.
    """
    command = [sys.executable, "-m", __name__, str(model)]
    try:
        asked = subprocess.run(  # noqa: S603 - this interpreter and this module
            command, capture_output=True, text=True, check=True, timeout=_TIMEOUT_S
        )
    except subprocess.SubprocessError as error:
        raise BundleError(
            f"'{model.name}' must answer in a process of its own; it does not: {error}. Export it "
            "again, or free some memory."
        ) from error
    return float(asked.stdout.split()[-1])


def own_peak_mb() -> float:
    """Return the greatest resident memory that this process has had, in megabytes."""
    status = Path("/proc/self/status")
    if status.is_file():
        # Not getrusage: there the peak of the process that started this one would count too.
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    return float("nan")


def main() -> None:
    """Load the model that is named, judge black images, print the peak."""
    graph = Graph(Path(sys.argv[1]))
    picture = np.zeros((1, *graph.input_shape[1:]), np.uint8)
    for _ in range(_N_IMAGES):
        graph(picture)
    sys.stdout.write(f"{own_peak_mb():.1f}\n")


if __name__ == "__main__":
    main()
