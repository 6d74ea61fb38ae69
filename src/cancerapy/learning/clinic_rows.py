"""Rows of a simulated clinic: both models on the patients that neither saw, and the promotion."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from cancerapy.arrays import Logits
from cancerapy.bundle.store import MODEL_FILE, Bundle, load_bundle
from cancerapy.cancers import Cancer
from cancerapy.data.cache import digest_of, new_array
from cancerapy.data.manifest import Manifest
from cancerapy.data.progress import StepProgress, silent
from cancerapy.evaluation.calibrated import Calibrated, apply_calibration
from cancerapy.evaluation.external import calibration_of, predict_manifest
from cancerapy.evaluation.intervals import N_RESAMPLES
from cancerapy.evaluation.measure import Figure, compare, measure
from cancerapy.evaluation.outcome import with_factor_tasks
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.rows import Origin, Row, rows_of
from cancerapy.learning.clinic import ClinicRequest, ClinicRun
from cancerapy.learning.clinic_names import (
    CHALLENGER,
    CHAMPION,
    DIFFERENCE,
    FOLDS,
    HOLDS,
    LOOP,
    MEASURED,
    OWN,
    RECORDS,
    UNJUDGED,
    UNSEEN,
)
from cancerapy.learning.clinic_records import REVIEWER
from cancerapy.learning.judge import Finding
from cancerapy.records import open_records
from cancerapy.records.examinations import list_examinations
from cancerapy.records.paging import MAX_LIMIT

_NAN = math.nan


def clinic_rows(
    request: ClinicRequest,
    run: ClinicRun,
    *,
    n_resamples: int = N_RESAMPLES,
    progress: StepProgress = silent,
) -> list[Row]:
    """Measure both models and put everything that the page says into rows.

    Args:
        request: What was asked.
        run: What came of it.
        n_resamples: Resamples of the groups.
        progress: Told of each image.
    """
    bundles = [load_bundle(folder) for folder in (run.champion, run.challenger)]
    origin = _origin(request, run, bundles[1])
    before, after = (
        answers_of_bundle(
            own, run.unseen, request.cancer, kept=request.place / "answers", progress=progress
        )
        for own in bundles
    )
    rows: list[Row] = []
    for task, first in before.items():
        if not len(first.outcome):
            continue
        second = after[task]
        own = replace(origin, task=task, n=len(first.outcome), groups=first.outcome.n_groups)
        for model, figures in (
            (CHAMPION, measure(first, n_resamples=n_resamples)),
            (CHALLENGER, measure(second, n_resamples=n_resamples)),
            (DIFFERENCE, compare(second, first, n_resamples=n_resamples)),
        ):
            rows += rows_of(replace(own, model=model), _kept(figures))
    return [*rows, *_promotion_rows(origin, run), *_record_rows(origin, run)]


def answers_of_bundle(
    bundle: Bundle,
    manifest: Manifest,
    cancer: Cancer,
    *,
    kept: Path | None = None,
    progress: StepProgress = silent,
) -> Mapping[str, Calibrated]:
    """Return a bundle's answers to a data set by task, with its own temperatures and thresholds.

    Args:
        bundle: What answers.
        manifest: The images.
        cancer: Their cancer; factors that no task asks for are tasks of their own.
        kept: Folder that keeps what the graph said, so that it is asked once.
        progress: Told of each image.
    """
    logits = _logits(bundle, manifest, kept, progress)
    predicted = OutOfFold(
        images=np.array([sample.path for sample in manifest.samples]),
        groups=manifest.groups,
        folds=np.full(len(manifest.samples), manifest.source),
        network=cancer.network,
        labels={factor.name: manifest.labels(factor.name) for factor in cancer.network.factors},
        logits=logits,
    )
    return apply_calibration(predicted, with_factor_tasks(cancer), calibration_of(bundle))


def _logits(
    bundle: Bundle, manifest: Manifest, kept: Path | None, progress: StepProgress
) -> Logits:
    graph = bundle.fields.digests[MODEL_FILE][:16]
    file = kept / f"{bundle.fields.name}-{graph}-{manifest.digest}.npy" if kept else None
    if file and file.is_file():
        found: Logits = np.load(file)
        return found
    logits = predict_manifest(manifest, bundle, progress=progress)
    if file:
        with new_array(file, logits.shape, np.float32) as whole:
            whole[:] = logits
    return logits


def _kept(figures: Iterable[Figure]) -> list[Figure]:
    return [f for f in figures if f.metric in MEASURED and not math.isnan(f.value)]


def _origin(request: ClinicRequest, run: ClinicRun, challenger: Bundle) -> Origin:
    return Origin(
        task=request.cancer.id,
        protocol=f"{UNSEEN}{request.site}",
        leaking="",
        model=RECORDS,
        plan=str(challenger.fields.provenance.get("plan_digest", "")),
        manifest=run.unseen.digest,
        split=digest_of(sorted(run.own)),
        seed=str(request.seed),
        groups=len(set(run.unseen.groups.tolist())),
        n=len(run.unseen.samples),
        size="",
        command=request.command,
    )


def _promotion_rows(origin: Origin, run: ClinicRun) -> list[Row]:
    """Return the decision, and both models' figures and their difference on either part."""
    verdict = run.verdict
    rows: list[Row] = []
    for protocol, judged in ((FOLDS, verdict.folds), (OWN, verdict.own)):
        part = replace(
            origin,
            protocol=origin.protocol.replace(UNSEEN, protocol, 1),
            n=judged.n_images,
            groups=judged.n_groups,
        )
        decision = [Figure("holds", float(judged.is_accepted), _NAN, _NAN)]
        if protocol == FOLDS:
            decision.append(Figure("accepted", float(verdict.is_accepted), _NAN, _NAN))
        rows += [Row(replace(part, model=RECORDS), figure) for figure in decision]
        for found in judged.findings:
            rows += _finding_rows(replace(part, task=found.task), found)
    return rows


def _finding_rows(own: Origin, found: Finding) -> list[Row]:
    figures = [
        (CHAMPION, Figure(found.metric, found.champion, _NAN, _NAN)),
        (CHALLENGER, Figure(found.metric, found.challenger, _NAN, _NAN)),
        (DIFFERENCE, Figure(found.metric, found.difference, found.low, found.high)),
    ]
    if found.decides:
        model, value = (HOLDS, found.holds) if found.is_judged else (UNJUDGED, found.n_groups)
        figures.append((model, Figure(found.metric, float(value), _NAN, _NAN)))
    return [Row(replace(own, model=model), figure) for model, figure in figures]


def _record_rows(origin: Origin, run: ClinicRun) -> list[Row]:
    """Return counts of what happened in the clinic's records."""
    records = open_records(run.settings)
    try:
        with records.reading() as session:
            guesses, after = [], None
            while True:
                page = list_examinations(session, limit=MAX_LIMIT, after=after)
                guesses += [guess for one in page.items for guess in one.predictions]
                if (after := page.next) is None:
                    break
    finally:
        records.close()
    said = [own for guess in guesses for own in guess.reviews if own.reviewer == REVIEWER]
    counts = {
        "n_patients": len(run.own),
        "n_refusing": len(run.refusing),
        "n_uploaded": len(guesses),
        "n_rejected": sum(guess.prediction["verdict"] == "rejected" for guess in guesses),
        "n_reviewed": len(said),
        "n_agreed": sum(own.verdict == "agree" for own in said),
        "n_collected": len(run.version.cases),
        "n_collected_patients": len({case.patient for case in run.version.cases}),
        **{
            f"n_left_out:{because}": number
            for because, number in sorted(Counter(run.version.left_out.values()).items())
        },
    }
    own = replace(origin, protocol=origin.protocol.replace(UNSEEN, LOOP, 1))
    return rows_of(own, [Figure(name, float(n), _NAN, _NAN) for name, n in counts.items()])
