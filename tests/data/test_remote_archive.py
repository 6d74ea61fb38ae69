"""Single files out of an archive on a server of this machine."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cancerapy.cancers import Download
from cancerapy.data.remote_archive import open_remote
from cancerapy.errors import DownloadError

Zipped = Callable[..., bytes]


def _random(seed: int, n_bytes: int) -> bytes:
    return np.random.default_rng(seed).bytes(n_bytes)  # nothing that packing makes smaller


@pytest.fixture
def item(site: Any, zipped: Zipped) -> Download:
    """Return an archive of 40 files of 50,000 bytes."""
    site.content["/a.zip"] = zipped({f"x/{n}.bin": _random(n, 50_000) for n in range(40)})
    return Download(f"{site.url}/a.zip", "a.zip", None, 2_000_000)


def test_only_what_is_wanted_is_fetched(site: Any, item: Download) -> None:
    with open_remote(item) as archive:
        assert [m.filename for m in archive.members] == [f"x/{n}.bin" for n in range(40)]
        assert archive.read("x/3.bin") == _random(3, 50_000)
    spans = [asked.removeprefix("bytes=").split("-") for _, asked in site.requests]
    n_bytes = sum(int(last) - int(first) + 1 for first, last in spans)
    assert 50_000 < n_bytes < 600_000  # of two millions
    assert len(spans) < 10


def test_a_server_that_sends_no_parts(site: Any, item: Download) -> None:
    site.has_ranges = False
    with (
        pytest.raises(DownloadError, match=r"must hand out parts .* 200 OK\. Fetch all of it"),
        open_remote(item),
    ):
        pass


def test_what_is_no_archive(site: Any, item: Download) -> None:
    site.content["/a.zip"] = b"no archive at all"
    with (
        pytest.raises(DownloadError, match=r"'a\.zip' must be an undamaged zip archive"),
        open_remote(item),
    ):
        pass


def test_a_damaged_file_is_never_returned(site: Any, item: Download) -> None:
    whole = site.content["/a.zip"]
    site.content["/a.zip"] = whole[:20_000] + b"damage" + whole[20_006:]
    with open_remote(item) as archive:
        assert archive.read("x/1.bin") == _random(1, 50_000)
        with pytest.raises(DownloadError, match="must be an undamaged zip archive"):
            archive.read("x/0.bin")


def test_nobody_there_and_no_such_file(site: Any, item: Download) -> None:
    with (
        pytest.raises(DownloadError, match=r"http://127\.0\.0\.1:1/x must answer; it does not"),
        open_remote(replace(item, url="http://127.0.0.1:1/x")),
    ):
        pass
    with (
        pytest.raises(DownloadError, match="the server answers 404 Not Found"),
        open_remote(replace(item, url=f"{site.url}/gone.zip")),
    ):
        pass
