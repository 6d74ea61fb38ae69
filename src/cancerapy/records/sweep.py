"""Image files that no row names any more, and how they go without taking a needed one along."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from cancerapy.errors import CanceRapyError
from cancerapy.records.image_store import SWEEP_AGE_S, digest_of
from cancerapy.records.session import Records
from cancerapy.records.tables import ExaminationImage, Image
from cancerapy.records.training_answers import drop_erased_answers
from cancerapy.records.training_caches import drop_erased_caches


def forget_unused(session: Session, candidates: Sequence[str]) -> list[str]:
    """Delete the rows of images that no examination shows any more; return their digests.

    Args:
        session: A session of ``Records.writing``; once it is kept, ``remove_unused`` is due.
        candidates: Digests of the images to look at: those of what was erased.
    """
    is_shown = exists().where(ExaminationImage.image_sha256 == Image.sha256)
    unused = select(Image.sha256).where(Image.sha256.in_(candidates), ~is_shown)
    digests = list(session.scalars(unused))
    session.execute(delete(Image).where(Image.sha256.in_(digests)))
    return digests


def remove_unused(records: Records, digests: Sequence[str]) -> int:
    """Remove the files of digests that have no row; return how many went.

    The rows are looked at in a writing transaction, so that no upload of the same file comes in
    between; it keeps its file again where this one was first.

    Args:
        records: The records.
        digests: Candidates; those with a row stay.
    """
    removed = 0
    for sha256 in digests:
        with records.writing() as session:
            if session.get(Image, sha256) is None and records.images.has(sha256):
                records.images.remove(sha256)
                removed += 1
    return removed


@contextmanager
def keeping(records: Records, files: Sequence[bytes]) -> Iterator[None]:
    """Keep files for the rows that the block writes; if it fails, those without a row go again.

    So that a patient's picture does not stay because they were erased while it was judged. Where
    not even that can be done (the database is locked), ``sweep`` does it at the next start.

    Args:
        records: The records.
        files: The bytes of each.

    Raises:
        StorageError: One cannot be kept; nothing is left of any.
    """
    try:
        for data in files:
            records.images.put(data)
        yield
    except Exception:
        with suppress(CanceRapyError, OSError):
            remove_unused(records, [digest_of(data) for data in files])
        raise


def sweep(records: Records, *, older_than_s: float = SWEEP_AGE_S) -> int:
    """Remove what a killed server or a broken-off training left; return how many files.

    These are the files without a row, the caches that show erased images, the lines on them that a
    training left, and what SQLite's log still holds of an erasure.

    Args:
        records: The records.
        older_than_s: Younger files are left alone: their row may be on its way.

    Raises:
        StorageError: The files are gone, but a training's cache of erased images, or its lines on
            them, are not.
    """
    found = list(records.images.list_digests(older_than_s=older_than_s))
    with records.reading() as session:
        known = set(session.scalars(select(Image.sha256)))
    removed = remove_unused(records, [sha256 for sha256 in found if sha256 not in known])
    records.empty_log()
    drop_erased_answers(records)
    drop_erased_caches(records)
    return removed
