"""Put a challenger in the champion's place, or say why not; the figures are written either way."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cancerapy.atomic import write_atomically
from cancerapy.bundle.schema import BundleFields
from cancerapy.bundle.store import Bundle, default_root, find_bundles, load_bundle
from cancerapy.cancers import Cancer, load_cancer
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import BundleError, DataError, UnknownNameError
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.calibration import cross_fitted
from cancerapy.evaluation.ensemble import average_added, average_predictions
from cancerapy.evaluation.predictions import OutOfFold, read_added, read_predictions
from cancerapy.evaluation.record import FILE_NAME
from cancerapy.learning.allowed import check_learnt, sort_cases, without_gone
from cancerapy.learning.candidates import ask_records
from cancerapy.learning.judge import Judgement, judge
from cancerapy.learning.learnt import Learnt, read_learnt
from cancerapy.learning.own_patients import answers_to_own, shared
from cancerapy.learning.promotion_log import audit_judgement, serve_audited
from cancerapy.learning.verdict import MIN_PATIENTS, Verdict
from cancerapy.learning.versions import Version, read_version, version_numbers
from cancerapy.settings import Settings
from cancerapy.surroundings import describe_commit, today

DECISIONS = "learning"
"""Folder of the written decisions, in the results."""

NOT_USABLE = "of another version, erased or not to be learnt from since"
NOT_LEFT_OUT = "of a patient that one of the models learnt from and was never without"


def promote(
    settings: Settings,
    name: str,
    *,
    command: str,
    decisions: Path | None = None,
    accept_unjudged: str = "",
    actor: str = "cli",
    progress: Progress = silent,
) -> tuple[Verdict, str]:
    """Compare a challenger with the served model and, if it holds, serve it from now on.

    Args:
        settings: Folders of bundles, results, runs and records.
        name: Name of the challenger's bundle.
        command: The command line, for the decision.
        decisions: Where the decision is written; by default below the results.
        accept_unjudged: Why a person accepts that own patients could not be judged; empty: nobody.
        actor: Who decides, for the audit log.
        progress: Told of each of the own patients' images that a graph is asked about.

    Returns:
        The verdict, and the name of the model that is served now.

    Raises:
        UnknownNameError: There is no such bundle.
        BundleError: It is damaged, is served already, or another one was promoted meanwhile.
        DataError: Out-of-fold predictions of one of the two are not there, the note of what one
            learnt from is missing or damaged, or the challenger learnt from images that were
            erased since or have no consent any more.
        RecordsError: The database does not answer.
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
    verdict = compare_bundles(
        settings, champion, name, accept_unjudged=accept_unjudged, progress=progress
    )
    served = name if verdict.is_accepted else champion
    # The figures first: what is served must never lack its reasons.
    place = decisions or settings.results / DECISIONS / "decisions"
    file = place / f"{name}-against-{champion}.json"
    written = _write(file, champion, name, verdict, command)
    audit_judgement(settings, champion, name, verdict, actor, written)
    if verdict.is_accepted:
        because = f"{verdict.because}: {file.name}"
        serve_audited(settings, cancer.id, name, champion, because, actor, written)
    return verdict, served


def compare_bundles(
    settings: Settings,
    champion: str,
    challenger: str,
    *,
    accept_unjudged: str = "",
    progress: Progress = silent,
) -> Verdict:
    """Compare two bundles of one cancer by their answers out of fold; nothing is written.

    Args:
        settings: Folders of bundles, results, runs and records.
        champion: Name of the one that sets the measure.
        challenger: Name of the other.
        accept_unjudged: As for ``promote``.
        progress: Likewise.

    Raises:
        BundleError: One of them is damaged.
        DataError: Out-of-fold predictions of one of the two are not there, the note of what one
            learnt from is missing or damaged, or the challenger learnt from images that were
            erased since or have no consent any more.
        RecordsError: The database does not answer.
    """
    root = settings.bundles or default_root()
    bundles = [load_bundle(root / name) for name in (champion, challenger)]
    cancer = load_cancer(bundles[0].fields.cancer)
    predictions, gone = _read_usable(cancer, bundles, settings)
    first, second = (cross_fitted(own[0], cancer, added=own[1]) for own in predictions)
    folds = judge(first, second)
    own, version, left_out = _judge_own(cancer, bundles, predictions, gone, settings, progress)
    return Verdict(folds, own, version, left_out, accept_unjudged.strip())


def answers_of(fields: BundleFields, cancer: Cancer, settings: Settings) -> dict[str, Calibrated]:
    """Return a model's calibrated answers by task to the shipped data, out of fold.

    Raises:
        DataError: Its predictions, or those of one of its networks, are not there.
    """
    measured, added = read_measured(fields, settings)
    return cross_fitted(measured, cancer, added=added)


def read_measured(fields: BundleFields, settings: Settings) -> tuple[OutOfFold, OutOfFold | None]:
    """Return a model's out-of-fold predictions of the shipped data, and those of added images.

    Raises:
        DataError: Its predictions, or those of one of its networks, are not there.
    """
    folders = [_find(member, settings) for member in _members(fields)]
    named = {str(number): read_predictions(folder) for number, folder in enumerate(folders)}
    joined = average_predictions(named) if len(named) > 1 else named["0"]
    added = average_added({str(n): read_added(folder) for n, folder in enumerate(folders)})
    return joined, added


def _read_usable(
    cancer: Cancer, bundles: list[Bundle], settings: Settings
) -> tuple[list[tuple[OutOfFold, OutOfFold | None]], frozenset[str]]:
    """Return both models' predictions, none of a collected image that may not be used any more.

    Such an image would go on setting temperature and threshold; the digests of those are returned
    as well.
    """
    candidates, images = ask_records(cancer, settings)
    home, gone, found = settings.home.expanduser(), frozenset[str](), []
    for bundle in bundles:
        shipped, added = read_measured(bundle.fields, settings)
        learnt = read_learnt(home, cancer.id, bundle.fields.name)
        usable, without = without_gone(added, learnt, candidates, images)
        found.append((shipped, usable))
        gone |= without
    return found, gone


def _judge_own(
    cancer: Cancer,
    bundles: list[Bundle],
    predictions: list[tuple[OutOfFold, OutOfFold | None]],
    gone: frozenset[str],
    settings: Settings,
    progress: Progress,
) -> tuple[Judgement, int, dict[str, int]]:
    """Judge on the collected patients; return the version's number and what was left out as well.

    The version is the one that the challenger learnt from; the newest if it learnt from none.
    """
    home = settings.home.expanduser()
    learnt = [read_learnt(home, cancer.id, bundle.fields.name) for bundle in bundles]
    number = learnt[1].version or max(version_numbers(home, cancer.id), default=0)
    if not number:
        return Judgement((), 0, 0, MIN_PATIENTS), 0, {}
    version = read_version(home, cancer.id, number)
    for bundle, known, (_, added) in zip(bundles, learnt, predictions, strict=True):
        _check_noted(bundle.fields.name, known, added, version)
    candidates, images = ask_records(cancer, settings)
    check_learnt(cancer.id, bundles[1].fields.name, learnt[1], candidates, images)
    cases, dropped = sort_cases(version, candidates, images)
    first, second = shared(
        *(
            answers_to_own(bundle, cancer, cases, known, own, images, progress=progress)
            for bundle, known, own in zip(bundles, learnt, predictions, strict=True)
        )
    )
    judged = {str(i) for own in first.values() for i in own.outcome.images}
    left_out = Counter(dropped.values())
    # Those of this version are among the dropped already.
    left_out[NOT_USABLE] = len(gone - {case.sha256 for case in version.cases})
    left_out[NOT_LEFT_OUT] = len({case.sha256 for case in cases} - judged)
    own = judge(first, second, min_groups=MIN_PATIENTS)
    return own, number, dict(+left_out)


def _check_noted(name: str, known: Learnt, added: OutOfFold | None, version: Version) -> None:
    """Check that a model with answers to the clinic's own patients has a note of whom it knows."""
    if known.version or added is None:
        return
    if {Path(image).name for image in added.images}.isdisjoint(c.sha256 for c in version.cases):
        return
    raise DataError(
        f"A model that learnt from collected patients must have a note of whom, so that it is not "
        f"judged on those; {name} has none in the records' folder 'learning'. Restore it from a "
        f"backup, or run this again, which writes it: cancerapy learn retrain {version.cancer}",
        code="data_missing",
    )


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


def _write(file: Path, champion: str, challenger: str, verdict: Verdict, command: str) -> str:
    """Write the decision and return the SHA-256 of the file."""
    values = {
        "champion": champion,
        "challenger": challenger,
        **verdict.to_dict(),
        "command": command,
        "commit": describe_commit(),
        "date": today(),
    }
    text = json.dumps(values, indent=2) + "\n"
    write_atomically(file, text, "writing the decision")
    return hashlib.sha256(text.encode()).hexdigest()
