"""Which images of a collected version may still be used: the records are asked each time."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.learning.candidates import NO_CONSENT, Candidate
from cancerapy.learning.learnt import Learnt
from cancerapy.learning.versions import Case, Version
from cancerapy.records.image_store import ImageStore


def sort_cases(
    version: Version, candidates: Sequence[Candidate], images: ImageStore
) -> tuple[list[Case], dict[str, str]]:
    """Return the cases that may still be used, and by digest why others may not.

    Args:
        version: What was collected.
        candidates: What the records say now, from ``read_candidates``.
        images: Holds the files.
    """
    now = {own.sha256: own for own in candidates}
    kept, dropped = [], {}
    for case in version.cases:
        own = now.get(case.sha256)
        if own is None or not images.has(case.sha256):
            dropped[case.sha256] = "erased since"
        elif own.refused:
            dropped[case.sha256] = f"{own.refused}, since it was collected"
        elif dict(own.labels) != dict(case.labels):
            dropped[case.sha256] = "its label was changed since"
        else:
            kept.append(case)
    return kept, dropped


def still_allowed(
    version: Version, candidates: Sequence[Candidate], images: ImageStore
) -> tuple[list[Case], dict[str, str]]:
    """Return the cases that may still be learnt from, and why others may not.

    Raises:
        DataError: None may.
    """
    kept, dropped = sort_cases(version, candidates, images)
    if not kept:
        raise DataError(
            f"Retraining needs at least one collected image; of the {len(version.cases)} of "
            f"'{version.name}' none may be learnt from. Review cases of patients who consent to "
            f"training, then: cancerapy learn collect {version.cancer}",
            code="data_missing",
        )
    return kept, dropped


def check_learnt(
    cancer: str, name: str, learnt: Learnt, candidates: Sequence[Candidate], images: ImageStore
) -> None:
    """Check that what a model learnt from was neither erased since nor is without consent now.

    A label that was changed since, or an image that was called unusable, is no reason.

    Args:
        cancer: Cancer id.
        name: The model's.
        learnt: What it learnt from.
        candidates: What the records say now, from ``read_candidates``.
        images: Holds the files.

    Raises:
        DataError: Some was.
    """
    now = {own.sha256: own for own in candidates}
    gone = [
        sha256
        for sha256 in learnt.images
        if sha256 not in now or now[sha256].refused == NO_CONSENT or not images.has(sha256)
    ]
    if gone:
        raise DataError(
            f"A challenger is promoted only while all that it learnt from is allowed; of the "
            f"{len(learnt.images)} images of '{name}', {len(gone)} were erased since or have no "
            f"consent to training any more. Make another without them: cancerapy learn collect "
            f"{cancer}, then cancerapy learn retrain {cancer}",
            code="data_missing",
        )


def without_gone(
    added: OutOfFold | None, learnt: Learnt, candidates: Sequence[Candidate], images: ImageStore
) -> tuple[OutOfFold | None, frozenset[str]]:
    """Return answers to collected images that may still be used, and digests of the others.

    A label that was changed since counts as it is now, see ``own_patients``; the answer stays.

    Args:
        added: A model's answers, out of fold, to images that came to the shipped data.
        learnt: What it learnt from here. What it learnt from elsewhere these records do not know.
        candidates: What the records say now, from ``read_candidates``.
        images: Holds the files.
    """
    if added is None:
        return None, frozenset()
    usable = {own.sha256 for own in candidates if not own.refused and images.has(own.sha256)}
    gone = learnt.images - usable
    names = [Path(image).name for image in added.images.tolist()]
    kept = added.part(np.array([name not in gone for name in names], bool))
    return (kept if len(kept) else None), gone.intersection(names)
