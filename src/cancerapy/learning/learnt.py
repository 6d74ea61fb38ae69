"""What a model learnt from at the clinic: written down when it is made, read when it is judged."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError
from cancerapy.learning.versions import FOLDER, read_version


@dataclass(frozen=True, slots=True)
class Learnt:
    """The clinic's images that a model learnt from.

    Args:
        version: Number of the collected version; 0: from none.
        images: Their digests.
        patients: Whose they are.
    """

    version: int = 0
    images: frozenset[str] = frozenset()
    patients: frozenset[str] = frozenset()


def write_learnt(home: Path, cancer: str, bundle: str, told: Mapping[str, Any]) -> None:
    """Keep what a challenger was made of beside the collected versions.

    Args:
        home: Folder of the records.
        cancer: Cancer id.
        bundle: Name of its bundle.
        told: ``version`` (its name), ``dropped`` (digests of it that were not learnt from, each
            with the reason), and what else is worth knowing.
    """
    write_atomically(_file(home, cancer, bundle), json.dumps(told, indent=2) + "\n")


def read_learnt(home: Path, cancer: str, bundle: str) -> Learnt:
    """Return what a model learnt from; nothing, if it was not made from collected images.

    Args:
        home: Folder of the records.
        cancer: Cancer id.
        bundle: Name of its bundle.

    Raises:
        DataError: The note, or the version that it names, is damaged.
        UnknownNameError: That version is not there.
    """
    file = _file(home, cancer, bundle)
    if not file.is_file():
        return Learnt()
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        number, dropped = int(told["version"].rpartition("-")[2]), frozenset(told["dropped"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"What {bundle} learnt from must be readable, or it may be judged on patients whom it "
            f"knows; {file.name} in the folder 'learning' is not ({error}). Restore it from a "
            f"backup, or run this again, which writes it: cancerapy learn retrain {cancer}"
        ) from error
    version = read_version(home, cancer, number)
    cases = [case for case in version.cases if case.sha256 not in dropped]
    return Learnt(
        version.number,
        frozenset(case.sha256 for case in cases),
        frozenset(case.patient for case in cases),
    )


def _file(home: Path, cancer: str, bundle: str) -> Path:
    return home / FOLDER / cancer / "challengers" / f"{bundle}.json"
