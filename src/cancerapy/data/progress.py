"""Progress bars on stderr: of files counted, and of bytes that arrive. Silent off a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

Report = Callable[[int, int], None]
"""Called with what is done and the total (0 where unknown)."""


@contextmanager
def counting(title: str) -> Iterator[Report]:
    """Show how many of a number of things are done."""
    with _bar(title, MofNCompleteColumn()) as report:
        yield report


@contextmanager
def downloading(title: str) -> Iterator[Report]:
    """Show bytes, speed and remaining time."""
    with _bar(title, DownloadColumn(), TransferSpeedColumn()) as report:
        yield report


@contextmanager
def _bar(title: str, *columns: ProgressColumn) -> Iterator[Report]:
    bars = Progress(
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
