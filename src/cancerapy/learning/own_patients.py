"""What a model says of the clinic's own collected patients, never having learnt from them.

Of a patient that a model learnt from, the answers of its cross-validation are taken, by the
network that left the patient out (``fixed_splits``). Of any other patient the served graph itself
is asked: the shipped model knows none of the clinic's, a later one not those who came since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from cancerapy.bundle.store import Bundle
from cancerapy.cancers import Cancer
from cancerapy.data.progress import Progress, silent
from cancerapy.evaluation.calibrated import Calibrated, apply_calibration, join_calibrated
from cancerapy.evaluation.calibration import cross_fitted_parts
from cancerapy.evaluation.external import calibration_of, predict_files
from cancerapy.evaluation.predictions import UNKNOWN, OutOfFold
from cancerapy.learning.learnt import Learnt
from cancerapy.learning.versions import Case
from cancerapy.records.image_store import ImageStore

Answers = Mapping[str, Calibrated]
"""By task, images named by their digests, groups by the patients' ids."""

SERVED = "served"
"""Stands for the fold of what the served graph answered."""


def answers_to_own(
    bundle: Bundle,
    cancer: Cancer,
    cases: Sequence[Case],
    learnt: Learnt,
    predictions: tuple[OutOfFold, OutOfFold | None],
    images: ImageStore,
    *,
    progress: Progress = silent,
) -> Answers:
    """Return a model's answers to those of the cases that it can be judged on.

    Images of a patient that it learnt from, which no network of its cross-validation left out, are
    not among them.

    Args:
        bundle: The model.
        cancer: Its cancer.
        cases: Collected images.
        learnt: What it learnt from.
        predictions: Its out-of-fold predictions of the shipped data, and those of added images.
        images: Holds the files.
        progress: Told of each image that the graph is asked about.

    Raises:
        ImageError: An image cannot be read.
    """
    parts: list[Answers] = []
    known = {case.sha256: case for case in cases}
    shipped, added = predictions
    kept: set[str] = set()
    if added is not None:
        named = _named_by_case(added, known)
        rows = np.isin(named.images, list(known))
        kept = set(named.images[rows].tolist())
        folds = cross_fitted_parts(shipped, named, cancer)[1]
        parts.append({task: _only(answers, kept) for task, answers in folds.items()})
    fresh = [c for c in cases if c.sha256 not in kept and c.patient not in learnt.patients]
    if fresh or not parts:
        asked = _ask_graph(bundle, cancer, fresh, images, progress)
        parts.append(apply_calibration(asked, cancer, calibration_of(bundle)))
    return {task.id: join_calibrated([part[task.id] for part in parts]) for task in cancer.tasks}


def shared(first: Answers, second: Answers) -> tuple[Answers, Answers]:
    """Return the answers of either to the images that both have answered, task by task."""
    both = {
        task: set(first[task].outcome.images.tolist()) & set(second[task].outcome.images.tolist())
        for task in first
    }
    return (
        {task: _only(first[task], both[task]) for task in first},
        {task: _only(second[task], both[task]) for task in first},
    )


def _named_by_case(added: OutOfFold, known: Mapping[str, Case]) -> OutOfFold:
    """Name images by digest, and patients and labels as the cases have them now."""
    digests = [Path(image).name for image in added.images.tolist()]
    cases = [known.get(digest) for digest in digests]
    groups = [c.patient if c else g for c, g in zip(cases, added.groups.tolist(), strict=True)]
    labels = {}
    for factor in added.network.factors:
        before = added.labels[factor.name].tolist()
        labels[factor.name] = np.array(
            [
                _index(factor.values, case.labels.get(factor.name, "")) if case else old
                for case, old in zip(cases, before, strict=True)
            ],
            np.int64,
        )
    return replace(added, images=np.array(digests), groups=np.array(groups), labels=labels)


def _ask_graph(
    bundle: Bundle,
    cancer: Cancer,
    cases: Sequence[Case],
    images: ImageStore,
    progress: Progress,
) -> OutOfFold:
    network = cancer.network
    logits = np.empty((0, network.n_logits), np.float32)
    if cases:
        files = [images.path(case.sha256) for case in cases]
        logits = predict_files(files, bundle, progress=progress)
    return OutOfFold(
        images=np.array([case.sha256 for case in cases], np.str_),
        groups=np.array([case.patient for case in cases], np.str_),
        folds=np.full(len(cases), SERVED),
        network=network,
        labels={
            factor.name: np.array(
                [_index(factor.values, case.labels.get(factor.name, "")) for case in cases],
                np.int64,
            )
            for factor in network.factors
        },
        logits=logits,
    )


def _index(values: Sequence[str], value: str) -> int:
    return values.index(value) if value in values else UNKNOWN


def _only(answers: Calibrated, images: set[str]) -> Calibrated:
    rows = np.flatnonzero([image in images for image in answers.outcome.images.tolist()])
    return answers.part(rows[np.argsort(answers.outcome.images[rows])])
