"""What must never be learnt from: pictures and patients that models are measured on.

A picture counts as one of them also if it was scaled, compressed again, turned by a quarter or
mirrored.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cancerapy.arrays import Image
from cancerapy.cancers import Cancer
from cancerapy.data.cache import digest_of
from cancerapy.data.duplicates import MAX_DISTANCE_BITS, duplicate_pairs
from cancerapy.data.fingerprints import (
    Fingerprints,
    fingerprint_files,
    fingerprint_pictures,
    join_fingerprints,
)
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import DataError


@dataclass(frozen=True, eq=False)
class EvaluationSide:
    """The pictures and groups of all data sets that models of a cancer are measured on.

    Args:
        prints: Fingerprints of N pictures.
        groups: Patients, lesions and slides as the data sets name them.
        sources: Names of the data sets.
    """

    prints: Fingerprints
    groups: frozenset[str]
    sources: tuple[str, ...]

    @property
    def digest(self) -> str:
        """First 16 digits of a SHA-256 over the pictures."""
        return digest_of(sorted(self.prints.pixels.tolist()))

    def holds(self, picture: Image) -> bool:
        """Return whether a picture (H, W, 3) is among these, turned or mirrored in any way."""
        own = fingerprint_pictures(turned(picture))
        bits = np.bitwise_count(self.prints.hashes[:, None] ^ own.hashes[None, :])
        near = bits.min(axis=1, initial=64) <= MAX_DISTANCE_BITS
        rows = np.flatnonzero(near | np.isin(self.prints.pixels, own.pixels))
        pairs = duplicate_pairs(join_fingerprints(self.prints.take(rows), own))
        return any(pair.first < len(rows) <= pair.second for pair in pairs)


def read_evaluation_side(
    cancer: Cancer, data: Path, *, cache: Path | None = None, progress: Progress = silent
) -> EvaluationSide:
    """Read every data set of a cancer that is at hand.

    Args:
        cancer: Whose data sets.
        data: Root of the data sets.
        cache: Folder that keeps fingerprints between calls.
        progress: Told of each picture that is decoded.

    Raises:
        DataError: The data set that the shipped model was measured on is not there: then nothing
            could be kept away from it. Or a picture of one cannot be read.
    """
    sources = [source for source in cancer.sources if (data / source.folder).is_dir()]
    main = next(source for source in cancer.sources if not source.external)
    if main not in sources:
        raise DataError(
            f"Collecting must keep what models are measured on apart; '{main.folder}' is not in "
            f"'{data}'. Get it with 'cancerapy data download {cancer.id}', or name its folder "
            "with --data.",
            code="data_missing",
        )
    samples = [(s, source) for source in sources for s in source.read_samples(data / source.folder)]
    paths = [s.at(data / source.folder) for s, source in samples]
    groups = frozenset(s.group for s, _ in samples if s.group)
    prints = fingerprint_files(paths, cache=cache, progress=progress)
    if n_unreadable := int((prints.faults != "").sum()):
        raise DataError(
            f"Collecting must compare with every picture that models are measured on; "
            f"{n_unreadable} of {len(paths)} cannot be read. Fetch them again; 'cancerapy data "
            f"check {cancer.id} --all' names them.",
            code="data_corrupt",
        )
    return EvaluationSide(prints, groups, tuple(source.folder for source in sources))


def turned(picture: Image) -> list[Image]:
    """Return the picture in its eight orientations, the untouched one first."""
    return [
        np.ascontiguousarray(np.rot90(side, quarters))
        for side in (picture, picture[:, ::-1])
        for quarters in range(4)
    ]
