"""Batches for the epoch loop: from cached views of activations, or from pixels augmented anew.

All randomness of a batch comes from (seed, epoch, batch), so an epoch that is repeated after an
interruption is the same to the bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Images, Indices, Logits
from cancerapy.data.augment import augment_image
from cancerapy.training.class_weights import resample


@dataclass(frozen=True)
class Sampling:
    """How an epoch's images are drawn.

    Args:
        rows: Rows of the training side.
        labels: (N,) labels of the main factor, for over- and under-sampling.
        method: ``"none"``, ``"over"``, ``"under"`` or ``"sqrt"``, see ``class_weights.resample``.
        batch_size: Images in a step.
        mixup: Beta parameter of mixing pairs of a batch; 0 mixes none.
        seed: Seed of the order and of mixing.
    """

    rows: Indices
    labels: NDArray[np.int64]
    method: str = "none"
    batch_size: int = 32
    mixup: float = 0.0
    seed: int = 0


class Source(keras.utils.PyDataset):  # type: ignore[misc]  # Keras is untyped
    """Batches of one epoch after another; a subclass says what the inputs of a batch are.

    Args:
        sampling: How images are drawn.
        targets: (N, L) target rows of all images.
    """

    def __init__(self, sampling: Sampling, targets: Logits) -> None:
        super().__init__()
        self.sampling = sampling
        self.targets = targets
        self.begin(0)

    def begin(self, epoch: int) -> None:
        """Draw and order the images of ``epoch``."""
        self.epoch = epoch
        rng = np.random.default_rng([self.sampling.seed, epoch])
        rows = resample(self.sampling.rows, self.sampling.labels, self.sampling.method, rng)
        self.order = rng.permutation(rows)

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return -(-len(self.order) // self.sampling.batch_size)

    def __getitem__(self, index: int) -> tuple[Any, dict[str, Any]]:
        """Return inputs and targets by output name of batch ``index``."""
        size = self.sampling.batch_size
        rows = self.order[index * size : (index + 1) * size]
        rng = np.random.default_rng([self.sampling.seed, self.epoch, index])
        inputs, cells = self.inputs(rows, rng)
        outputs = {"logits": self.targets[rows]}
        if cells is not None:
            outputs["cam"] = cells
        if not self.sampling.mixup:
            return inputs, outputs
        share = rng.beta(self.sampling.mixup, self.sampling.mixup, len(rows))
        partner = rng.permutation(len(rows))
        mixed = {name: _mix(value, partner, share) for name, value in outputs.items()}
        return _mix(inputs, partner, share), mixed

    def inputs(self, rows: Indices, rng: np.random.Generator) -> tuple[Any, Any]:
        """Return the inputs of ``rows`` and their cell targets (or ``None``)."""
        raise NotImplementedError


def _mix(values: Any, partner: Indices, share: NDArray[np.float64]) -> Any:
    share = share.reshape(-1, *[1] * (values.ndim - 1)).astype(np.float32)
    return share * values + (1 - share) * values[partner]


class ViewSource(Source):
    """Inputs from cached views; each image comes in a view drawn anew in every epoch.

    Args:
        sampling: How images are drawn.
        targets: (N, L) target rows.
        views: Arrays (N, ...) of activations or features, one a view.
        cells: By view, cell targets (N, h, w, L + 1); ``None`` for none.
    """

    def __init__(
        self,
        sampling: Sampling,
        targets: Logits,
        views: Sequence[np.ndarray],
        cells: Sequence[np.ndarray] | None = None,
    ) -> None:
        self.views = views
        self.cells = cells
        super().__init__(sampling, targets)

    def inputs(self, rows: Indices, rng: np.random.Generator) -> tuple[Any, Any]:
        """Return activations float32 (B, ...) and cell targets."""
        drawn = rng.integers(len(self.views), size=len(rows))
        pairs = list(zip(drawn, rows, strict=True))
        inputs = np.stack([self.views[view][row] for view, row in pairs]).astype(np.float32)
        if self.cells is None:
            return inputs, None
        cells = np.stack([self.cells[view][row] for view, row in pairs])
        return inputs, cells.astype(np.float32)


class PixelSource(Source):
    """Inputs from decoded pictures, augmented anew in every epoch.

    Args:
        sampling: How images are drawn.
        targets: (N, L) target rows.
        pixels: (N, H, W, 3) decoded pictures.
        augmentation: Names of the random changes.
        strength: Factor on their ranges.
    """

    def __init__(
        self,
        sampling: Sampling,
        targets: Logits,
        pixels: Images,
        augmentation: Sequence[str] = (),
        strength: float = 1.0,
    ) -> None:
        self.pixels = pixels
        self.augmentation = augmentation
        self.strength = strength
        super().__init__(sampling, targets)

    def inputs(self, rows: Indices, rng: np.random.Generator) -> tuple[Any, Any]:
        """Return pictures uint8 (B, H, W, 3)."""
        pictures = [
            augment_image(
                np.asarray(self.pixels[row]), self.augmentation, rng, strength=self.strength
            ).image
            for row in rows
        ]
        return np.stack(pictures), None
