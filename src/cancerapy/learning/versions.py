"""Versions of the collected data set: numbered files that never change.

``<home>/learning/<cancer>/<number>.json`` names images by digest; the pixels stay in the image
store of the records alone, so that an erasure there is an erasure everywhere.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cancerapy.atomic import write_once
from cancerapy.data.cache import digest_of
from cancerapy.errors import DataError, UnknownNameError

FOLDER = "learning"


@dataclass(frozen=True, slots=True)
class Case:
    """An image that may be learnt from.

    Args:
        sha256: Digest of its bytes.
        patient: Id of the patient in the records; stays on one side of every split.
        labels: Confirmed value of each factor.
        reviewers: Who confirmed it.
    """

    sha256: str
    patient: str
    labels: Mapping[str, str]
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A label that is probably wrong; it is named and nothing else.

    Args:
        image: Digest of a collected image, or path of one of the shipped data set.
        is_new: Whether it is a collected one.
        task: The task whose answers cast the doubt.
        given: Class that it is said to be.
        likely: Class that the machine holds it for.
        self_confidence: Probability, 0..1, that the machine gives to the class it is said to be.
    """

    image: str
    is_new: bool
    task: str
    given: str
    likely: str
    self_confidence: float


@dataclass(frozen=True)
class Version:
    """One version of a cancer's collected data set.

    Args:
        cancer: Cancer id.
        number: From 1; 0 stands for nothing collected yet.
        parent: Number of the version before; 0 for the first.
        cases: The images, sorted by digest.
        left_out: Why each other image is not in it, by digest.
        gone: Digests that the parent had and this one has not.
        evaluation: Digest of the pictures that it was kept apart from.
        kept_apart_from: Names of their data sets.
        doubts: Labels, old and new, that are probably wrong.
        created: Date, ISO 8601.
    """

    cancer: str
    number: int
    parent: int
    cases: tuple[Case, ...]
    left_out: Mapping[str, str]
    gone: tuple[str, ...]
    evaluation: str
    kept_apart_from: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    created: str

    @cached_property
    def digest(self) -> str:
        """First 16 digits of a SHA-256 over images, labels and patients."""
        rows = [[c.sha256, c.patient, dict(sorted(c.labels.items()))] for c in self.cases]
        return digest_of(self.cancer, rows)

    @property
    def name(self) -> str:
        """Word that names it in messages and provenance."""
        return f"{self.cancer}-collected-{self.number}"


def version_numbers(home: Path, cancer: str) -> list[int]:
    """Return the numbers of all versions, ascending."""
    files = (home / FOLDER / cancer).glob("*.json")
    return sorted(int(file.stem) for file in files if file.stem.isdecimal())


def read_version(home: Path, cancer: str, number: int | None = None) -> Version:
    """Read a version, by default the newest.

    Raises:
        UnknownNameError: There is no such version.
        DataError: There is none at all, or it is damaged.
    """
    numbers = version_numbers(home, cancer)
    if not numbers:
        raise DataError(
            f"A collected version of {cancer} is needed; there is none. Make one with: cancerapy "
            f"learn collect {cancer}",
            code="data_missing",
        )
    if number is not None and number not in numbers:
        raise UnknownNameError.of("version", str(number), map(str, numbers))
    file = _file(home, cancer, numbers[-1] if number is None else number)
    try:
        values: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        digest = values.pop("digest")
        version = Version(**{**values, **_typed(values)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(file, f"cannot be read: {error}") from error
    if version.digest != digest:
        raise _damaged(file, f"has digest {version.digest} where {digest} is written")
    return version


def write_version(home: Path, version: Version) -> Path:
    """Write a version, whole or not at all; one that exists is never replaced.

    Raises:
        DataError: There is a version of that number by now.
        StorageError: It could not be written.
    """
    file = _file(home, version.cancer, version.number)
    text = json.dumps({**asdict(version), "digest": version.digest}, indent=2) + "\n"
    try:
        write_once(file, text, f"writing {version.name}")
    except FileExistsError as error:
        raise DataError(
            f"A version never changes; '{version.name}' exists already. Somebody else collected "
            "at the same time: collect again."
        ) from error
    return file


def _file(home: Path, cancer: str, number: int) -> Path:
    return home / FOLDER / cancer / f"{number:06d}.json"


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn JSON's lists back into what a version holds."""
    cases = (Case(**{**c, "reviewers": tuple(c["reviewers"])}) for c in values["cases"])
    return {
        "cases": tuple(cases),
        "doubts": tuple(Doubt(**doubt) for doubt in values["doubts"]),
        "gone": tuple(values["gone"]),
        "kept_apart_from": tuple(values["kept_apart_from"]),
    }


def _damaged(file: Path, what: str) -> DataError:
    return DataError(
        f"A collected version must be as it was written; '{file.name}' {what}. Restore it from a "
        "backup, or collect anew: the next version holds what may be learnt from now."
    )
