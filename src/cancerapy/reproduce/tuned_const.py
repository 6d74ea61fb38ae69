"""A part that tunes the constant of equation 1 inside every training side."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cancerapy.arrays import Indices
from cancerapy.atomic import write_atomically
from cancerapy.cancers import Cancer
from cancerapy.data.splits import Split, inner_part
from cancerapy.evaluation.discrimination import sensitivity_per_class
from cancerapy.evaluation.measure import Figure
from cancerapy.reproduce._spec import Context, CurveRow, Yield
from cancerapy.reproduce.trained import TrainedPart, keep_few, measure_part

if TYPE_CHECKING:
    from cancerapy.training.material import Material
    from cancerapy.training.run_folder import RunFolder

CONSTS = (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.43)
"""The constants that are tried; the weight of the most frequent class stays positive."""

CHOSEN = "chosen_const"
"""Metric: the mean over the folds of the constants chosen."""

INNER = 0.2
"""Grouped part of a training side that the constant is chosen on."""


@dataclass(frozen=True, slots=True)
class TunedConstPart:
    """Class weights whose constant makes the sensitivities of the classes come closest.

    In every fold the training side alone chooses: each constant is trained on four fifths of its
    groups and judged on the fifth by the largest minus the smallest sensitivity. The fold is then
    trained on its whole side with the constant chosen.

    Args:
        name: What is set, in words.
        base: The part with class weights and no constant.
    """

    name: str
    base: TrainedPart

    @property
    def protocol(self) -> str:
        """How the images are divided."""
        return self.base.protocol

    @property
    def folds(self) -> tuple[str, ...]:
        """None by name: all of the protocol are trained."""
        return ()

    def load_cancer(self) -> Cancer:
        """Return the cancer that is trained."""
        return self.base.load_cancer()

    def predictions(self, context: Context) -> Path:
        """Return the folder of this part's predictions."""
        return replace(self.base, name=self.name).predictions(context)

    def run(self, context: Context) -> Yield:
        """Search and train every fold that is missing, and measure all of them."""
        # Keras comes with these: listing the experiments does not wait for it.
        from cancerapy.training.cross_validation import begin_folds, make_splits
        from cancerapy.training.session import open_material

        cancer = self.load_cancer()
        plan = self.base.resolve_plan(context.plans, quick=context.quick)
        folder = self.predictions(context)
        curves: list[CurveRow] = []
        with open_material(cancer, plan, context.settings) as material:
            if context.quick:
                material = replace(material, manifest=keep_few(material.manifest))
            main = cancer.network.factors[0].name
            splits = make_splits(material.manifest, main, self.protocol, plan.seed)
            begin_folds(folder, material, self.protocol, splits)
            for split in splits:
                material.display.title = f"{cancer.id} {split.name}"
                curves += _train_fold(material, split, folder)
        chosen = [float(row["const"]) for row in curves if row["chosen"]]
        mean = Figure(CHOSEN, float(np.mean(chosen)), float("nan"), float("nan"))
        return Yield(measure_part(self, context, [mean]), curves)


def _train_fold(material: "Material", split: Split, folder: Path) -> list[CurveRow]:
    """Return the search's curve of a fold, which is trained with what was chosen."""
    from cancerapy.training.run_folder import RunFolder
    from cancerapy.training.train_split import run_split

    searched, predicted = (folder / f"{split.name}.{end}" for end in ("search.json", "csv"))
    curve: list[CurveRow] = []
    if searched.is_file():
        curve = json.loads(searched.read_text(encoding="utf-8"))
    if [row["const"] for row in curve] != list(CONSTS):  # none, or one of other constants
        predicted.unlink(missing_ok=True)
        curve = _search(material, split, folder)
        write_atomically(searched, json.dumps(curve, indent=2) + "\n")
    if not predicted.is_file():
        (const,) = (float(row["const"]) for row in curve if row["chosen"])
        own = _with_const(material, const)
        run_split(own, split, RunFolder(folder / "runs" / split.name), predicted)
    return curve


def _search(material: "Material", split: Split, folder: Path) -> list[CurveRow]:
    from cancerapy.training.run_folder import RunFolder

    factor = material.cancer.network.factors[0]
    fit, inner = inner_part(material.manifest, split.train, factor.name, INNER, material.plan.seed)
    found = []
    for const in CONSTS:
        run = RunFolder(folder / "runs" / f"{split.name}-search-{const}")
        sensitivities = _sensitivities(_with_const(material, const), fit, inner, run)
        found.append(dict(zip(factor.values, sensitivities, strict=True)))
    spread = [max(one.values()) - min(one.values()) for one in found]
    best = int(np.argmin(spread))
    return [
        {"fold": split.name, "const": const, **one, "spread": gap, "chosen": float(number == best)}
        for number, (const, one, gap) in enumerate(zip(CONSTS, found, spread, strict=True))
    ]


def _sensitivities(
    material: "Material", fit: Indices, inner: Indices, run: "RunFolder"
) -> list[float]:
    """Return the sensitivity of each class on the inner part, trained on the rest."""
    from cancerapy.training.train_split import predict_rows, train_side

    network = material.cancer.network
    factor = network.factors[0]
    classifier, _ = train_side(material, fit, run)
    logits = predict_rows(material, classifier, inner)
    guess = logits[:, network.slices[factor.name]].argmax(axis=1)
    truth = material.manifest.labels(factor.name)[inner]
    return [float(v) for v in sensitivity_per_class(truth, guess, len(factor.values))]


def _with_const(material: "Material", const: float) -> "Material":
    """Return the same material, its cached parts included, with another constant."""
    own = replace(material, plan=replace(material.plan, class_weight_const=const))
    for name in ("activations", "pooled_views", "_decoded"):
        own.__dict__[name] = getattr(material, name)
    return own
