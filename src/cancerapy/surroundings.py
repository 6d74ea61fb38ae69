"""Where, when and with which code something is measured or trained, without names of places."""

import os
import platform
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

_CODE = Path(__file__).parent
_PYTHON = ":(glob)**/*.py"
"""What Git calls all Python files below a folder."""


def describe_machine() -> str:
    """Return processor model, architecture and number of cores; no name of the machine."""
    model = platform.processor()
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.is_file():
        lines = [line.partition(":") for line in cpu_info.read_text().splitlines()]
        model = next((v.strip() for k, _, v in lines if k.strip() == "model name"), model)
    return f"{model or 'processor'}, {platform.machine()}, {os.cpu_count()} cores"


def describe_command(arguments: Sequence[str]) -> str:
    """Return the command line of ``cancerapy`` to repeat, without places on this machine.

    Words with spaces are quoted, so that a shell reads it as it was.

    Args:
        arguments: What followed ``cancerapy``; of an absolute path the last part is kept.

    >>> describe_command(["evaluate", "skin", "--report", "/home/ada/reports"])
    'cancerapy evaluate skin --report reports'
    """
    return shlex.join(["cancerapy", *(_without_place(text) for text in arguments)])


def _without_place(text: str) -> str:
    option, equals, value = text.partition("=")
    path = Path(value if equals else text)
    if not path.is_absolute():
        return text
    return f"{option}={path.name}" if equals else path.name


def without_places(text: str) -> str:
    """Return a text in which of every absolute path only the last part is kept.

    >>> without_places("A=/home/ada/a.h5,B: '/srv/weights/b.h5' is not whole, see docs/a.md.")
    "A=a.h5,B: 'b.h5' is not whole, see docs/a.md."
    """
    return re.sub(r"(?<![\w.])/(?:[^\s'\"/,=]+/)+(?=[^\s'\"/,=])", "", text)


def describe_commit(folder: Path = _CODE) -> str:
    """Return the last commit that changed the code in ``folder``, ``+`` if changed since.

    Code is its Python files: that results or documentation were written since does not count. A
    commit that is rebased later is not in the published history.

    Args:
        folder: A folder of the checkout; by default this package's own.

    Returns:
        Nine digits of the commit; ``"unknown"`` outside a checkout and without Git.
    """
    try:
        commit = _ask_git(folder, "log", "-1", "--format=%h", "--abbrev=9", "--", _PYTHON)
        changed = _ask_git(folder, "status", "--porcelain", "--", _PYTHON)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    if not commit:
        return "unknown"
    return f"{commit}+" if changed else commit


def _ask_git(folder: Path, *words: str) -> str:
    git = shutil.which("git") or "git"
    asked = subprocess.run(  # noqa: S603 - fixed arguments, no shell
        [git, *words], cwd=folder, capture_output=True, text=True, check=True, timeout=20
    )
    return asked.stdout.strip()


def today() -> str:
    """Return today's date, ISO 8601, UTC."""
    return datetime.now(UTC).date().isoformat()
