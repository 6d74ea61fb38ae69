"""Lines on patients outside the database: what a training's folds answered to collected images.

A cross-validation keeps them in ``added/<fold>.csv``, a line an image with the patient's id, the
label and the digest, for as long as its model is compared with others. A training writes its folder
down beside the image store before it begins, and the entry stays. An erasure takes out every line
of an image or a patient that is gone, also those that a broken-off training left, and so does each
sweep: done twice it does no harm, so one that was interrupted is made good. An entry names a folder
of one machine, as for ``training_caches``.
"""

import csv
import hashlib
import io
import json
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select

from cancerapy.atomic import remove_abandoned, write_atomically
from cancerapy.errors import StorageError
from cancerapy.records.image_store import ImageStore
from cancerapy.records.session import Records
from cancerapy.records.tables import Image, Patient

GROUP = "collected:"
"""Begins the group of a collected image; the patient's id follows."""

_FOLDER = "training-answers"
_FILES = "added/*.csv"


@dataclass(frozen=True, slots=True)
class _Entry:
    folder: str
    machine: str


@contextmanager
def noted_answers(images: ImageStore, folder: Path) -> Iterator[None]:
    """Let a block keep answers to images of the records; afterwards none is to one that is gone.

    Args:
        images: The store that the images come from.
        folder: Below it lie the answers of this training alone, at any depth.

    Raises:
        StorageError: The folder could not be written down, and nothing was begun; or lines on an
            image that was erased meanwhile could not be removed.
    """
    entry = _Entry(str(folder.resolve()), platform.node())
    name = hashlib.sha256(entry.folder.encode()).hexdigest()[:16]
    text = json.dumps(asdict(entry))
    write_atomically(_place(images) / f"{name}.json", text, "writing down a training's answers")
    try:
        yield
    finally:
        _keep_lines(folder, lambda sha256, _: images.has(sha256))


def drop_erased_answers(records: Records) -> int:
    """Remove every line on an image or a patient that the records have no more; return how many.

    Args:
        records: The records, after what was erased is gone for good.

    Raises:
        StorageError: Lines could not be removed, or what was written down of them not be read.
    """
    found = list(_place(records.images).glob("*.json"))
    if not found:
        return 0
    with records.reading() as session:
        known = set(session.scalars(select(Image.sha256)))
        patients = set(session.scalars(select(Patient.id)))
    n_removed = 0
    for noted in found:
        entry = _read(noted)
        if Path(entry.folder).is_dir():
            n_removed += _keep_lines(
                Path(entry.folder), lambda sha256, own: sha256 in known and own in patients
            )
        elif entry.machine == platform.node():
            noted.unlink(missing_ok=True)
    return n_removed


def _keep_lines(folder: Path, is_known: Callable[[str, str], bool]) -> int:
    """Remove the lines below a folder whose digest and patient are not known; return how many."""
    n_removed = 0
    try:
        for file in sorted(folder.rglob(_FILES)):
            remove_abandoned(file)  # what a killed process wrote of it holds the same lines
            header, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
            kept = [r for r in rows if is_known(Path(r[0]).name, r[1].removeprefix(GROUP))]
            n_removed += len(rows) - len(kept)
            if not kept:
                file.unlink()
            elif len(kept) < len(rows):
                text = io.StringIO()
                csv.writer(text, lineterminator="\n").writerows([header, *kept])
                write_atomically(file, text.getvalue(), "removing lines on erased images")
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise _left_behind(f"lines cannot be removed ({type(error).__name__})") from error
    return n_removed


def _place(images: ImageStore) -> Path:
    return images.folder.parent / _FOLDER


def _read(path: Path) -> _Entry:
    try:
        return _Entry(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _left_behind(f"'{path.name}' in '{_FOLDER}' cannot be read") from error


def _left_behind(reason: str) -> StorageError:
    return StorageError(
        "A training's answers to erased images must go with them; of one "
        f"{reason}. The records themselves are erased. Remove the folders 'added' in "
        "learn/*/results below the runs, then run: cancerapy records sweep",
        code="erasure_incomplete",
    )
