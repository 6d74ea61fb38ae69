"""Check a data set before anything is trained on it, and report all faults at once."""

import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

import numpy as np

from cancerapy.cancers import Cancer, Source
from cancerapy.data.duplicates import duplicate_pairs
from cancerapy.data.fingerprints import Fingerprints, fingerprint_files
from cancerapy.data.progress import Progress, silent
from cancerapy.errors import DataError
from cancerapy.layouts.sample import IMAGE_SUFFIXES, Sample

_UNUSUAL_SIZE = 4.0
_EXAMPLES = 3


class FaultKind(StrEnum):
    """What can be wrong; the values are the words of the report."""

    LAYOUT = "layout"
    MISSING = "missing"
    CORRUPT = "corrupt"
    UNLABELLED = "unlabelled"
    UNKNOWN_LABEL = "unknown label"
    UNGROUPED = "no group"
    CONTRADICTION = "contradicting labels"
    TOO_SMALL = "too small"
    LISTED_TWICE = "listed twice"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near-duplicate across groups"
    UNUSUAL_SIZE = "implausible size"
    UNLISTED = "not in the table"

    @property
    def is_error(self) -> bool:
        """Whether training must not go on; the other faults are dealt with or harmless."""
        return self in _ERRORS


_ERRORS = frozenset(list(FaultKind)[: list(FaultKind).index(FaultKind.LISTED_TWICE) + 1])


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Args:
        kind: What is wrong.
        path: The file, relative to the data set's folder; empty for a fault of the whole.
        detail: The particulars in words.
    """

    kind: FaultKind
    path: str
    detail: str = ""

    def in_words(self, *, with_kind: bool = True) -> str:
        """Return the fault as one line.

        Args:
            with_kind: Begin with its kind.
        """
        both = f"{self.path} ({self.detail})" if self.path and self.detail else ""
        words = both or self.path or self.detail
        return f"{self.kind.value}: {words}" if with_kind else words


@dataclass(frozen=True)
class IntegrityReport:
    """All faults of a data set.

    Args:
        title: Name of the data set.
        n_samples: Images that its tables list.
        n_groups: Their groups.
        faults: All faults, errors first.
    """

    title: str
    n_samples: int
    n_groups: int
    faults: tuple[Fault, ...]

    @property
    def counts(self) -> dict[FaultKind, int]:
        """Number of faults by kind, without the kinds that do not occur, errors first."""
        found = Counter(fault.kind for fault in self.faults)
        return {kind: found[kind] for kind in FaultKind if found[kind]}

    @property
    def has_errors(self) -> bool:
        """Whether any fault keeps the data set from being used."""
        return any(fault.kind.is_error for fault in self.faults)

    def of_kind(self, kind: FaultKind) -> Iterator[Fault]:
        """Yield the faults of one kind in the order of the samples."""
        return (fault for fault in self.faults if fault.kind is kind)

    def rows(self) -> list[tuple[str, str, int, str]]:
        """Return a row per kind: severity, kind, number, and up to three examples."""
        result = []
        for kind, number in self.counts.items():
            examples = islice(self.of_kind(kind), _EXAMPLES)
            shown = [fault.in_words(with_kind=False) for fault in examples]
            more = "; ..." if number > len(shown) else ""
            severity = "error" if kind.is_error else "warning"
            result.append((severity, kind.value, number, "; ".join(shown) + more))
        return result

    def table(self) -> str:
        """Return the report as plain text, one line per kind of fault."""
        head = f"{self.title}: {self.n_samples} images in {self.n_groups} groups"
        if not self.faults:
            return f"{head}, no faults."
        lines = [f"{s:8} {number:6}  {kind}: {text}" for s, kind, number, text in self.rows()]
        return "\n".join([f"{head}, {len(self.faults)} faults:", *lines])


def check_data(
    cancer: Cancer,
    source: Source,
    data_root: Path,
    *,
    cache: Path | None = None,
    progress: Progress = silent,
) -> IntegrityReport:
    """Look for everything that can be wrong with a data set; decodes every image.

    Errors: tables that cannot be read, missing, damaged or unlabelled files, values that the
    cancer does not have, images of no known group, images or identical pictures with different
    labels, pictures below the least size, rows given twice. Warnings: duplicates (they are joined
    into one group), sizes far from the others', image files that no table lists.

    Args:
        cancer: Whose labels and least size count.
        source: Which data set.
        data_root: Holds the data set's folder.
        cache: Folder that keeps fingerprints of pictures between calls.
        progress: Told of each file decoded.

    Returns:
        The report; faults are never raised.
    """
    root = data_root / source.folder
    faults: list[Fault] = []
    samples: list[Sample] = []
    try:
        samples = source.read_samples(root)
    except DataError as error:
        faults.append(Fault(FaultKind.LAYOUT, "", error.message))
    faults += table_faults(samples, root, cancer, source)
    unlisted = _unlisted(samples, root)
    faults += [Fault(FaultKind.UNLISTED, path) for path in unlisted] if samples else []
    # With tables that cannot be read, the pictures themselves can still be checked.
    pictures = [s for s in samples if s.is_at(root)] or [
        Sample(path, {}, path) for path in unlisted
    ]
    prints = fingerprint_files([s.at(root) for s in pictures], cache=cache, progress=progress)
    faults += _picture_faults(pictures, prints, cancer.input.min_side_px)
    faults += _duplicate_faults(pictures, prints)
    order = list(FaultKind)
    faults.sort(key=lambda fault: order.index(fault.kind))
    groups = {sample.group for sample in samples} - {""}
    return IntegrityReport(source.title, len(samples), len(groups), tuple(faults))


def check_command(cancer: str, source: str, data_root: Path) -> str:
    """Return the command that checks a data set.

    Args:
        cancer: Id of the cancer whose data set it is.
        source: Its folder.
        data_root: Holds its folder.
    """
    return f"cancerapy data check {cancer} --source {source} --data {shlex.quote(str(data_root))}"


def table_faults(
    samples: Sequence[Sample], root: Path, cancer: Cancer, source: Source
) -> Iterator[Fault]:
    """Yield what is wrong with the tables of a data set; no picture is read.

    Args:
        samples: What they list.
        root: The data set's folder.
        cancer: Whose values count.
        source: The data set.
    """
    values = {factor.name: factor.values for factor in cancer.network.factors}
    for sample in samples:
        is_there = sample.is_at(root)
        if not is_there:
            yield Fault(FaultKind.MISSING, sample.path, sample.absent_because)
        elif not sample.group:
            yield Fault(FaultKind.UNGROUPED, sample.path, f"its {source.group} is not known")
        if not sample.labels:
            yield Fault(FaultKind.UNLABELLED, sample.path)
        for factor, value in sample.labels.items():
            if value not in values.get(factor, (value,)):
                yield Fault(FaultKind.UNKNOWN_LABEL, sample.path, f"{factor} is '{value}'")
    yield from _repeated(samples, source.group)


def _repeated(samples: Sequence[Sample], group: str) -> Iterator[Fault]:
    """Yield the images of more than one row, and in what their rows differ."""
    rows: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        rows[sample.path].append(sample)
    for path, found in rows.items():
        if len(found) == 1:
            continue
        yield Fault(FaultKind.LISTED_TWICE, path, f"{len(found)} rows")
        for factor in sorted({name for sample in found for name in sample.labels}):
            told = _different(sample.labels.get(factor, "") for sample in found)
            if told:
                yield Fault(FaultKind.CONTRADICTION, path, f"{factor} {told} in its rows")
        told = _different(sample.group for sample in found)
        if told:
            yield Fault(FaultKind.CONTRADICTION, path, f"{group} {told} in its rows")


def _different(values: Iterable[str]) -> str:
    """Return different values in words, in their order; empty if there is only one."""
    found = list(dict.fromkeys(values))
    return " and ".join(f"'{value}'" for value in found) if len(found) > 1 else ""


def _unlisted(samples: list[Sample], root: Path) -> list[str]:
    listed = {sample.path for sample in samples}
    found = (
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.suffix.lower() in IMAGE_SUFFIXES and path.is_file()
    )
    return sorted(path for path in found if path not in listed)


def _picture_faults(
    samples: list[Sample], prints: Fingerprints, min_side_px: int
) -> Iterator[Fault]:
    readable = prints.faults == ""
    usual = np.median(prints.sizes[readable], axis=0) if readable.any() else np.ones(2)
    for row, sample in enumerate(samples):
        height, width = (int(side) for side in prints.sizes[row])
        shown = f"{width} x {height} px"
        if not readable[row]:
            yield Fault(FaultKind.CORRUPT, sample.path, str(prints.faults[row]))
        elif min(height, width) < min_side_px:
            yield Fault(FaultKind.TOO_SMALL, sample.path, f"{shown}, at least {min_side_px} needed")
        elif max(np.max(prints.sizes[row] / usual), np.max(usual / prints.sizes[row])) > (
            _UNUSUAL_SIZE
        ):
            usually = f"usually {usual[1]:.0f} x {usual[0]:.0f}"
            yield Fault(FaultKind.UNUSUAL_SIZE, sample.path, f"{shown}, {usually}")


def _duplicate_faults(samples: list[Sample], prints: Fingerprints) -> Iterator[Fault]:
    for pair in duplicate_pairs(prints):
        first, second = samples[pair.first], samples[pair.second]
        if first.path == second.path:
            continue
        if pair.is_identical:
            yield Fault(FaultKind.DUPLICATE, second.path, f"the same pixels as {first.path}")
            for factor in sorted(first.labels.keys() & second.labels.keys()):
                values = first.labels[factor], second.labels[factor]
                if values[0] != values[1]:
                    told = f"'{values[1]}', but '{values[0]}' for the same {first.path}"
                    yield Fault(FaultKind.CONTRADICTION, second.path, f"{factor} {told}")
        elif first.group != second.group:
            yield Fault(FaultKind.NEAR_DUPLICATE, second.path, f"looks like {first.path}")
