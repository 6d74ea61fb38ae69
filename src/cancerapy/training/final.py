"""The shipped network: fitted on all groups with what the folds chose, and how to load a run."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from cancerapy.cancers import load_cancer
from cancerapy.errors import DataError, LeakError
from cancerapy.evaluation.record import missing_folds, read_record
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.training.choices import Choices, read_choices
from cancerapy.training.cross_validation import make_splits
from cancerapy.training.decision import offset_row
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan, plan_of_run
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.starting_weights import weights_digest
from cancerapy.training.teachers import read_teachers
from cancerapy.training.train_split import run_split, train_side


def train_holdout(material: Material, runs: Path) -> RunFolder:
    """Train on four fifths of the groups and predict the rest.

    Args:
        material: Data set and plan.
        runs: Where run folders go.

    Returns:
        The folder of the run, with its predictions of the held-out groups.
    """
    plan = material.plan
    main = material.cancer.network.factors[0].name
    (split,) = make_splits(material.manifest, main, "holdout", plan.seed)
    run = RunFolder(runs / plan.name / "holdout")
    run.write_plan(plan, _facts(material, "holdout", len(split.train)))
    run_split(material, split, run, run.predictions / "holdout.csv")
    return run


def train_final(
    material: Material,
    runs: Path,
    results: Path,
    protocol: str,
    *,
    teachers: Sequence[Path] = (),
) -> RunFolder:
    """Fit on all groups with the median epoch and the median offset of a cross-validation.

    Args:
        material: Data set and plan.
        runs: Where run folders go.
        results: Where the folds left their predictions and choices.
        protocol: The cross-validation whose choices are taken; that of a distilled network is
            of the same plan with labels alone.
        teachers: Folders of predictions that are learnt beside the labels.

    Returns:
        The folder of the run.

    Raises:
        DataError: No fold of that protocol has been trained with this plan, or the teachers'
            predictions are not of this data set.
        LeakError: The folds of the protocol or of a teacher let groups stand on two sides.
    """
    rows = np.arange(len(material.manifest.samples))
    chosen = choices_of_folds(material, results, protocol)
    name, facts = material.plan.name, _facts(material, f"final after {protocol}", len(rows))
    if teachers:
        taught = read_teachers(teachers, material.manifest, material.cancer.network)
        name = f"{name}-{taught.digest}"
        facts |= {"teachers": list(taught.names), "teachers_digest": taught.digest}
        material = replace(material, teachers=taught.before(chosen.offset))
    run = RunFolder(runs / name / "final")
    run.write_plan(material.plan, facts)
    train_side(material, rows, run, chosen=chosen)
    return run


def choices_of_folds(material: Material, results: Path, protocol: str) -> Choices:
    """Return the median of what the folds of ``protocol`` chose on their inner parts.

    A cross-validation that lacks folds will do; the display says how many there are.

    Raises:
        DataError: No fold of that protocol has been trained with this plan on this data set, or
            what a finished fold chose is missing.
        LeakError: The folds let groups stand on both sides.
    """
    plan = material.plan
    folder = results / "predictions" / f"{plan.cancer}-{protocol}"
    record = read_record(folder, protocol)
    if record.leaking:
        raise LeakError(
            f"The final fit takes epochs and offsets from folds that keep groups together; those "
            f"of '{protocol}' do not. Name another protocol, for instance grouped-5.",
            field="final",
        )
    missing = missing_folds(record, folder)
    finished = [name for name in record.folds if name not in missing]
    wanted = (plan.without_teachers.digest, material.manifest.digest)
    if (record.plan_digest, record.manifest_digest) != wanted or not finished:
        alone = " without teacher_weight" if plan.teacher_weight else ""
        raise DataError(
            f"The final fit takes epochs and offsets from a cross-validation; '{folder}' holds no "
            f"finished fold of this plan and data set. Run it first with --cross-validate "
            f"{protocol}, the same plan{alone} and the same data.",
            code="run_missing",
        )
    material.display.say(
        f"epochs and offsets of {len(finished)} of {len(record.folds)} folds of {protocol}"
    )
    outcomes = _outcomes(material, folder, finished)
    alphas = {
        factor.name: float(np.median([outcome["alphas"][factor.name] for outcome in outcomes]))
        for factor in material.cancer.network.factors
    }
    everything = np.arange(len(material.manifest.samples))
    offset = offset_row(alphas, material.frequencies(everything), material.cancer.network)
    epochs = round(float(np.median([outcome["best_epoch"] for outcome in outcomes])))
    return Choices(epochs, offset, alphas)


def _outcomes(material: Material, folder: Path, finished: Sequence[str]) -> list[dict[str, Any]]:
    """Return what each finished fold chose; without an inner part that is the plan's own."""
    plan, outcomes = material.plan, []
    own = {f.name: 0.0 for f in material.cancer.network.factors}
    for fold in finished:
        outcome = read_choices(folder, fold)
        if outcome is None and plan.inner_fraction:
            raise DataError(
                f"The final fit needs what every finished fold chose; '{folder.name}' has "
                f"predictions of '{fold}' without {fold}.choices.json. Remove {fold}.csv and run "
                "the cross-validation again.",
                code="run_missing",
            )
        outcomes.append(outcome or {"best_epoch": plan.epochs, "alphas": own})
    return outcomes


def load_final(run_folder: Path) -> tuple[Classifier, Plan]:
    """Load the trained network of a run.

    Args:
        run_folder: Folder of a run's part, for instance ``runs/skin-1a2b3c4d5e/final``.

    Raises:
        DataError: There is no finished run, or its weights do not fit its plan.
    """
    run = RunFolder(run_folder)
    plan = plan_of_run(run.read_plan())
    # Scaling and variant belong to the starting weights, which need not be here any more.
    outcome = run.read_outcome()
    cancer = load_cancer(plan.cancer)
    classifier = build_classifier(
        plan.backbone,
        cancer.network,
        (plan.height, plan.width),
        variant=outcome.get("variant", ""),
        read_layers=plan.read_layers,
        spread_parts=plan.spread_parts,
        dropout=plan.dropout,
    )
    classifier = replace(classifier, scaling=outcome["scaling"])
    try:
        classifier.full().load_weights(run.weights_file)
    except (OSError, ValueError) as error:
        raise DataError(
            f"The weights of '{run_folder}' must be those of its plan; they cannot be loaded: "
            f"{error}. Train the run again.",
            code="run_missing",
        ) from error
    return classifier, plan


def _facts(material: Material, protocol: str, n_train: int) -> dict[str, object]:
    return {
        "cancer": material.cancer.id,
        "protocol": protocol,
        "source": material.manifest.source,
        "manifest": material.manifest.digest,
        "n_train": n_train,
        "seed": material.plan.seed,
        "weights_sha256": weights_digest(material.plan, material.weights_folder),
    }
