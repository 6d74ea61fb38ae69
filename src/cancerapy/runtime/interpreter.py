"""One LiteRT graph in memory; the only place that imports the LiteRT package."""

import os
from pathlib import Path
from threading import Event

import numpy as np

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:  # the name of the same package on some phones and boards
    from tflite_runtime.interpreter import Interpreter

from cancerapy.errors import BundleError
from cancerapy.native_stderr import without_lines

_NOISE = "INFO: Created TensorFlow Lite XNNPACK delegate"
"""What LiteRT prints at the first run of a process, whatever its log level."""

_spoken = Event()


class Graph:
    """A model ready to run; not to be used by two threads at once.

    Args:
        model: The model's file, or its bytes.
        n_threads: Threads of one run.

    Raises:
        BundleError: The file is not a LiteRT model.
    """

    def __init__(self, model: Path | bytes, *, n_threads: int = 1) -> None:
        source = (
            {"model_content": model} if isinstance(model, bytes) else {"model_path": str(model)}
        )
        try:
            self._interpreter = Interpreter(**source, num_threads=n_threads)
            runner = self._interpreter.get_signature_runner()
        except (ValueError, RuntimeError, OSError) as error:
            name = "model" if isinstance(model, bytes) else model.name
            raise BundleError(
                f"'{name}' must be a LiteRT model; it cannot be loaded. Install the bundle again."
            ) from error
        (self._input_name,) = runner.get_input_details()
        self._runner = runner
        self.input_shape = tuple(runner.get_input_details()[self._input_name]["shape_signature"])

    def __call__(self, image: np.ndarray) -> dict[str, np.ndarray]:
        """Run the graph.

        Args:
            image: (1, H, W, 3) uint8 RGB.

        Returns:
            Outputs by name, for instance ``logits`` (1, L), ``embedding`` and ``cam``.
        """
        if not _spoken.is_set():
            with without_lines(_NOISE):
                answer = dict(self._runner(**{self._input_name: image}))
                _spoken.set()
                return answer
        return dict(self._runner(**{self._input_name: image}))


def processor_count() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
