"""Parts that measure learning curves: the same test side, more and more images to learn from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cancerapy.atomic import write_atomically
from cancerapy.bundle.schema import FactorFields
from cancerapy.data.cache import digest_of
from cancerapy.data.splits import Split
from cancerapy.data.subsets import training_sizes
from cancerapy.errors import DataError
from cancerapy.evaluation.calibrated import calibrated_probabilities
from cancerapy.evaluation.contrasts import Measured, Terms, combine
from cancerapy.evaluation.outcome import Outcome, build_outcome
from cancerapy.evaluation.predictions import read_predictions, write_fold
from cancerapy.evaluation.rows import Origin, Row, rows_of
from cancerapy.reproduce._spec import Context, CurveRow, Yield
from cancerapy.reproduce.growing_field import ALL, Field
from cancerapy.reproduce.learners import Learner, Lesson
from cancerapy.reproduce.trained import PLANS, keep_few
from cancerapy.training.plan import Plan, read_plan, resolve_plan

if TYPE_CHECKING:
    from cancerapy.training.material import Material

METRICS = ("balanced_accuracy", "accuracy", "malignancy_auc")
N_DRAWS = 3
"""Draws of the images to learn from, at every size below all."""

_SMALL = 1 / 3
"""Share of all images that the size which the growth is measured from has at most."""

_RECORD = "made-from.json"


def size_name(part: str, size: int | str) -> str:
    """Return how the rows of a part at one size are called; at all images, as the part."""
    return part if size == ALL else f"{part}, {size} images"


def growth_name(part: str, size: int | str) -> str:
    """Return how the row of a part's growth from one size to all images is called."""
    return f"{part}, growth from {size} images"


@dataclass(frozen=True, slots=True)
class LearningCurvePart:
    """One way to learn, measured at every size.

    Every draw at every size of every fold leaves its predictions, so that an interrupted run goes
    on where it was.

    Args:
        field: What is learnt.
        learner: How.
    """

    field: Field
    learner: Learner

    @property
    def name(self) -> str:
        """Cancer and way to learn."""
        return f"{self.field.load_cancer().id}, {self.learner.name}"

    def run(self, context: Context) -> Yield:
        """Learn and answer what is missing, and measure all of it."""
        from cancerapy.training.session import open_material

        with open_material(
            self.field.load_cancer(), self._plan(context), context.settings
        ) as material:
            if context.quick:
                material = replace(material, manifest=keep_few(material.manifest))
            splits = self.field.splits(material)
            n_images = min(len(split.train) for split in splits)
            sizes = training_sizes(n_images, self.field.first)
            folder = self._begin(context, material, splits, _start(sizes, n_images))
            counts = self._learn(material, splits, [*sizes, ALL], folder)
        measured = self.measure(context)
        return Yield(self._rows(context, measured), self._curve(measured, counts))

    def measure(self, context: Context) -> dict[int | str, Measured]:
        """Measure the predictions that are there, by size, all images last.

        Raises:
            DataError: The part was not run.
        """
        folder = self._folder(context)
        numbers = sorted(int(own.name) for own in folder.iterdir() if own.name.isdigit())
        sizes: list[int | str] = [*numbers, ALL]
        return {
            size: Measured.of(self._outcome(own) for own in sorted((folder / str(size)).iterdir()))
            for size in sizes
        }

    def origin(self, context: Context) -> Origin:
        """Return what the figures of this part were measured on."""
        made = self._record(context)
        outcome = self._outcome(next(iter((self._folder(context) / ALL).iterdir())))
        return Origin(
            task=self.field.task,
            protocol=context.protocol(self.field.protocol),
            leaking="",
            model=self.name,
            plan=made["plan"] if self.learner.plan else "",
            manifest=made["manifest"],
            split=made["split"],
            seed=made["seed"],
            groups=outcome.n_groups,
            n=len(outcome),
            size="",
            command=context.command,
        )

    def _plan(self, context: Context) -> Plan:
        cancer = self.field.load_cancer()
        own = self.learner.plan
        return resolve_plan(cancer, read_plan(context.plans / PLANS / own) if own else {})

    def _place(self, context: Context) -> Path:
        return context.folder(self.name)

    def _begin(
        self, context: Context, material: "Material", splits: Sequence[Split], start: int | str
    ) -> Path:
        """Note what is learnt from; work of other data or another plan is left aside."""
        from cancerapy.training.cross_validation import split_digest

        plan, manifest = material.plan, material.manifest
        own = {
            "manifest": manifest.digest,
            "plan": plan.digest,
            "split": split_digest(list(splits)),
            "seed": str(plan.seed),
            "growth_from": start,
        }
        write_atomically(self._place(context) / _RECORD, json.dumps(own, indent=2) + "\n")
        return self._folder(context)

    def _record(self, context: Context) -> dict[str, Any]:
        file = self._place(context) / _RECORD
        if not file.is_file():
            raise DataError(
                f"Comparing needs the predictions of '{self.name}' in {file.parent}; there are "
                f"none. Run 'cancerapy reproduce {context.experiment} --again' to make them."
            )
        return dict(json.loads(file.read_text(encoding="utf-8")))

    def _folder(self, context: Context) -> Path:
        return self._place(context) / digest_of(self._record(context))

    def _learn(
        self,
        material: "Material",
        splits: Sequence[Split],
        sizes: Sequence[int | str],
        folder: Path,
    ) -> dict[int | str, float]:
        """Write the predictions that are missing; return the mean number of images by size."""
        features = self.learner.read_features(material)
        jobs = [
            (size, draw, split)
            for size in sizes
            for draw in range(1 if size == ALL else N_DRAWS)
            for split in splits
        ]
        found: dict[int | str, list[int]] = {}
        for done, (size, draw, split) in enumerate(jobs, 1):
            rows = self.field.subset(material, split.train, size, draw)
            found.setdefault(size, []).append(len(rows))
            file = folder / str(size) / f"draw-{draw + 1}" / f"{split.name}.csv"
            if not file.is_file():
                lesson = Lesson(material, features, rows, split.test)
                _write(file, lesson, split.name, self.learner)
            material.display.step(f"{self.name}, {size} images", done, len(jobs))
        return {size: float(np.mean(own)) for size, own in found.items()}

    def _outcome(self, folder: Path) -> Outcome:
        predicted = read_predictions(folder)
        factors = [FactorFields(f.name, f.values, 1.0) for f in predicted.network.factors]
        task = self.field.load_cancer().task(self.field.task)
        return build_outcome(predicted, task, calibrated_probabilities(predicted, factors, task))

    def growth(
        self, context: Context, name: str, measured: Mapping[int | str, Measured]
    ) -> dict[str, Terms]:
        """Return the terms of all images minus a good part fewer, by the name of their row."""
        start = self._record(context)["growth_from"]
        if start == ALL:
            return {}
        return {growth_name(name, start): [(1, measured[ALL]), (-1, measured[start])]}

    def _rows(self, context: Context, measured: Mapping[int | str, Measured]) -> list[Row]:
        terms: dict[str, Terms] = {
            size_name(self.name, size): [(1, own)] for size, own in measured.items()
        }
        terms |= self.growth(context, self.name, measured)
        return rows_of_terms(self, context, terms)

    def _curve(
        self, measured: Mapping[int | str, Measured], counts: Mapping[int | str, float]
    ) -> list[CurveRow]:
        return [
            {
                "fold": f"draw-{draw}",
                "stage": self.learner.name,
                "epoch": counts[size],
                **{metric: figures[metric][0] for metric in METRICS if metric in figures},
            }
            for size, own in measured.items()
            for draw, figures in enumerate(own.drawn, 1)
        ]


def rows_of_terms(
    part: LearningCurvePart, context: Context, terms: Mapping[str, Terms]
) -> list[Row]:
    """Return the rows of sums of figures by the name that ``model`` has."""
    origin = part.origin(context)
    return [
        row
        for name, own in terms.items()
        for row in rows_of(replace(origin, model=name), combine(own, METRICS))
    ]


def _start(sizes: Sequence[int], n_images: int) -> int | str:
    """Return the size that the growth is measured from."""
    small = [size for size in sizes if size <= _SMALL * n_images]
    return small[-1] if small else ALL


def _write(file: Path, lesson: Lesson, fold: str, learner: Learner) -> None:
    manifest, factor = lesson.material.manifest, lesson.factor
    write_fold(
        file,
        [manifest.samples[row].path for row in lesson.test],
        manifest.groups[lesson.test],
        fold,
        [factor],
        {factor.name: manifest.labels(factor.name)[lesson.test]},
        learner.answer(lesson),
    )
