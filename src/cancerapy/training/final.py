"""The shipped network: fitted on all groups with what the folds chose, and how to load a run."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from cancerapy.cancers import load_cancer
from cancerapy.errors import DataError
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.training.cross_validation import make_splits
from cancerapy.training.decision import offset_row
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan, resolve_plan
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.train_split import Choices, run_split, train_side


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


def train_final(material: Material, runs: Path, protocol: str) -> RunFolder:
    """Fit on all groups with the median epoch and the median offset of a cross-validation.

    Args:
        material: Data set and plan.
        runs: Where run folders go; the folds' outcomes are read from there.
        protocol: The cross-validation whose choices are taken.

    Returns:
        The folder of the run.

    Raises:
        DataError: No fold of that protocol has been trained with this plan.
    """
    plan = material.plan
    run = RunFolder(runs / plan.name / "final")
    rows = np.arange(len(material.manifest.samples))
    run.write_plan(plan, _facts(material, f"final after {protocol}", len(rows)))
    train_side(material, rows, run, chosen=choices_of_folds(material, runs, protocol))
    return run


def choices_of_folds(material: Material, runs: Path, protocol: str) -> Choices:
    """Return the median of what the folds of ``protocol`` chose on their inner parts.

    Raises:
        DataError: No fold of that protocol has been trained with this plan.
    """
    folder = runs / material.plan.name / protocol
    outcomes = [json.loads(file.read_text()) for file in sorted(folder.glob("*/outcome.json"))]
    if not outcomes:
        raise DataError(
            f"The final fit takes epochs and offsets from a cross-validation; '{folder}' has no "
            f"finished fold. Run it first with --cross-validate {protocol} and the same plan.",
            code="run_missing",
        )
    alphas = {
        factor.name: float(np.median([outcome["alphas"][factor.name] for outcome in outcomes]))
        for factor in material.cancer.network.factors
    }
    everything = np.arange(len(material.manifest.samples))
    offset = offset_row(alphas, material.frequencies(everything), material.cancer.network)
    epochs = round(float(np.median([outcome["best_epoch"] for outcome in outcomes])))
    return Choices(epochs, offset, alphas)


def load_final(run_folder: Path) -> tuple[Classifier, Plan]:
    """Load the trained network of a run.

    Args:
        run_folder: Folder of a run's part, for instance ``runs/skin-1a2b3c4d5e/final``.

    Raises:
        DataError: There is no finished run, or its weights do not fit its plan.
    """
    run = RunFolder(run_folder)
    values = run.read_plan()
    cancer = load_cancer(values["cancer"])
    plan = resolve_plan(cancer, values)
    classifier = build_classifier(
        plan.backbone, cancer.network, (plan.height, plan.width), dropout=plan.dropout
    )
    # The scaling belongs to the starting weights, which need not be here any more.
    classifier = replace(classifier, scaling=run.read_facts()["scaling"])
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
        "manifest": material.manifest.digest,
        "n_train": n_train,
        "seed": material.plan.seed,
    }
