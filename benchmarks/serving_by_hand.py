"""What the server is measured against: decode, resize and one interpreter call, nothing else."""

import io
import sys
import time
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

from cancerapy.bundle.schema import InputFields
from cancerapy.preprocess.pipeline import aspect_window


class ByHand:
    """The shortest program that turns the file into logits.

    Args:
        model: The LiteRT file.
        spec: Size and aspect policy.
        n_threads: Threads of the interpreter.
    """

    def __init__(self, model: Path, spec: InputFields, *, n_threads: int = 1) -> None:
        self._spec = spec
        self._interpreter = Interpreter(model_path=str(model), num_threads=n_threads)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [entry["index"] for entry in self._interpreter.get_output_details()]

    def judge(self, data: bytes) -> list[np.ndarray]:
        """Return all outputs of the model for the file ``data``."""
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        shape = picture.height, picture.width
        rows, columns = aspect_window(shape, self._spec)
        box = (columns.start, rows.start, columns.stop, rows.stop)
        size = self._spec.width, self._spec.height
        pixels = np.asarray(picture.resize(size, Image.Resampling.BILINEAR, box=box))
        self._interpreter.set_tensor(self._input, pixels[None])
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]


def judge_for(seconds: float, hand: ByHand, data: bytes) -> tuple[int, float]:
    """Return how many images were judged and the seconds that took."""
    began, n_images = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        hand.judge(data)
        n_images += 1
    return n_images, time.perf_counter() - began


def main() -> None:
    """Judge one file again and again: ``BUNDLE IMAGE``, told when and how long on stdin."""
    from cancerapy.bundle.store import load_bundle

    bundle = load_bundle(Path(sys.argv[1]))
    hand = ByHand(bundle.model_path, bundle.fields.input)
    data = Path(sys.argv[2]).read_bytes()
    hand.judge(data)
    print("ready", flush=True)
    for line in sys.stdin:
        n_images, seconds = judge_for(float(line), hand, data)
        print(n_images / seconds, flush=True)


if __name__ == "__main__":
    main()
