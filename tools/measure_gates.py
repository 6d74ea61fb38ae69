#!/usr/bin/env python3
"""How often the shipped models refuse images of another kind, and of their own.

Every bundle is shown images of every data set that is at hand, spread evenly over the set, and
phantoms of the other modalities. A model should refuse nearly all images of another kind and
hardly any of its own. Rows go to ``results/gates.csv``.

CANCERAPY_DATA=~/data python tools/measure_gates.py
"""

import argparse
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from cancerapy.cancers import Cancer, list_cancers, load_cancer
from cancerapy.contract import Verdict
from cancerapy.data.manifest import build_manifest
from cancerapy.phantoms import draw_phantom
from cancerapy.runtime.models import Models
from cancerapy.settings import Settings, load_settings

COLUMNS = ("model", "images", "same_kind", "n", "rejected", "unsure", "most_frequent_reason")
RESULTS = Path(__file__).parents[1] / "results" / "gates.csv"


def image_sets(settings: Settings, n_most: int) -> Iterator[tuple[str, Cancer, list[bytes]]]:
    """Yield name, cancer and up to ``n_most`` images of every set at hand."""
    for cancer_id in list_cancers():
        cancer = load_cancer(cancer_id)
        yield (
            f"phantoms of {cancer_id}",
            cancer,
            [_phantom(cancer, seed) for seed in range(min(n_most, 20))],
        )
        for source in cancer.sources:
            if settings.data and (settings.data / source.folder).is_dir():
                manifest = build_manifest(cancer, source, settings.data, cache=settings.cache)
                spread = np.linspace(0, len(manifest.samples) - 1, n_most).astype(int)
                files = [manifest.root / manifest.samples[row].path for row in np.unique(spread)]
                yield source.folder, cancer, [file.read_bytes() for file in files]


def _phantom(cancer: Cancer, seed: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(draw_phantom(cancer.phantom, seed=seed, height=480, width=640)).save(
        buffer, "PNG"
    )
    return buffer.getvalue()


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="images of each set at most")
    parser.add_argument("--dry-run", action="store_true", help="write no rows")
    options = parser.parse_args()
    models = Models()
    rows = []
    for name, cancer, images in image_sets(load_settings(), options.n):
        for own in models.fields():
            predictor = models.predictor(own)
            answers = [predictor.predict(image, own) for image in images]
            verdicts = Counter(answer.verdict for answer in answers)
            reasons = Counter(
                reason.code
                for answer in answers
                if answer.verdict is Verdict.REJECTED
                for reason in answer.reasons
            )
            rows.append(
                (
                    predictor.fields.name,
                    name,
                    "yes" if own == cancer.id else "no",
                    len(images),
                    round(verdicts[Verdict.REJECTED] / len(images), 3),
                    round(verdicts[Verdict.UNSURE] / len(images), 3),
                    reasons.most_common(1)[0][0] if reasons else "",
                )
            )
            sys.stderr.write("\t".join(map(str, rows[-1])) + "\n")
    if not options.dry_run:
        with RESULTS.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
