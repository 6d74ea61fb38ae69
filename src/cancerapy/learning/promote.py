"""Put a challenger in the champion's place, or say why not; the figures are written either way."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cancerapy.atomic import write_atomically
from cancerapy.bundle.schema import BundleFields
from cancerapy.bundle.serving import decide_served
from cancerapy.bundle.store import default_root, find_bundles, load_bundle
from cancerapy.cancers import Cancer, load_cancer
from cancerapy.errors import BundleError, DataError, UnknownNameError
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.calibration import cross_fitted
from cancerapy.evaluation.ensemble import average_predictions
from cancerapy.evaluation.predictions import OutOfFold, read_predictions
from cancerapy.evaluation.record import FILE_NAME
from cancerapy.learning.judge import Judgement, judge
from cancerapy.settings import Settings
from cancerapy.surroundings import describe_commit, today

DECISIONS = "learning"
"""Folder of the written decisions, in the results."""


def promote(
    settings: Settings, name: str, *, command: str, decisions: Path | None = None
) -> tuple[Judgement, str]:
    """Compare a challenger with the served model and, if it holds, serve it from now on.

    Args:
        settings: Folders of bundles, results and runs.
        name: Name of the challenger's bundle.
        command: The command line, for the decision.
        decisions: Where the decision is written; by default below the results.

    Returns:
        The judgement, and the name of the model that is served now.

    Raises:
        UnknownNameError: There is no such bundle.
        BundleError: It is damaged, is served already, or another one was promoted meanwhile.
        DataError: Out-of-fold predictions of one of the two are not there.
    """
    root = settings.bundles or default_root()
    fields = _fields_of(root, name)
    cancer = load_cancer(fields.cancer)
    champion = find_bundles(root)[cancer.id].name
    if champion == name:
        raise BundleError(
            f"A challenger is not served yet; '{name}' is. Name another, for instance one that "
            "'cancerapy learn retrain' made.",
            code="bundle_served",
        )
    judgement = compare_bundles(settings, champion, name)
    served = name if judgement.is_accepted else champion
    # The figures first: what is served must never lack its reasons.
    place = decisions or settings.results / DECISIONS / "decisions"
    file = place / f"{name}-against-{champion}.json"
    _write(file, champion, name, judgement, command)
    if judgement.is_accepted:
        because = f"no class worse, calibration holds: {file.name}"
        decide_served(root, cancer.id, name, before=champion, because=because)
    return judgement, served


def compare_bundles(settings: Settings, champion: str, challenger: str) -> Judgement:
    """Compare two bundles of one cancer by their answers out of fold; nothing is written.

    Args:
        settings: Folders of bundles, results and runs.
        champion: Name of the one that sets the measure.
        challenger: Name of the other.

    Raises:
        BundleError: One of them is damaged.
        DataError: Out-of-fold predictions of one of the two are not there.
    """
    root = settings.bundles or default_root()
    fields = [load_bundle(root / name).fields for name in (champion, challenger)]
    cancer = load_cancer(fields[0].cancer)
    first, second = (answers_of(own, cancer, settings) for own in fields)
    return judge(first, second)


def answers_of(fields: BundleFields, cancer: Cancer, settings: Settings) -> dict[str, Calibrated]:
    """Return a model's calibrated answers by task, out of fold.

    Raises:
        DataError: Its predictions, or those of one of its networks, are not there.
    """
    members = list(_members(fields))
    folders = [_find(member, settings) for member in members]
    named = {str(number): read_predictions(folder) for number, folder in enumerate(folders)}
    joined: OutOfFold = average_predictions(named) if len(named) > 1 else named["0"]
    return cross_fitted(joined, cancer)


def _members(fields: BundleFields) -> Iterator[Mapping[str, Any]]:
    yield from fields.provenance.get("members") or [fields.provenance]


def _find(member: Mapping[str, Any], settings: Settings) -> Path:
    """Return the folder of predictions by the plan and on the data of a network."""
    wanted = (member.get("plan_digest"), member.get("manifest"))
    roots = [settings.results / "predictions", settings.runs / "learn"]
    for root in roots:
        for file in sorted(root.rglob(FILE_NAME)):
            noted = json.loads(file.read_text(encoding="utf-8"))
            if (noted.get("plan_digest"), noted.get("manifest_digest")) == wanted:
                return file.parent
    raise DataError(
        f"Comparing needs the out-of-fold predictions of plan {wanted[0]} on data {wanted[1]}; "
        f"neither '{roots[0]}' nor '{roots[1]}' holds them. Give --results and --runs as when "
        "the model was trained.",
        code="predictions_missing",
    )


def _fields_of(root: Path, name: str) -> BundleFields:
    known = [folder.name for folder in root.glob("*-*") if (folder / "bundle.json").is_file()]
    if name not in known:
        raise UnknownNameError.of("model", name[:60], known)
    return load_bundle(root / name).fields


def _write(file: Path, champion: str, challenger: str, judgement: Judgement, command: str) -> None:
    values = {
        "champion": champion,
        "challenger": challenger,
        **judgement.to_dict(),
        "command": command,
        "commit": describe_commit(),
        "date": today(),
    }
    write_atomically(file, json.dumps(values, indent=2) + "\n", "writing the decision")
