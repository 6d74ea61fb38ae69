"""A manifest: the table of a data set's samples with the digest of every file.

The digest of a manifest stands for exactly these files with exactly these labels and groups;
splits, caches and bundles name it.
"""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cancerapy.atomic import write_atomically
from cancerapy.cancers import Cancer, Source
from cancerapy.data.duplicates import joined_groups
from cancerapy.data.integrity import FaultKind, check_command, table_faults
from cancerapy.errors import DataError
from cancerapy.layouts.sample import Sample

_SHOWN = 20


@dataclass(frozen=True, eq=False)
class Manifest:
    """The samples of one data set of a cancer.

    Args:
        cancer: Cancer id.
        source: Folder name of the data set.
        root: The data set's folder.
        samples: N samples in a fixed order.
        sha256: Digest of each file's bytes.
        groups: (N,) what stays on one side, after duplicates of different groups were joined.
        factors: Values of each factor of the network, in the order of the logits.
    """

    cancer: str
    source: str
    root: Path
    samples: tuple[Sample, ...]
    sha256: tuple[str, ...]
    groups: NDArray[np.str_]
    factors: dict[str, tuple[str, ...]]

    @cached_property
    def digest(self) -> str:
        """First 16 digits of a SHA-256 over paths, bytes, labels and groups."""
        rows = [
            [s.path, digest, dict(sorted(s.labels.items())), str(group)]
            for s, digest, group in zip(self.samples, self.sha256, self.groups, strict=True)
        ]
        text = json.dumps([self.cancer, self.source, rows])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def content_digest(self) -> str:
        """First 16 digits of a SHA-256 over paths and bytes: names caches of pixels."""
        rows = [[s.path, digest] for s, digest in zip(self.samples, self.sha256, strict=True)]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]

    @property
    def check_command(self) -> str:
        """The command that checks the data set, for messages."""
        return check_command(self.cancer, self.source, self.root.parent)

    def labels(self, factor: str) -> NDArray[np.int64]:
        """Return (N,) the index of each sample's value of ``factor``; -1 where unknown."""
        index = {value: number for number, value in enumerate(self.factors[factor])}
        return np.array([index.get(s.labels.get(factor, ""), -1) for s in self.samples])

    def facts(self, name: str) -> list[str]:
        """Return each sample's fact ``name``; empty where unknown."""
        return [sample.facts.get(name, "") for sample in self.samples]


def build_manifest(
    cancer: Cancer,
    source: Source,
    data_root: Path,
    *,
    join_duplicates: bool = True,
    cache: Path | None = None,
) -> Manifest:
    """Read a data set and hash its files.

    Args:
        cancer: Whose factors the labels are.
        source: Which data set.
        data_root: Holds the data set's folder.
        join_duplicates: Join groups that share an image, see ``data.duplicates``.
        cache: Keeps digests by path, size and time, so that the next call is quick.

    Raises:
        DataError: The folder or files are missing, a label is not a value of its factor, an image
            is listed twice, or is of no known group; all are counted at once.
        StorageError: The cache cannot be written.
    """
    root = data_root / source.folder
    if not root.is_dir():
        raise DataError(
            f"The data set '{source.title}' must be in '{root}', which does not exist. "
            f"{_how_to_get(cancer, source)}",
            code="data_missing",
        )
    samples = tuple(source.read_samples(root))
    factors = {factor.name: factor.values for factor in cancer.network.factors}
    _check(samples, cancer, source, data_root)
    sha256 = _digests([sample.at(root) for sample in samples], cache)
    groups = np.array([sample.group for sample in samples])
    if join_duplicates:
        groups = joined_groups(
            [sample.at(root) for sample in samples],
            groups,
            check=check_command(cancer.id, source.folder, data_root),
            cache=cache,
        )
    return Manifest(cancer.id, source.folder, root, samples, sha256, groups, factors)


def _how_to_get(cancer: Cancer, source: Source) -> str:
    return source.instructions or f"Get it with: cancerapy data download {cancer.id}"


def _check(samples: tuple[Sample, ...], cancer: Cancer, source: Source, data_root: Path) -> None:
    """Refuse a data set whose tables have faults; a known label of some factors is enough."""
    root = data_root / source.folder
    found = table_faults(samples, root, cancer, source)
    faults = [fault for fault in found if fault.kind is not FaultKind.UNLABELLED]
    if samples and not faults:
        return
    is_incomplete = not samples or any(fault.kind is FaultKind.MISSING for fault in faults)
    shown = [fault.in_words() for fault in faults[:_SHOWN]] or ["no sample at all"]
    more = [f"... and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    get = f"{_how_to_get(cancer, source)}\n" if is_incomplete else ""
    raise DataError(
        f"The data set in '{root}' must have none of these faults; it has {max(1, len(faults))}:\n"
        + "".join(f"  {line}\n" for line in [*shown, *more])
        + f"{get}All of them: {check_command(cancer.id, source.folder, data_root)} --all",
        code="data_missing" if is_incomplete else None,
    )


def _digests(paths: list[Path], cache: Path | None) -> tuple[str, ...]:
    """Return the SHA-256 of every file; unchanged files are not read again."""
    store = cache / "file-digests.json" if cache else None
    known: dict[str, str] = {}
    if store and store.is_file():
        with suppress(ValueError):  # a damaged store is made anew
            known = json.loads(store.read_text())
    stamps = [_stamp(path) for path in paths]
    wanted = [number for number, stamp in enumerate(stamps) if stamp not in known]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda n: hashlib.sha256(paths[n].read_bytes()).hexdigest(), wanted)
        known |= {stamps[number]: digest for number, digest in zip(wanted, found, strict=True)}
    if store and wanted:
        write_atomically(store, json.dumps(known), "keeping the digests of files")
    return tuple(known[stamp] for stamp in stamps)


def _stamp(path: Path) -> str:
    state = path.stat()
    return f"{path.resolve()}|{state.st_size}|{state.st_mtime_ns}"
