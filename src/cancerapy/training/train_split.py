"""Train on one side of a split and predict the other."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cancerapy.arrays import Indices, Logits
from cancerapy.data.splits import Split, inner_part
from cancerapy.evaluation.predictions import ADDED, write_fold
from cancerapy.models.classifier import Classifier
from cancerapy.training.choices import Choices, write_choices
from cancerapy.training.curves import draw_curves
from cancerapy.training.decision import choose_offset, offset_row
from cancerapy.training.head_start import add_to_logits
from cancerapy.training.infer import inputs_from_pixels, inputs_from_views, predict_logits
from cancerapy.training.material import Material
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.stages import LAST_LAYERS, train_stages
from cancerapy.training.state import State
from cancerapy.training.stopwatch import Spent, Stopwatch


def train_side(
    material: Material, rows: Indices, run: RunFolder, *, chosen: Choices | None = None
) -> tuple[Classifier, Choices]:
    """Train on ``rows`` and leave history, curves and weights in the run's folder.

    A grouped inner part of ``rows`` chooses the epoch and the decision offset, unless they are
    given or the plan has no inner part.

    Args:
        material: Data set and plan.
        rows: The training side.
        run: Where to write.
        chosen: Choices made before, for the final fit on all rows.

    Returns:
        The classifier, its offset included, and what was chosen.
    """
    plan, network = material.plan, material.cancer.network
    stopwatch = Stopwatch()
    fit, inner = rows, rows[:0]
    if chosen is None and plan.inner_fraction:
        main = network.factors[0].name
        fit, inner = inner_part(material.manifest, rows, main, plan.inner_fraction, plan.seed)
    classifier = material.classifier()
    ends = train_stages(
        material, classifier, fit, inner, run.path, stop_at=chosen.epochs if chosen else 0
    )
    if chosen is None:
        alphas = {factor.name: 0.0 for factor in network.factors}
        if plan.tune_offset:
            logits = predict_rows(material, classifier, inner)
            labels = {f.name: material.manifest.labels(f.name)[inner] for f in network.factors}
            alphas = choose_offset(logits, labels, material.frequencies(fit), network)
        end = ends.get(LAST_LAYERS)
        offset = offset_row(alphas, material.frequencies(fit), network)
        chosen = Choices(end.best_epoch if end else 0, offset, alphas)
    add_to_logits(classifier, chosen.offset)
    _write(run, classifier, ends, chosen, stopwatch.read())
    return classifier, chosen


def run_split(material: Material, split: Split, run: RunFolder, predictions: Path) -> Choices:
    """Train on one side of ``split``, predict the other, write choices and predictions.

    Args:
        material: Data set and plan.
        split: Checked for leaks by its maker.
        run: Where the run's files go.
        predictions: The CSV file of this fold; written last, after what was chosen, so its
            presence says that the fold is finished. Added images go to a folder beside it.
    """
    classifier, chosen = train_side(material, split.train, run)
    write_choices(predictions.parent, predictions.stem, chosen)
    if split.added.size:
        file = predictions.parent / ADDED / predictions.name
        _predict(material, classifier, split.added, split.name, file)
    _predict(material, classifier, split.test, split.name, predictions)
    return chosen


def _predict(
    material: Material, classifier: Classifier, rows: Indices, fold: str, file: Path
) -> None:
    """Write the answers of a fold's network to some rows."""
    manifest, factors = material.manifest, material.cancer.network.factors
    write_fold(
        file,
        [manifest.samples[row].path for row in rows],
        manifest.groups[rows],
        fold,
        factors,
        {factor.name: manifest.labels(factor.name)[rows] for factor in factors},
        predict_rows(material, classifier, rows),
    )


def predict_rows(material: Material, classifier: Classifier, rows: Indices) -> Logits:
    """Return the logits (len(rows), L) of a trained classifier, from views if the plan has any."""
    plan, network = material.plan, material.cancer.network
    if plan.views:
        reads_means = material.reads_means
        model = classifier.head_of_means() if reads_means else classifier.upper(material.cached_cut)
        inputs = inputs_from_views(material.activations.views)
    else:
        model = classifier.full()
        inputs = inputs_from_pixels(material.pixels, plan.flips)
    return predict_logits(model, inputs, rows, network, flips=plan.flips)


def _write(
    run: RunFolder,
    classifier: Classifier,
    ends: Mapping[str, State],
    chosen: Choices,
    spent: Spent,
) -> None:
    history: list[dict[str, Any]] = [
        {"stage": stage, **row} for stage, end in ends.items() for row in end.history
    ]
    run.write_history(history)
    if history:
        draw_curves(history, run.path / "curves.png", run.path.name)
    run.write_weights(classifier.full())
    run.write_outcome(
        {
            "best_epoch": chosen.epochs,
            "alphas": dict(chosen.alphas),
            "offset": np.round(chosen.offset, 6).tolist(),
            "scaling": classifier.scaling,
            "variant": classifier.variant,
            "seconds": round(spent.wall_s, 1),
            "processor_seconds": round(spent.processor_s, 1),
        }
    )
