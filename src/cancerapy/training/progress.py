"""Show how a training goes on: a moving bar on a terminal, a line per epoch elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class RichDisplay:
    """Progress on stderr; use as a context manager.

    Args:
        title: What is trained, shown before every line.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.console = Console(stderr=True)
        self._live = sys.stderr.isatty()
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=self.console,
            disable=not self._live,
        )
        self._task: TaskID | None = None
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        """Start drawing."""
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing."""
        self._bars.stop()

    def say(self, text: str) -> None:
        """Write a line."""
        self.console.print(f"{self.title}: {text}", highlight=False)

    def step(self, what: str, done: int, total: int, note: str = "") -> None:
        """Show ``done`` of ``total`` of the work called ``what``."""
        if not self._live:
            if done == total:
                self.say(f"{what}: {total} done")
            return
        if self._task is None:
            self._task = self._bars.add_task(what, total=total, note=note)
        self._bars.update(self._task, description=what, completed=done, total=total, note=note)
        if done == total:
            self._bars.remove_task(self._task)
            self._task = None

    def batch(self, epoch: str, done: int, total: int, loss: float) -> None:
        """Show a finished batch of the epoch that is called so."""
        if done == 1:
            self._began = time.monotonic()
        if self._live:
            self.step(f"{self.title}: {epoch}", done, total, f"loss {loss:.3f}")

    def epoch(self, epoch: str, row: dict[str, float]) -> None:
        """Write an epoch's figures in one line."""
        figures = "  ".join(f"{k} {v:.4g}" for k, v in row.items() if k != "epoch")
        seconds = time.monotonic() - self._began
        self.say(f"{epoch}: {figures}  ({seconds:.0f} s)")
