"""Data sets from a server on this machine, and those that a person has to get."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cancers import Cancer, Download, Source
from cancerapy.data.download import download_source, is_here
from cancerapy.data.fetch import Patience
from cancerapy.errors import DownloadError, MissingDependencyError

HASTE = Patience(attempts=3, wait_s=0.001, timeout_s=5)


@pytest.fixture
def fetched(site: Any, toy: Cancer, zipped: Callable[..., bytes]) -> Source:
    """Return a data set of an archive and a table."""
    site.content["/a.zip"] = zipped({"tiles/one.png": b"1"})
    site.content["/table.csv"] = b"x"
    downloads = tuple(
        Download(f"{site.url}/{name}", name, None, 100) for name in ("a.zip", "table.csv")
    )
    return replace(toy.sources[0], downloads=downloads, instructions="")


def test_a_source_is_unpacked(toy: Cancer, fetched: Source, tmp_path: Path) -> None:
    folder = download_source(toy, fetched, tmp_path, patience=HASTE)
    assert folder == tmp_path / "toyset"
    assert (folder / "tiles" / "one.png").read_bytes() == b"1"
    assert (folder / "table.csv").read_bytes() == b"x"


def test_images_without_their_archive_are_not_fetched_again(
    site: Any, toy: Cancer, fetched: Source, tmp_path: Path
) -> None:
    folder = download_source(toy, fetched, tmp_path, patience=HASTE)
    (folder / "a.zip").unlink()
    assert not is_here(fetched, tmp_path)  # the table is one of the files fetched: it goes on
    (folder / "table.csv").unlink()
    assert is_here(fetched, tmp_path)
    n_requests = len(site.requests)
    assert download_source(toy, fetched, tmp_path, patience=HASTE) == folder
    assert len(site.requests) == n_requests


@pytest.mark.parametrize("begun", ["a.zip", "table.csv.part"])
def test_what_was_begun_is_finished(
    toy: Cancer, fetched: Source, tmp_path: Path, begun: str
) -> None:
    (tmp_path / "toyset").mkdir()
    (tmp_path / "toyset" / "other.png").touch()
    assert is_here(fetched, tmp_path)
    (tmp_path / "toyset" / begun).touch()
    assert not is_here(fetched, tmp_path)


@pytest.mark.parametrize(
    ("because", "head"),
    [
        ("its owner is asked", "'Toy set' must be got by hand: its owner is asked."),
        ("", "'Toy set' must be got by hand."),
    ],
)
def test_what_a_person_has_to_do(toy: Cancer, tmp_path: Path, because: str, head: str) -> None:
    source = replace(toy.sources[0], by_hand_because=because)
    with pytest.raises(DownloadError) as caught:
        download_source(toy, source, tmp_path)
    assert caught.value.code == "download_by_hand"
    assert caught.value.message.splitlines() == [
        head,
        "  licence: CC0-1.0",
        f"  folder:  {tmp_path / 'toyset'}",
        "  Ask me.",
        f"Then run: cancerapy data check toy --source toyset --data {tmp_path}",
    ]


def test_only_a_real_download_needs_its_package(
    toy: Cancer, fetched: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    monkeypatch.delitem(sys.modules, "cancerapy.data.fetch")
    with pytest.raises(DownloadError, match="by hand"):
        download_source(toy, toy.sources[0], tmp_path)
    with pytest.raises(MissingDependencyError, match=r"Downloading 'Toy set' needs .*'httpx'"):
        download_source(toy, fetched, tmp_path)
