"""A few real images, with attribution."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cancers import Cancer
from cancerapy.data.examples import ATTRIBUTION, copy_examples, is_open
from cancerapy.data.summary import summarise_data
from cancerapy.errors import DataError, StorageError

ROWS = [("1.png", "a", "1", "p"), ("2.png", "a", "1", "q"), ("3.png", "b", "1", "r")]


def test_copies_and_attribution(
    toy: Cancer, write_toy: Callable[[Any], Path], tmp_path: Path
) -> None:
    source = toy.sources[0]
    summary = summarise_data(toy, source, write_toy(ROWS))
    out = tmp_path / "out"
    copies = copy_examples(summary, source, out, per_class=2, seed=0)
    assert {path.name for path in copies} == {"a-1.png", "a-2.png", "b-3.png"}
    for path in copies:
        assert path.read_bytes() == (summary.root / path.name[2:]).read_bytes()
    text = (out / ATTRIBUTION).read_text()
    for part in ("Toy set", "doi:10.1/x", "CC0-1.0", "b-3.png  <-  3.png"):
        assert part in text


def test_closed_licences_and_full_disks(
    toy: Cancer, write_toy: Callable[[Any], Path], tmp_path: Path
) -> None:
    closed = replace(toy.sources[0], licence="research use only")
    summary = summarise_data(toy, closed, write_toy(ROWS))
    with pytest.raises(DataError, match=r"of 'Toy set' is 'research use only'") as caught:
        copy_examples(summary, closed, tmp_path / "out", per_class=1, seed=0)
    assert caught.value.code == "licence_closed"
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="copying samples to"):
        copy_examples(summary, toy.sources[0], tmp_path / "file", per_class=1, seed=0)


@pytest.mark.parametrize(
    ("licence", "expected"),
    [("CC-BY-4.0", True), ("CC-BY-NC-4.0", True), ("CC0-1.0", True), ("on request", False)],
)
def test_open_licences(toy: Cancer, licence: str, expected: bool) -> None:
    assert is_open(replace(toy.sources[0], licence=licence)) == expected
