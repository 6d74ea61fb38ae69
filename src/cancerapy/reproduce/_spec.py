"""What an experiment is: what the report says, the parts that are measured, what follows."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cancerapy.evaluation.rows import Row
from cancerapy.settings import Settings

if TYPE_CHECKING:
    from cancerapy.reproduce.findings import Findings

CurveRow = Mapping[str, float | str]
"""One epoch or iteration of a run: ``fold``, ``stage``, ``epoch`` and its figures."""

QUICK = "quick-"
"""What the protocol of a row begins with that was only made to test the way through."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a part is run with.

    Args:
        settings: Folders of data, weights, cache, runs and results.
        plans: Folder of the plan files.
        experiment: Id of the experiment; its own folders carry it.
        quick: Go through every step on a few images: for tests.
        command: The command line, for the rows.
    """

    settings: Settings
    plans: Path
    experiment: str
    quick: bool = False
    command: str = ""

    def folder(self, part: str) -> Path:
        """Return where a part keeps its own unfinished work and predictions."""
        name = re.sub("[^a-z0-9]+", "-", part.lower())
        parent = f"{QUICK if self.quick else ''}{self.experiment}"
        return self.settings.runs / "reproduce" / parent / name

    def protocol(self, name: str) -> str:
        """Return how rows of this run call their protocol."""
        return f"{QUICK}{name}" if self.quick else name


@dataclass(frozen=True, slots=True)
class Yield:
    """What a part has measured.

    Args:
        rows: Figures; ``model`` of every row is the part's name.
        curves: How the training went, if it was one.
    """

    rows: Sequence[Row]
    curves: Sequence[CurveRow] = ()


class Part(Protocol):
    """One setting that is measured as a whole; what is finished is not run again."""

    @property
    def name(self) -> str:
        """What is set, in words; unique within the experiment."""

    def run(self, context: Context) -> Yield:
        """Measure it, going on where an interrupted run was."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the document.

    Args:
        file: Its name in ``docs/images/reproduction``.
        caption: What it shows.
        draw: Draws it from what was measured, to a path, with PNG metadata.
    """

    file: str
    caption: str
    draw: Callable[["Findings", Path, Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class Experiment:
    """One experiment of the report.

    Args:
        id: Word that names it on the command line.
        title: In words.
        place: Section and figures of the report.
        claim: What the report says, with its numbers.
        protocols: How the report measured, and how it is measured here.
        parts: What is measured, in order.
        columns: Figures of the document's table by metric, with their headings.
        conclude: Says in words what follows from what was measured.
        pictures: Drawn from what was measured.
    """

    id: str
    title: str
    place: str
    claim: str
    protocols: str
    parts: Sequence[Part]
    columns: Mapping[str, str]
    conclude: Callable[["Findings"], str]
    pictures: Sequence[Picture] = field(default=())
