"""What C and C++ libraries print to standard error, past Python, and how to leave lines out."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import RLock
from typing import IO

_lock = RLock()  # two overlapping blocks would put each other's file in the place of the screen


@contextmanager
def without_lines(noise: str) -> Iterator[None]:
    """Leave out lines that are written to the process's standard error in the block.

    All lines are held back until the block ends, those of other threads too, and then passed on
    but for the noise. If the block raises, every line is passed on: one of them may say why. Where
    there is no standard error, or no room for a temporary file, nothing is held back.

    Args:
        noise: Regular expression; lines that begin with it are left out.
    """
    with _lock, ExitStack() as stack:
        try:
            held = stack.enter_context(tempfile.TemporaryFile())
            screen = os.dup(2)
        except OSError:
            yield
            return
        _flush()
        os.dup2(held.fileno(), 2)
        left_out = ""
        try:
            yield
            left_out = noise
        finally:
            _flush()
            os.dup2(screen, 2)
            os.close(screen)
            _pass_on(held, left_out)


def _flush() -> None:
    if sys.stderr is not None:
        sys.stderr.flush()


def _pass_on(held: IO[bytes], noise: str) -> None:
    held.seek(0)
    for line in held:
        if not (noise and re.match(noise.encode(), line)):
            os.write(2, line)
