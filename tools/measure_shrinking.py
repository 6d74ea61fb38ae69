#!/usr/bin/env python3
"""How far probabilities move when a picture is made smaller before it is sent.

Phantoms many times the size of the network's input are judged in full, and again after they were
scaled to a few times its height and width and encoded. ``app.shrink`` takes the factor and the
encoding from here; rows go to ``results/shrinking.csv``.

python tools/measure_shrinking.py
"""

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from cancerapy.app.shrink import shrink
from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.contract.responses import InputResponse
from cancerapy.phantoms import draw_phantom
from cancerapy.preprocess import prepare_image
from cancerapy.runtime.models import Models
from cancerapy.runtime.predictor import Predictor
from cancerapy.runtime.probabilities import task_probabilities

COLUMNS = ("model", "times", "encoding", "n", "mean_moved", "most_moved", "kilobytes")
RESULTS = Path(__file__).parents[1] / "results" / "shrinking.csv"
TIMES = (1.0, 1.5, 2.0, 3.0, 4.0)
ENCODINGS = {"png": {"compress_level": 1}, "jpeg": {"quality": 95, "subsampling": 0}}
SOURCE_TIMES = 6
"""Height and width of the phantoms, in those of the network."""


def probabilities(predictor: Predictor, pixels: np.ndarray) -> np.ndarray:
    """Return the probabilities of all classes of all tasks."""
    with predictor.pool.lend() as graph:
        logits = graph(prepare_image(pixels, predictor.fields.input)[None])["logits"][0]
    factors = predictor.fields.factors
    return np.concatenate(
        [
            task_probabilities(logits, factors, [label.selects for label in task.classes])
            for task in predictor.cancer.tasks
        ]
    )


def encode(pixels: np.ndarray, encoding: str) -> tuple[np.ndarray, int]:
    """Return a picture after it was encoded, and the size of the file in bytes."""
    output = io.BytesIO()
    Image.fromarray(pixels).save(output, encoding, **ENCODINGS[encoding])
    with Image.open(output) as opened:
        return np.asarray(opened.convert("RGB")), output.tell()


def measure(predictor: Predictor, n: int) -> Iterator[tuple[object, ...]]:
    """Yield a row per factor and encoding."""
    spec = predictor.fields.input
    wanted = InputResponse(spec.height, spec.width, spec.aspect, spec.min_side_px)
    found: dict[tuple[float, str], list[tuple[float, int]]] = {}
    for seed in range(n):
        pixels = draw_phantom(
            predictor.cancer.phantom,
            seed=seed,
            height=SOURCE_TIMES * spec.height,
            width=SOURCE_TIMES * spec.width,
        )
        before = probabilities(predictor, pixels)
        for times in TIMES:
            smaller = shrink(pixels, wanted, times)
            if smaller is None:
                raise RuntimeError(f"{times} must be less than {SOURCE_TIMES}")
            for encoding in ENCODINGS:
                sent, n_bytes = encode(smaller, encoding)
                moved = float(np.abs(probabilities(predictor, sent) - before).max())
                found.setdefault((times, encoding), []).append((moved, n_bytes))
    for (times, encoding), values in found.items():
        moves, sizes = zip(*values, strict=True)
        mean, most = round(float(np.mean(moves)), 4), round(max(moves), 4)
        kilobytes = round(float(np.mean(sizes)) / 1000)
        yield (predictor.fields.name, times, encoding, n, mean, most, kilobytes)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10, help="phantoms of each cancer")
    options = parser.parse_args()
    models = Models(workers=1)
    rows = []
    for cancer_id in list_cancers():
        predictor = models.predictor(load_cancer(cancer_id).tasks[0].id)
        for row in measure(predictor, options.n):
            rows.append(row)
            sys.stderr.write("\t".join(map(str, row)) + "\n")
    with RESULTS.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
