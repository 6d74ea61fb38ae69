"""What a published value is: a figure, how it was come by, and what of ours may stand beside it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Leaking(StrEnum):
    """Whether images of one patient, lesion or slide stood on both sides of the split."""

    YES = "**LEAKING**"
    NO = "no"
    UNKNOWN = "unknown"


class Checked(StrEnum):
    """How the figure was checked when it was written down here."""

    READ = "read"
    MEMORY = "from memory"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class Own:
    """Figures of ours, by their place in the results rows.

    Args:
        task: Task id, or ``<cancer>/<factor>``.
        protocol: Name of the protocol.
        metrics: Metrics as in ``docs/reference/metrics.md``.
    """

    task: str
    protocol: str
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One published value.

    Args:
        who: Authors and year.
        task: The task of ours that it is nearest to.
        figure: The value with its metric, as published.
        protocol: On what data and how it was measured.
        split: What was kept together: image, lesion, patient, slide, or why there is no split.
        leaking: Whether the split leaks.
        source: DOI, arXiv number or address.
        checked: How the figure was checked.
        how: What exactly was read, and what was not.
        ours: Figures of ours to stand beside it; none where nothing of ours is of that kind.
        comparable: What may be compared.
        not_comparable: What may not, and why.
    """

    who: str
    task: str
    figure: str
    protocol: str
    split: str
    leaking: Leaking
    source: str
    checked: Checked
    how: str
    ours: tuple[Own, ...] = field(default=())
    comparable: str
    not_comparable: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """The published values on one cancer.

    Args:
        values: The values, in the order in which they are shown.
        left_out: Values that were looked for and are not here, each with the reason.
    """

    values: tuple[Published, ...]
    left_out: tuple[str, ...] = ()
