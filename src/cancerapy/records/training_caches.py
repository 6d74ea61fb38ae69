"""Decoded pixels outside the image store: the caches of trainings, so that erasures reach them.

A training that decodes images of the records writes down its cache beside the image store before
it is filled, and which images it shows. An erasure removes every such cache that shows an image
that is gone, also one that a broken-off training left, and renames its entry; a training that is
running meanwhile finds that and ends with an error. An entry names a folder of one machine: what
an erasure on another machine cannot reach goes with the next training or sweep there.
"""

import hashlib
import json
import os
import platform
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select

from cancerapy.atomic import is_running, write_atomically
from cancerapy.errors import DataError, StorageError
from cancerapy.records.image_store import ImageStore
from cancerapy.records.session import Records
from cancerapy.records.tables import Image

_FOLDER = "training-caches"
_NOTED, _DROPPED = ".json", ".dropped"


@dataclass(frozen=True, slots=True)
class _Entry:
    folder: str
    machine: str
    process: int
    images: list[str]


@contextmanager
def noted_cache(images: ImageStore, folder: Path, digests: Collection[str]) -> Iterator[None]:
    """Let a block fill a cache with decoded images of the records.

    The cache stays when the block ends, whether or not with an error, so that a training can go
    on; ``forget_cache`` removes it. It goes at once if an image was erased meanwhile.

    Args:
        images: The store that the images come from.
        folder: The cache, nothing else lies in it.
        digests: The images.

    Raises:
        DataError: An image was erased before the block or during it.
        StorageError: The cache could not be written down; nothing was decoded.
    """
    _clear_dropped(images)
    noted = _place(images, folder)
    entry = _Entry(str(folder.resolve()), platform.node(), os.getpid(), sorted(digests))
    write_atomically(noted, json.dumps(asdict(entry)), "writing down a training's cache")
    try:
        # An erasure removes files first and then looks for caches, so one of the two sees it.
        if not all(map(images.has, digests)):
            _drop(noted)
        if noted.exists():
            yield
    except Exception as error:
        if not noted.exists():
            raise _erased_meanwhile() from error
        raise
    finally:
        is_dropped = not noted.exists()
        if is_dropped:
            forget_cache(images, folder)
    if is_dropped:
        raise _erased_meanwhile()


def forget_cache(images: ImageStore, folder: Path) -> None:
    """Remove a cache that is done with, and what was written down of it.

    Args:
        images: The store that its images came from.
        folder: The cache.
    """
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        noted = _place(images, folder)
        noted.unlink(missing_ok=True)
        noted.with_suffix(_DROPPED).unlink(missing_ok=True)


def drop_erased_caches(records: Records) -> int:
    """Remove every cache that shows an image that the records have no more; return how many.

    Args:
        records: The records, after what was erased is gone for good.

    Raises:
        StorageError: A cache could not be removed, or what was written down of it not be read.
    """
    found = list(_folder(records.images).glob(f"*{_NOTED}"))
    n_dropped = 0
    if found:
        with records.reading() as session:
            known = set(session.scalars(select(Image.sha256)))
        for noted in found:
            entry = _read(noted)
            if set(entry.images) - known:
                _drop(noted)
                n_dropped += 1
            elif not Path(entry.folder).exists() and _has_ended(entry):
                noted.unlink(missing_ok=True)
    _clear_dropped(records.images)
    return n_dropped


def _clear_dropped(images: ImageStore) -> None:
    """Remove what can be reached of the caches that must not stay, and then their entries.

    The entry of a training that may still run stays: it may be writing to its cache.
    """
    for dropped in _folder(images).glob(f"*{_DROPPED}"):
        entry = _read(dropped)
        try:
            if Path(entry.folder).exists():
                shutil.rmtree(entry.folder)
        except OSError as error:
            raise _left_behind(f"its folder cannot be removed ({error.strerror})") from error
        if _has_ended(entry):
            dropped.unlink(missing_ok=True)


def _has_ended(entry: _Entry) -> bool:
    return entry.machine == platform.node() and not is_running(str(entry.process))


def _read(path: Path) -> _Entry:
    try:
        return _Entry(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _left_behind(f"'{path.name}' in '{_FOLDER}' cannot be read") from error


def _folder(images: ImageStore) -> Path:
    return images.folder.parent / _FOLDER


def _place(images: ImageStore, folder: Path) -> Path:
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return _folder(images) / f"{name}{_NOTED}"


def _drop(noted: Path) -> None:
    with suppress(FileNotFoundError):  # somebody else does the same at this moment
        noted.rename(noted.with_suffix(_DROPPED))


def _left_behind(reason: str) -> StorageError:
    return StorageError(
        "Decoded pixels of erased images must go with them; of a training's cache "
        f"{reason}. The records themselves are erased. Remove what lies in learn/*/cache below the "
        "runs, then run: cancerapy records sweep",
        code="erasure_incomplete",
    )


def _erased_meanwhile() -> DataError:
    return DataError(
        "Images that are learnt from must stay in the records until the training is done; some "
        "were erased meanwhile, and their decoded pixels with them. No model was made: run the "
        "same command again, which learns from what is left.",
        code="data_missing",
    )
