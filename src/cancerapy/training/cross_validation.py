"""Cross-validation: every protocol by name, fold by fold, only what is missing.

========================  ======================================================================
``grouped-K``             K folds, groups kept together, classes stratified
``slides``                each group (slide) left out once
``random-K-LEAKING``      K random folds that split groups: only to compare with publications
``holdout``               one fifth of the groups; the default of ``cancerapy train``
========================  ======================================================================
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cancerapy.atomic import write_atomically
from cancerapy.data.cache import digest_of
from cancerapy.data.manifest import Manifest
from cancerapy.data.splits import (
    Split,
    check_split,
    grouped_folds,
    leave_one_group_out,
    random_folds,
)
from cancerapy.errors import UsageError
from cancerapy.training.choices import Choices
from cancerapy.training.material import Material
from cancerapy.training.options import check_teachers
from cancerapy.training.protocols import parse_protocol
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.starting_weights import weights_digest
from cancerapy.training.train_split import run_split


def make_splits(
    manifest: Manifest, factor: str, protocol: str, seed: int, *, allow_leak: bool = False
) -> list[Split]:
    """Return the splits of a protocol.

    Args:
        manifest: The data set.
        factor: Factor whose values are stratified.
        protocol: One of ``protocols.PROTOCOLS`` with a number for K.
        seed: Seed of the folds.
        allow_leak: Permit a protocol that splits groups.

    Raises:
        UsageError: No such protocol.
        LeakError: The protocol leaks and that is not permitted.
    """
    asked = parse_protocol(protocol, allow_leak=allow_leak)
    if asked.kind == "random":
        return random_folds(manifest, factor, asked.n_folds, seed, allow_leak=allow_leak)
    if asked.kind == "slides":
        splits = leave_one_group_out(manifest)
    elif asked.kind == "holdout":
        splits = [grouped_folds(manifest, factor, 5, seed)[0]]
    else:
        splits = grouped_folds(manifest, factor, asked.n_folds, seed)
    for split in splits:
        check_split(manifest, split)
    return splits


def cross_validate(
    material: Material,
    protocol: str,
    runs: Path,
    results: Path,
    *,
    allow_leak: bool = False,
    only: Callable[[str], bool] = lambda name: True,
    splits: list[Split] | None = None,
) -> list[Choices]:
    """Train and predict every fold that has not been, and write its predictions.

    Args:
        material: Data set and plan.
        protocol: See ``make_splits``.
        runs: Where run folders go.
        results: Predictions go to ``<results>/predictions/<cancer>-<protocol>/<fold>.csv``, those
            of a split's added images to ``added/<fold>.csv`` below it.
        allow_leak: Permit a leaking protocol.
        only: Says by name whether a fold is wanted.
        splits: Divisions in place of the protocol's own, where the reported sides are fixed and
            further images train or are answered beside; each is checked for leaks.

    Returns:
        The choices of the folds trained now.

    Raises:
        UsageError: Predictions of another plan lie there already.
        PlanError: The plan gives teachers a weight; folds have none.
    """
    plan, manifest = material.plan, material.manifest
    check_teachers(plan, (), final=None)
    main = material.cancer.network.factors[0].name
    if splits is None:
        splits = make_splits(manifest, main, protocol, plan.seed, allow_leak=allow_leak)
    for split in splits:
        check_split(manifest, split)
    folder = results / "predictions" / f"{material.cancer.id}-{protocol}"
    begin_folds(folder, material, protocol, splits)
    chosen = []
    for number, split in enumerate(splits, 1):
        file = folder / f"{split.name}.csv"
        if file.is_file() or not only(split.name):
            continue
        run = RunFolder(runs / plan.name / protocol / split.name)
        run.write_plan(plan, _facts(material, protocol, split))
        material.display.title = f"{material.cancer.id} fold {number} of {len(splits)}"
        chosen.append(run_split(material, split, run, file))
        material.display.say(f"fold '{split.name}' is finished")
    return chosen


def split_digest(splits: list[Split]) -> str:
    """Return a digest of who is on which side in every split."""
    sides = []
    for split in splits:
        added = [split.added.tolist()] if split.added.size else []
        sides.append((split.name, np.asarray(split.test).tolist(), *added))
    return digest_of(sides)


def _facts(material: Material, protocol: str, split: Split) -> dict[str, object]:
    return {
        "cancer": material.cancer.id,
        "protocol": protocol,
        "fold": split.name,
        "leaking": split.leaking,
        "source": material.manifest.source,
        "manifest": material.manifest.digest,
        "split": split_digest([split]),
        "n_train": len(split.train),
        "n_test": len(split.test),
        "seed": material.plan.seed,
        "weights_sha256": weights_digest(material.plan, material.weights_folder),
    }


def begin_folds(folder: Path, material: Material, protocol: str, splits: list[Split]) -> None:
    """Say in ``protocol.json`` whose folds a folder holds; refuse one that holds others.

    Args:
        folder: Of the predictions.
        material: Data set and plan.
        protocol: Name of the protocol.
        splits: All of its splits.

    Raises:
        UsageError: There are folds of another plan or data set.
        StorageError: The file could not be written; the old one is unchanged.
    """
    marker = folder / "protocol.json"
    own = {
        "cancer": material.cancer.id,
        "protocol": protocol,
        "leaking": any(split.leaking for split in splits),
        "folds": [split.name for split in splits],
        "manifest_digest": material.manifest.digest,
        "split_digest": split_digest(splits),
        "plan_digest": material.plan.digest,
        "seed": material.plan.seed,
        "weights_sha256": weights_digest(material.plan, material.weights_folder),
        "plan": material.plan.without_place,
    }
    if any(folder.glob("*.csv")) and marker.is_file():
        there = json.loads(marker.read_text())
        # The digest stands for the plan: an older record lacks options that were added since. It
        # lacks the digest of the weights too, which then cannot be compared.
        same = {"plan": None, "weights_sha256": there.get("weights_sha256", own["weights_sha256"])}
        if {**there, **same} != {**own, "plan": None}:
            raise UsageError(
                f"'{folder.name}' already holds folds of another plan or data set. Move that "
                "folder away, or give --results another folder.",
                field="results",
            )
    write_atomically(marker, json.dumps(own, indent=2) + "\n")
