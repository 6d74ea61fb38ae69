"""From trained networks to a challenger's bundle, by the same ``export`` that made the champion."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cancerapy.bundle.store import load_bundle
from cancerapy.cancers import Cancer
from cancerapy.errors import BundleError
from cancerapy.evaluation.intervals import N_RESAMPLES
from cancerapy.evaluation.session import Request, evaluate_predictions, record_results
from cancerapy.export.request import ExportRequest
from cancerapy.export.session import export_bundle
from cancerapy.learning.recipe import Recipe
from cancerapy.settings import Settings
from cancerapy.surroundings import describe_command
from cancerapy.training.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class Trained:
    """A network of the challenger.

    Args:
        run: Folder of its final fit.
        predictions: Folder of its out-of-fold predictions.
    """

    run: Path
    predictions: Path


def find_made(root: Path, cancer: str, recipe: Recipe, trained: Sequence[Trained]) -> Path | None:
    """Return the bundle that was made of these networks before a kill, if there is one.

    Args:
        root: Folder of bundles.
        cancer: Cancer id.
        recipe: How they were made.
        trained: The networks.
    """
    wanted = (recipe.digest, RunFolder(trained[0].run).read_facts()["manifest"])
    for folder in sorted(root.glob(f"{cancer}-*")):
        try:
            made = load_bundle(folder).fields.provenance
        except BundleError:
            continue  # a damaged one is not what is looked for
        if (made.get("plan_digest"), made.get("manifest")) == wanted:
            return folder
    return None


def export_challenger(
    joint: Cancer, recipe: Recipe, trained: Sequence[Trained], own: Settings
) -> Path:
    """Measure out of fold for the card, join, calibrate and export as the recipe says.

    Args:
        joint: The cancer with the collected images.
        recipe: How.
        trained: Its networks, in the order of its plans.
        own: Folders of the retraining.

    Raises:
        DataError: The networks cannot be one graph.
        BundleError: The exported graph does not give their answers.
    """
    folders = tuple(one.predictions for one in trained)
    runs = tuple(one.run for one in trained)
    is_joined = len(trained) > 1
    if len(list(folders[0].glob("*.csv"))) > 1:  # a single part has nothing to calibrate it with
        request = Request(
            cancer=joint,
            protocol=recipe.protocol,
            predictions=None if is_joined else folders[0],
            results=own.results,
            data=None,
            against=None,
            model=None,
            n_resamples=N_RESAMPLES,
            seed=0,
            command=describe_command(sys.argv[1:]),
            ensemble=folders if is_joined else (),
        )
        record_results(evaluate_predictions(request), request)
    asked = ExportRequest(
        joint,
        own,
        run=None if is_joined else runs[0],
        predictions=folders,
        ensemble=runs if is_joined else (),
        compress=recipe.compress,
        quantise=recipe.quantise,
    )
    return export_bundle(asked)[0]
