"""What ``cancerapy evaluate`` does once its options are read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cancerapy.cancers import Cancer
from cancerapy.data.progress import StepProgress, silent
from cancerapy.errors import DataError, UsageError
from cancerapy.evaluation.assessment import Assessment, assess
from cancerapy.evaluation.ensemble import (
    ENSEMBLE,
    average_added,
    average_predictions,
    ensemble_record,
    member_names,
)
from cancerapy.evaluation.external import EXTERNAL, bundle_calibration, normal_figures
from cancerapy.evaluation.facts import read_facts
from cancerapy.evaluation.predictions import OutOfFold, read_added, read_predictions
from cancerapy.evaluation.record import (
    FILE_NAME,
    LEAKING,
    ProtocolRecord,
    check_complete,
    fold_digest,
    read_record,
)
from cancerapy.evaluation.report import Section, write_report
from cancerapy.evaluation.rows import Origin, Row, rows_of, rows_of_subgroups, write_rows
from cancerapy.evaluation.tables import BASELINE, refresh_tables


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Args:
        cancer: Whose predictions.
        protocol: Name of the protocol; empty: the first sound one that is there.
        predictions: Their folder; by default below ``results``.
        results: Folder of the results files.
        data: Root of the data sets, for tables by age, sex ...; ``None``: without.
        against: Folder of other predictions to compare with.
        model: Name of what predicted; by default as recorded.
        n_resamples: Resamples of the groups.
        seed: Seed of the resamples.
        command: The command line, for the rows.
        bundles: Folder of the bundle whose thresholds judge an external data set; ``None``: the
            package's own.
        ensemble: Folders of predictions that are averaged and measured as one model.
    """

    cancer: Cancer
    protocol: str
    predictions: Path | None
    results: Path
    data: Path | None
    against: Path | None
    model: str | None
    n_resamples: int
    seed: int
    command: str
    bundles: Path | None = None
    ensemble: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What was measured: one section a task, the main task first."""

    record: ProtocolRecord
    sections: list[Section]
    has_facts: bool
    normal: Sequence[Row] = ()
    """Of an external data set's normal images, see ``external.normal_figures``."""


Baselines = Callable[[OutOfFold, ProtocolRecord], Mapping[str, OutOfFold]]
"""Makes the baselines' predictions for the images of a protocol, by name."""


def evaluate_predictions(
    request: Request, *, baselines: Baselines | None = None, progress: StepProgress = silent
) -> Evaluation:
    """Measure a protocol's predictions.

    Args:
        request: What is asked.
        baselines: Makes the baselines' predictions; ``None``: without.
        progress: Told of each part.

    Raises:
        DataError: Folds are missing or unreadable; the message says which and how to make them.
            Or the members of an ensemble do not answer the same images of the same folds.
        BundleError: The bundle that predicted an external data set is not there.
        UsageError: Baselines are asked for where there is nothing to train them on, or an
            ensemble has less than two members.
    """
    folder, protocol = find_folder(request)
    if baselines:
        _check_baselines(request, protocol)
    if request.ensemble:
        record, out_of_fold, rivals = _read_ensemble(request)
    else:
        record, out_of_fold = _read(request, folder, protocol)
        rivals = dict(baselines(out_of_fold, record)) if baselines else {}
    if request.against:
        rivals[request.against.name] = read_predictions(request.against)
    facts = read_facts(request.cancer, request.data, out_of_fold) if request.data else {}
    assessments = assess(
        out_of_fold,
        request.cancer,
        facts=facts,
        others=rivals,
        calibration=(
            bundle_calibration(record, request.cancer, request.bundles)
            if protocol.startswith(EXTERNAL)
            else None
        ),
        added=_read_added(request, folder),
        n_resamples=request.n_resamples,
        seed=request.seed,
        progress=progress,
    )
    sections = [
        Section(_origin(request, record, out_of_fold, assessment), assessment)
        for assessment in assessments
    ]
    return Evaluation(record, sections, bool(facts), _normal_rows(request, sections, facts))


def record_results(evaluation: Evaluation, request: Request) -> list[Path]:
    """Write the rows of an evaluation and refresh the tables made from them.

    Baselines get rows too; a comparison with another folder of predictions does not, since that
    folder, a member of an ensemble too, is measured under its own name.

    Returns:
        The files written.
    """
    rows: list[Row] = []
    for section in evaluation.sections:
        rows += rows_of(section.origin, section.assessment.figures)
        rows += rows_of_subgroups(section.origin, section.assessment.subgroups)
        for comparison in section.assessment.comparisons:
            if comparison.name.startswith(BASELINE):
                rows += rows_of(_renamed(section.origin, comparison.name), comparison.figures)
    rows += evaluation.normal
    path = request.results / f"{request.cancer.id}.csv"
    write_rows(path, rows)
    return [path, *refresh_tables(request.results)]


def write_evaluation_report(evaluation: Evaluation, request: Request, folder: Path) -> Path:
    """Write the HTML report into ``folder`` and return its path."""
    name = f"{request.cancer.id}-{evaluation.record.protocol}"
    path = folder / f"{name}.html"
    title = f"{request.cancer.title}: {evaluation.record.protocol}, {evaluation.record.model}"
    write_report(path, title, evaluation.sections)
    return path


def find_folder(request: Request) -> tuple[Path, str]:
    """Return the folder of predictions that is meant, and its protocol.

    Raises:
        DataError: No protocol is named and none has predictions.
    """
    prefix = f"{request.cancer.id}-"
    given = request.ensemble[0] if request.ensemble else request.predictions
    if given:
        name = given.resolve().name
        return given, request.protocol or name.removeprefix(prefix)
    root = request.results / "predictions"
    if request.protocol:
        return root / f"{prefix}{request.protocol}", request.protocol
    found = sound_protocols(root, request.cancer)
    if not found:
        raise DataError(
            f"Predictions of '{request.cancer.id}' are needed in {root}; there are none. Make "
            f"them with: cancerapy train {request.cancer.id} --cross-validate grouped-5",
            code="predictions_missing",
        )
    return root / f"{prefix}{found[0]}", found[0]


def sound_protocols(root: Path, cancer: Cancer) -> list[str]:
    """Return the protocols begun that neither leak nor are external, sorted."""
    prefix = f"{cancer.id}-"
    files = [*root.glob(f"{prefix}*/*.csv"), *root.glob(f"{prefix}*/{FILE_NAME}")]
    names = sorted({file.parent.name.removeprefix(prefix) for file in files})
    return [n for n in names if LEAKING not in n and not n.startswith(EXTERNAL)]


def _check_baselines(request: Request, protocol: str) -> None:
    if protocol.startswith(EXTERNAL):
        raise UsageError(
            "Baselines are trained on the other folds of a cross-validation; an external data "
            "set has none. Leave --baselines out.",
            field="baselines",
        )
    if request.ensemble:
        raise UsageError(
            "Baselines belong to a plan, and the members of an ensemble have several. Give "
            "--baselines with the predictions of one member.",
            field="baselines",
        )


def _read(request: Request, folder: Path, protocol: str) -> tuple[ProtocolRecord, OutOfFold]:
    """Read a folder's record and its predictions, which must be whole."""
    record = read_record(folder, protocol)
    if record.leaking and LEAKING not in protocol:
        raise DataError(
            f"A protocol that splits groups must carry {LEAKING} in its name; '{folder.name}' "
            "does not. Rename the folder."
        )
    check_complete(record, folder, request.cancer.id)
    return record, read_predictions(folder)


def _read_ensemble(request: Request) -> tuple[ProtocolRecord, OutOfFold, dict[str, OutOfFold]]:
    """Read the members' predictions; return record and answers of all, and those of each."""
    if len({folder.resolve() for folder in request.ensemble}) < len(request.ensemble):
        raise UsageError(
            "Members of an ensemble weigh the same, so each is named once; a folder is given "
            "twice. Leave it out once.",
            field=ENSEMBLE,
        )
    read = [
        _read(request, *find_folder(replace(request, predictions=folder, ensemble=())))
        for folder in request.ensemble
    ]
    record = ensemble_record([record for record, _ in read])
    names = member_names([record.model for record, _ in read])
    members = dict(zip(names, [predicted for _, predicted in read], strict=True))
    return record, average_predictions(members), members


def _read_added(request: Request, folder: Path) -> OutOfFold | None:
    """Return the answers to added images of what is measured; calibrating takes them in."""
    return average_added({one.name: read_added(one) for one in request.ensemble or (folder,)})


def _origin(
    request: Request, record: ProtocolRecord, out_of_fold: OutOfFold, assessment: Assessment
) -> Origin:
    outcome = assessment.calibrated.outcome
    return Origin(
        task=outcome.task.id,
        protocol=record.protocol,
        leaking=LEAKING if record.leaking else "",
        model=request.model or record.model,
        plan=record.plan_digest,
        manifest=record.manifest_digest,
        split=record.split_digest or fold_digest(out_of_fold),
        seed=record.seed,
        groups=outcome.n_groups,
        n=len(outcome),
        size="",
        command=request.command,
    )


def _normal_rows(
    request: Request, sections: Sequence[Section], facts: Mapping[str, Mapping[str, str]]
) -> list[Row]:
    """Return rows of the normal images of an external data set, as a protocol of their own."""
    rows: list[Row] = []
    for source in request.cancer.sources:
        for section in sections:
            if not source.normal or section.origin.protocol != f"{EXTERNAL}{source.folder}":
                continue
            figures, n, groups = normal_figures(
                section.assessment, source, facts, n_resamples=request.n_resamples
            )
            named = "-".join(name + "-" + "-".join(values) for name, values in source.normal)
            protocol = f"{section.origin.protocol}-{named}"
            origin = replace(section.origin, protocol=protocol, n=n, groups=groups)
            rows += rows_of(origin, figures)
    return rows


def _renamed(origin: Origin, model: str) -> Origin:
    return replace(origin, model=model, plan="", size="")
