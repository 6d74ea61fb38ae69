"""The two stages: a head on the frozen backbone, then the last layers as well."""

from collections.abc import Callable, Iterable
from pathlib import Path

import keras
import numpy as np

from cancerapy.arrays import Floats, Indices
from cancerapy.data.cache import digest_of
from cancerapy.models.classifier import Classifier
from cancerapy.models.head import build_head
from cancerapy.models.weights_files import IMAGENET, NONE
from cancerapy.training.class_weights import class_frequencies, class_weights
from cancerapy.training.decision import main_figures, rank_network
from cancerapy.training.fit import Stage, fit_stage
from cancerapy.training.head_start import start_head
from cancerapy.training.infer import (
    Inputs,
    inputs_from_pixels,
    inputs_from_views,
    predict_logits,
)
from cancerapy.training.losses import CellCrossEntropy, FactorCrossEntropy
from cancerapy.training.main_accuracy import MainAccuracy
from cancerapy.training.material import Material
from cancerapy.training.optimizers import build_head_optimizer, build_optimizer
from cancerapy.training.plan import Plan
from cancerapy.training.sources import PixelSource, Sampling, Source, ViewSource
from cancerapy.training.starting_weights import weights_digest
from cancerapy.training.state import State
from cancerapy.training.targets import image_targets, soft_answers

HEAD, LAST_LAYERS = "head", "last layers"
"""The stages by name, in histories and on the screen."""


def train_stages(
    material: Material,
    classifier: Classifier,
    rows: Indices,
    inner: Indices,
    folder: Path,
    *,
    stop_at: int = 0,
) -> dict[str, State]:
    """Train ``classifier`` through both stages.

    Args:
        material: The data set and the plan.
        classifier: With its starting weights; trained in place.
        rows: Training side.
        inner: Grouped part of it that judges the epochs and is not trained on; may be empty.
        folder: Where the states of unfinished stages are kept.
        stop_at: End stage two after so many epochs; 0: all of them.

    Returns:
        The ends of the stages that had an epoch, by name (``"head"``, ``"last layers"``).
    """
    plan = material.plan
    ends = {}
    if plan.head_start != "random":
        start_head(material, classifier, rows)
    if plan.head_epochs:
        ends[HEAD] = _train_head(material, classifier, rows, inner, folder / "stage-1.npz")
    if plan.epochs:
        ends[LAST_LAYERS] = _train_last_layers(material, classifier, rows, inner, folder, stop_at)
    return ends


def data_digest(material: Material, rows: Indices, inner: Indices, stop_at: int) -> str:
    """Return a digest of what a state belongs to: data set, sides, plan (epochs) and end.

    Of starting weights from a named file its content counts too: the plan knows its name alone.
    """
    plan = material.plan
    parts = (material.manifest.digest, plan.digest, rows.tolist(), inner.tolist(), stop_at)
    if plan.weights in (IMAGENET, NONE):
        return digest_of(*parts)
    return digest_of(*parts, weights_digest(plan, material.weights_folder))


def _train_head(
    material: Material, classifier: Classifier, rows: Indices, inner: Indices, state_file: Path
) -> State:
    """Stage one on cached pooled features, where every pooling of the map is its mean."""
    plan, network = material.plan, material.cancer.network
    views = [np.asarray(view)[:, None, None, :] for view in material.pooled_views]
    head = build_head(views[0].shape[1:], network, dropout=plan.dropout, seed=plan.seed)
    head.set_weights(classifier.head.get_weights())
    trained = _only(head, ["logits"])
    trained.compile(
        build_head_optimizer(plan),
        loss=_losses(material, rows, with_cells=False),
        metrics={"logits": [MainAccuracy(network)]},
    )
    source = ViewSource(_sampling(material, rows), _targets(material, rows), views)
    inputs = inputs_from_views(views)
    stage = Stage(
        plan.head_epochs,
        patience=plan.patience,
        score=_score(material, head, inputs, inner),
        data=data_digest(material, rows, inner, 0),
        name=HEAD,
    )
    state = fit_stage(trained, source, stage, state_file, material.display)
    classifier.head.set_weights(head.get_weights())
    return state


def _train_last_layers(
    material: Material,
    classifier: Classifier,
    rows: Indices,
    inner: Indices,
    folder: Path,
    stop_at: int,
) -> State:
    plan = material.plan
    classifier.set_trainable_above(material.cut)
    source: Source
    if plan.views:
        model = classifier.upper(material.cached_cut)
        views = material.activations.views
        source = ViewSource(
            _sampling(material, rows), _targets(material, rows), views, material.cells
        )
        inputs = inputs_from_views(views)
    else:
        model = classifier.full()
        source = PixelSource(
            _sampling(material, rows),
            _targets(material, rows),
            material.pixels,
            plan.random_changes,
            plan.augmentation_strength,
        )
        inputs = inputs_from_pixels(material.pixels, plan.flips)
    with_cells = bool(plan.views) and material.cells is not None
    losses = _losses(material, rows, with_cells=with_cells)
    trained = _only(model, losses)
    trained.compile(
        build_optimizer(plan, len(source)),
        loss=losses,
        loss_weights={"logits": 1.0, **({"cam": plan.cell_loss} if with_cells else {})},
        metrics={"logits": [MainAccuracy(material.cancer.network)]},
    )
    stage = Stage(
        plan.epochs,
        stop_at=stop_at,
        patience=plan.patience,
        score=_score(material, model, inputs, inner),
        data=data_digest(material, rows, inner, stop_at),
        name=LAST_LAYERS,
    )
    return fit_stage(trained, source, stage, folder / "stage-2.npz", material.display)


def _only(model: keras.Model, outputs: Iterable[str]) -> keras.Model:
    """Return the model with these of its outputs: Keras measures none that has no target."""
    return keras.Model(model.input, {name: model.output[name] for name in outputs})


def _sampling(material: Material, rows: Indices) -> Sampling:
    plan: Plan = material.plan
    main = material.cancer.network.factors[0].name
    return Sampling(
        rows,
        material.manifest.labels(main),
        plan.sampling,
        plan.batch_size,
        plan.mixup,
        plan.seed,
    )


def _targets(material: Material, rows: Indices) -> np.ndarray:
    plan, network = material.plan, material.cancer.network
    weights = None
    if plan.class_weight:
        weights = {
            factor.name: class_weights(
                material.manifest.labels(factor.name)[rows],
                len(factor.values),
                plan.class_weight_const,
            )
            for factor in network.factors
        }
    answers = None
    if material.teachers is not None:
        # The loss compares with logits that are adjusted, so that those served equal the teachers'.
        answers = soft_answers(material.teachers.logits + _adjustment(material, rows), network)
    return image_targets(
        material.manifest,
        network,
        smoothing=plan.label_smoothing,
        weights=weights,
        answers=answers,
        share=plan.teacher_weight,
    )


def _adjustment(material: Material, rows: Indices) -> Floats:
    """Return (L,) what the loss adds to the logits."""
    plan, network = material.plan, material.cancer.network
    main = network.factors[0]
    labels = material.manifest.labels(main.name)[rows]
    frequencies = material.frequencies(rows)
    frequencies[main.name] = class_frequencies(labels, len(main.values), plan.sampling)
    log_prior = np.concatenate([np.log(frequencies[f.name]) for f in network.factors])
    return plan.logit_adjustment * log_prior


def _losses(material: Material, rows: Indices, *, with_cells: bool) -> dict[str, keras.losses.Loss]:
    plan, network = material.plan, material.cancer.network
    losses: dict[str, keras.losses.Loss] = {
        "logits": FactorCrossEntropy(
            network, _adjustment(material, rows), focal_gamma=plan.focal_gamma
        )
    }
    if with_cells:
        losses["cam"] = CellCrossEntropy(network, plan.cell_positive_weight)
    return losses


def _score(
    material: Material, model: keras.Model, inputs: Inputs, inner: Indices
) -> Callable[[], dict[str, float]] | None:
    if not len(inner):
        return None
    network = material.cancer.network
    labels = {f.name: material.manifest.labels(f.name)[inner] for f in network.factors}

    def score() -> dict[str, float]:
        logits = predict_logits(model, inputs, inner, network)
        return {
            "score": rank_network(logits, labels, network),
            **main_figures(logits, labels, network),
        }

    return score
