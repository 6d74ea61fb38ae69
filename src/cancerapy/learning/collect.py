"""Make the next version of the collected data set from the records."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from cancerapy.arrays import Image
from cancerapy.cancers import Cancer
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import CanceRapyError
from cancerapy.evaluation.outcome import Outcome
from cancerapy.learning.candidates import Candidate
from cancerapy.learning.evaluation_side import EvaluationSide
from cancerapy.learning.label_errors import find_suspects
from cancerapy.learning.versions import (
    Case,
    Doubt,
    Version,
    read_version,
    version_numbers,
    write_version,
)
from cancerapy.readers import DATA_SET_LIMITS, read_image
from cancerapy.records.image_store import ImageStore
from cancerapy.surroundings import today

EVALUATION_PICTURE = "a picture that models are measured on"
EVALUATION_PATIENT = "of a patient that models are measured on"
NOT_READABLE = "the picture cannot be read"
PATIENT_NOT_SEEN = "of a patient with a picture that cannot be compared"


def collect(
    cancer: Cancer,
    candidates: Sequence[Candidate],
    images: ImageStore,
    evaluation: EvaluationSide,
    home: Path,
    *,
    old: Mapping[str, Outcome] | None = None,
    progress: Progress = silent,
) -> Version:
    """Write the next version of a cancer's collected data set.

    Args:
        cancer: Whose data set.
        candidates: Every image of its examinations, from ``read_candidates``.
        images: Holds their files.
        evaluation: What must be kept apart.
        home: Folder of the records.
        old: Answers to the shipped data by task, out of fold, for the search for wrong labels.
        progress: Told of each picture that is compared.

    Returns:
        The version; also where nothing changed but the date, so that a version says when the
        records were asked.

    Raises:
        DataError: Somebody else wrote a version at the same time.
        StorageError: It could not be written.
    """
    left_out = {own.sha256: own.refused for own in candidates if own.refused}
    left_out |= _of_evaluation(candidates, left_out, images, evaluation, progress)
    kept = [own for own in candidates if own.sha256 not in left_out]
    cases = tuple(Case(c.sha256, c.patient, c.labels, c.reviewers) for c in kept)
    numbers = version_numbers(home, cancer.id)
    parent = numbers[-1] if numbers else 0
    before = {c.sha256 for c in read_version(home, cancer.id).cases} if parent else set()
    version = Version(
        cancer=cancer.id,
        number=parent + 1,
        parent=parent,
        cases=cases,
        left_out=left_out,
        gone=tuple(sorted(before - {case.sha256 for case in cases})),
        evaluation=evaluation.digest,
        kept_apart_from=evaluation.sources,
        doubts=tuple(find_doubts(cancer, kept, old or {})),
        created=today(),
    )
    write_version(home, version)
    return version


def _of_evaluation(
    candidates: Sequence[Candidate],
    left_out: Mapping[str, str],
    images: ImageStore,
    evaluation: EvaluationSide,
    progress: Progress,
) -> dict[str, str]:
    """Return which candidates are evaluation pictures, or of such patients, or unreadable.

    All pictures of a patient are looked at, those without a confirmed label and those that stand
    with somebody else as well: one that models are measured on makes all of them patients of the
    evaluation side, and one that cannot be read keeps its patient out, since it may be one of them.
    One picture is held in memory at a time.
    """
    found: dict[str, str] = {}
    wanted = {own.patient for own in candidates if own.sha256 not in left_out}
    asked = [own for own in candidates if wanted & set(own.patients)]
    known: set[str] = set()
    copies: set[str] = set()
    unseen: set[str] = set()
    for done, own in enumerate(asked, 1):
        picture = _read(images, own.sha256)
        if picture is None:
            found[own.sha256] = NOT_READABLE
            unseen |= set(own.patients)
        elif evaluation.holds(picture):
            copies.add(own.sha256)
            known |= set(own.patients)
        progress(done, len(asked))
    for own in candidates:
        if evaluation.groups & set(own.identifiers):
            known |= set(own.patients)
    for own in candidates:
        if own.sha256 in copies:
            found[own.sha256] = EVALUATION_PICTURE
        elif own.patient in known and own.sha256 not in left_out:
            found[own.sha256] = EVALUATION_PATIENT
        elif own.patient in unseen and own.sha256 not in left_out:
            found.setdefault(own.sha256, PATIENT_NOT_SEEN)
    return found


def _read(images: ImageStore, sha256: str) -> Image | None:
    try:
        return read_image(images.get(sha256), limits=DATA_SET_LIMITS).pixels
    except CanceRapyError:
        return None


def find_doubts(
    cancer: Cancer, kept: Sequence[Candidate], old: Mapping[str, Outcome]
) -> list[Doubt]:
    """Return the labels, old and new, that are probably wrong, the most doubtful of a task first.

    Old images are judged out of fold, new ones by the guess that was made when they came, before
    anything was learnt from them.

    Args:
        cancer: Whose tasks.
        kept: New images with a confirmed label.
        old: Answers to old images by task; a task without is searched among new images alone.
    """
    doubts = []
    for task in cancer.tasks:
        names: list[tuple[str, bool]] = []
        labels: list[int] = []
        rows: list[Sequence[float]] = []
        if task.id in old:
            outcome = old[task.id]
            names += [(str(image), False) for image in outcome.images]
            labels += outcome.y_true.tolist()
            rows += outcome.probabilities.tolist()
        for own in kept:
            answer = own.answers.get(task.id)
            true = [
                n for n, c in enumerate(task.classes) if c.selects.items() <= own.labels.items()
            ]
            if answer and len(true) == 1:
                names.append((own.sha256, True))
                labels.append(true[0])
                rows.append([answer.get(class_id, 0.0) for class_id in task.class_ids])
        if not rows:
            continue
        for suspect in find_suspects(np.array(labels), np.array(rows)):
            name, is_new = names[suspect.row]
            given, likely = task.class_ids[suspect.given], task.class_ids[suspect.likely]
            confidence = round(suspect.self_confidence, 4)
            doubts.append(Doubt(name, is_new, task.id, given, likely, confidence))
    return doubts
