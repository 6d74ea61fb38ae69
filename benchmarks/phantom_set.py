"""A data set of phantoms on disk, a folder per class, drawn for a benchmark and thrown away."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from cancerapy.cancers import load_cancer
from cancerapy.data.manifest import Manifest
from cancerapy.layouts.sample import Sample
from cancerapy.phantoms import draw_phantom

HEIGHT_PX, WIDTH_PX = 450, 600


@contextmanager
def phantom_set(cancer_id: str, n_images: int) -> Iterator[Manifest]:
    """Draw JPEGs of 600 x 450 px, the classes in turn; yield their manifest.

    Args:
        cancer_id: Whose phantoms and classes.
        n_images: How many.
    """
    cancer = load_cancer(cancer_id)
    factor = cancer.network.factors[0]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "images"
        samples, digests = [], []
        for number in range(n_images):
            value = factor.values[number % len(factor.values)]
            sample = Sample(f"{value}/{number}.jpg", {factor.name: value}, group=str(number))
            path = sample.at(root)
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = draw_phantom(
                cancer.phantom, seed=number, height=HEIGHT_PX, width=WIDTH_PX, value=value
            )
            Image.fromarray(pixels).save(path, quality=92)
            samples.append(sample)
            digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
        yield Manifest(
            cancer=cancer.id,
            source="phantoms",
            root=root,
            samples=tuple(samples),
            sha256=tuple(digests),
            groups=np.array([sample.group for sample in samples]),
            factors={f.name: f.values for f in cancer.network.factors},
        )
