"""What is learnt from more and more images, and on which test side it is measured."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Indices
from cancerapy.cancers import Cancer, load_cancer
from cancerapy.data.splits import Split
from cancerapy.data.subsets import growing_order, take

if TYPE_CHECKING:
    from cancerapy.training.material import Material

ALL = "all"
"""The size of all images."""


@dataclass(frozen=True, slots=True)
class Field:
    """What is learnt, and on which side of which split it is measured.

    Args:
        cancer: Id of the cancer, or the cancer itself.
        task: Task whose figures are measured; its classes are values of the main factor.
        metric: The figure that the curve shows.
        protocol: Protocol of the cross-validation.
        folds: Folds that are measured, together; empty: all.
        whole_groups: Draw whole groups to learn from; false where there are too few to draw.
        first: The smallest number of images to learn from.
    """

    cancer: str | Cancer
    task: str
    metric: str
    protocol: str = "grouped-5"
    folds: tuple[str, ...] = ()
    whole_groups: bool = True
    first: int = 60

    def load_cancer(self) -> Cancer:
        """Return the cancer."""
        return load_cancer(self.cancer) if isinstance(self.cancer, str) else self.cancer

    def splits(self, material: "Material") -> list[Split]:
        """Return the splits that are measured, without training rows of unknown class."""
        # Keras comes with it: listing the experiments does not wait for it.
        from cancerapy.training.cross_validation import make_splits

        factor = material.cancer.network.factors[0].name
        made = make_splits(material.manifest, factor, self.protocol, material.plan.seed)
        known = material.manifest.labels(factor) >= 0
        return [
            replace(split, train=split.train[known[split.train]])
            for split in made
            if not self.folds or split.name in self.folds
        ]

    def subset(self, material: "Material", rows: Indices, size: int | str, draw: int) -> Indices:
        """Return ``size`` of the rows, as draw number ``draw`` has them."""
        if size == ALL:
            return rows
        manifest = material.manifest
        labels = manifest.labels(material.cancer.network.factors[0].name)[rows]
        units: NDArray[np.str_] = manifest.groups[rows] if self.whole_groups else rows.astype(str)
        return rows[take(growing_order(labels, units, draw), units, int(size))]
