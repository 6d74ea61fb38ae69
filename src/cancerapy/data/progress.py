"""What is told of work that takes long, and bars on stderr that show it; no bar off a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars

Progress = Callable[[int, int], None]
"""Called with what is done and the total (0 where unknown): files, bytes ..."""

StepProgress = Callable[[str, int, int], None]
"""Called with what is worked on, the number done and the total."""


def silent(*_: object) -> None:
    """Report no progress."""


@contextmanager
def counting(title: str) -> Iterator[Progress]:
    """Show how many of a number of things are done."""
    with _bar(title, MofNCompleteColumn()) as report:
        yield report


@contextmanager
def downloading(title: str) -> Iterator[Progress]:
    """Show bytes, speed and remaining time."""
    with _bar(title, DownloadColumn(), TransferSpeedColumn()) as report:
        yield report


@contextmanager
def _bar(title: str, *columns: ProgressColumn) -> Iterator[Progress]:
    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        *columns,
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with bars:
        task = bars.add_task(title, total=None)

        def report(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total or None)

        yield report
