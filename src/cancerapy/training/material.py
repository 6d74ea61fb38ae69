"""Everything a run needs that does not depend on the split: pictures, activations, targets.

It is made once and shared by all folds. Pictures and activations do not depend on labels; cell
targets are made from the marked lesions, and class frequencies from the labels of given rows.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats, Images, Indices
from cancerapy.cancers import Cancer, Pooling
from cancerapy.data.cache import digest_of, open_decoded
from cancerapy.data.manifest import Manifest
from cancerapy.errors import PlanError
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.training.activations import Activations, ViewSpec, cache_activations
from cancerapy.training.class_weights import class_frequencies
from cancerapy.training.plan import Plan
from cancerapy.training.progress import RichDisplay
from cancerapy.training.targets import cell_targets
from cancerapy.training.teachers import Teachers


@dataclass(frozen=True)
class Material:
    """A data set made ready for a plan.

    Args:
        cancer: What is trained.
        plan: How.
        manifest: On what.
        cache_folder: Where decoded pictures and activations lie.
        weights_folder: Where starting weights are looked for.
        display: Shows the work.
        teachers: What a distilled final fit learns beside the labels.
    """

    cancer: Cancer
    plan: Plan
    manifest: Manifest
    cache_folder: Path
    weights_folder: Path | None
    display: RichDisplay
    teachers: Teachers | None = None

    def classifier(self, *, seed: int | None = None) -> Classifier:
        """Build the classifier with its starting weights."""
        return build_classifier(
            self.plan.backbone,
            self.cancer.network,
            (self.plan.height, self.plan.width),
            weights=self.plan.weights,
            weights_folder=self.weights_folder,
            read_layers=self.plan.read_layers,
            spread_parts=self.plan.spread_parts,
            dropout=self.plan.dropout,
            seed=self.plan.seed if seed is None else seed,
        )

    @cached_property
    def cut(self) -> str | None:
        """The last frozen layer of stage two; ``None``: all layers are trained."""
        if self.plan.freeze_to == "none":
            return None
        return self.plan.freeze_to or self.classifier().default_cut or None

    @property
    def cached_cut(self) -> str:
        """The freezing point whose activations are cached.

        Raises:
            PlanError: Nothing is frozen, so nothing could be cached.
        """
        if self.cut is None:
            raise PlanError(
                f"Cached activations (views) need a freezing point, and {self.plan.backbone} has "
                "none in this plan. Name a layer with freeze_to, or set views to 0.",
                field="freeze_to",
            )
        return self.cut

    @cached_property
    def pixels(self) -> Images:
        """(N, H, W, 3) decoded pictures."""
        return self._decoded[0]

    @cached_property
    def geometry(self) -> Floats:
        """(N, 4) where each prepared picture lies in its original, see ``cell_targets``."""
        return self._decoded[1]

    @cached_property
    def _decoded(self) -> tuple[Images, Floats]:
        return open_decoded(
            self.manifest,
            self.plan.input_spec(self.cancer),
            self.cache_folder,
            progress=lambda done, total: self.display.step("decoding", done, total),
        )

    @cached_property
    def activations(self) -> Activations:
        """Activations of all views; with no views in the plan, of the untouched pictures."""
        plan = self.plan
        flips = plan.flips if plan.views else "none"
        spec = ViewSpec(
            max(1, plan.views), flips, plan.random_changes, plan.augmentation_strength, plan.seed
        )
        classifier = self.classifier()
        return cache_activations(
            classifier,
            self.cached_cut if plan.views else classifier.backbone.layers[-1].name,
            self.pixels,
            spec,
            self.cache_folder,
            key=digest_of(self.manifest.content_digest, repr(plan.input_spec(self.cancer))),
            progress=self.display.step,
            averaged=self.reads_means,
        )

    @cached_property
    def reads_means(self) -> bool:
        """Whether the mean of each map is all that is kept of it: nothing else is ever asked of it.

        That is so where no layer above the freezing point is left, the head is not trained from
        maps, and every factor is pooled by its mean. A thousandth of the room is then enough.
        """
        plan, factors = self.plan, self.cancer.network.factors
        return bool(
            plan.views
            and not plan.epochs
            and not plan.cell_loss
            and all(factor.pooling is Pooling.MEAN for factor in factors)
            and self.cached_cut == self.classifier().backbone.layers[-1].name
        )

    @cached_property
    def pooled_views(self) -> list[NDArray[np.floating]]:
        """Pooled features (N, D) of the views under the starting weights, for the head alone.

        Of all views where nothing lies above the freezing point, so that they need only be
        averaged; else of the untouched pictures alone.
        """
        activations = self.activations
        first = np.asarray(activations.embedding, np.float32)
        if not self.plan.views or self.cached_cut != self.classifier().backbone.layers[-1].name:
            return [first]
        others = activations.views[1:]
        pooled = []
        for number, view in enumerate(others, 2):
            rows: list[NDArray[np.floating]] = []
            if self.reads_means:
                pooled.append(np.asarray(view[:, 0, 0], np.float32))
                continue
            for done, cells in enumerate(view, 1):
                rows.append(cells.mean(axis=(0, 1), dtype=np.float32))
                self.display.step(f"pooling view {number} of {self.plan.views}", done, len(view))
            pooled.append(np.stack(rows))
        return [first, *pooled]

    @cached_property
    def cells(self) -> list[NDArray[np.float16]] | None:
        """Cell targets by view; ``None`` if the plan does not use them."""
        if not (self.plan.cell_loss and self.plan.views):
            return None
        height, width = self.classifier().head.output["cam"].shape[1:3]
        return [
            cell_targets(
                self.manifest,
                self.cancer.network,
                map_shape=(height, width),
                input_shape=(self.plan.height, self.plan.width),
                geometry=self.geometry,
                matrices=matrices,
            )
            for matrices in self.activations.matrices
        ]

    def frequencies(self, rows: Indices) -> dict[str, Floats]:
        """Return the share of each value among ``rows``, by factor."""
        return {
            factor.name: class_frequencies(
                self.manifest.labels(factor.name)[rows], len(factor.values)
            )
            for factor in self.cancer.network.factors
        }
