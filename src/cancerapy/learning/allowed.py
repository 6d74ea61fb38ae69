"""Which images of a collected version may still be used: the records are asked each time."""

from collections.abc import Sequence

from cancerapy.errors import DataError
from cancerapy.learning.candidates import Candidate
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
