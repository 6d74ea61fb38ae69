"""Writes tiny data sets; layouts read no pixels, so most images may be empty files."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

Touch = Callable[[Iterable[str]], Path]


@pytest.fixture
def touch(tmp_path: Path) -> Touch:
    """Return a function that makes empty files below a folder and returns the folder."""

    def make(names: Iterable[str]) -> Path:
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path

    return make
