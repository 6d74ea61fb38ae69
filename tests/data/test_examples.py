"""A few real images, with attribution."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cancers import Cancer, Download
from cancerapy.data.examples import (
    ATTRIBUTION,
    copy_examples,
    fetch_examples,
    is_fetchable,
    is_open,
)
from cancerapy.data.summary import summarise_data
from cancerapy.errors import DataError, DownloadError, StorageError
from cancerapy.layouts import folder_per_class

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
    with pytest.raises(
        DataError,
        match=r"begins with CC0 or CC-BY, as CC-BY-4\.0 does; that of 'Toy set' is 'research use",
    ) as caught:
        copy_examples(summary, closed, tmp_path / "out", per_class=1, seed=0)
    assert caught.value.code == "licence_closed"
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="copying samples to"):
        copy_examples(summary, toy.sources[0], tmp_path / "file", per_class=1, seed=0)


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC-BY-4.0", True),
        ("CC-BY-NC-4.0", True),
        ("CC0-1.0", True),
        ("on request", False),
        ("CC BY 4.0", True),
        ("Licence of the images", False),
    ],
)
def test_open_licences(toy: Cancer, licence: str, expected: bool) -> None:
    assert is_open(replace(toy.sources[0], licence=licence)) == expected


def test_images_are_picked_out_of_an_archive_elsewhere(
    site: Any, toy: Cancer, zipped: Callable[..., bytes], tmp_path: Path
) -> None:
    names = [f"set/{value}/p{n}__x.png" for value in "ab" for n in range(9)]
    site.content["/a.zip"] = zipped({**{n: n.encode() for n in names}, "set/notes.txt": b"n"})
    source = replace(
        toy.sources[0],
        read_samples=partial(folder_per_class.read_samples, factor="finding"),
        downloads=(Download(f"{site.url}/a.zip", "a.zip", None, 1),),
    )
    assert is_fetchable(source)
    found = fetch_examples(toy, source, tmp_path / "out", per_class=2, seed=1)
    assert [path.name[:3] for path in found] == ["a-p", "a-p", "b-p", "b-p"]
    for path in found:
        value, _, name = path.name.partition("-")
        assert path.read_text() == f"set/{value}/{name}"
    text = (tmp_path / "out" / ATTRIBUTION).read_text()
    assert f"{found[0].name}  <-  {found[0].read_text()}" in text


def test_an_archive_that_leads_outside_is_refused(
    site: Any, toy: Cancer, zipped: Callable[..., bytes], tmp_path: Path
) -> None:
    site.content["/a.zip"] = zipped({"../x.png": b"x"})
    downloads = (Download(f"{site.url}/a.zip", "a.zip", None, 1),)
    with pytest.raises(DownloadError, match=r"holds '\.\./x\.png'"):
        fetch_examples(
            toy, replace(toy.sources[0], downloads=downloads), tmp_path, per_class=1, seed=0
        )


def test_what_can_be_fetched(toy: Cancer) -> None:
    one = Download("https://x/a.zip", "a.zip", None, 1)
    source = replace(toy.sources[0], downloads=(one,))
    assert is_fetchable(source)
    assert not is_fetchable(replace(source, licence="research use only"))
    assert not is_fetchable(replace(source, downloads=()))
    assert not is_fetchable(replace(source, downloads=(one, replace(one, file_name="b.zip"))))
    assert not is_fetchable(replace(source, downloads=(replace(one, file_name="a.tar"),)))
