"""A web server on this machine whose faults can be chosen, and tiny data sets."""

import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import Cancer, ClassLabel, Factor, Network, Source, Task
from cancerapy.layouts.sample import Sample
from cancerapy.layouts.table import read_samples


@dataclass
class Site:
    """What the server has and how it behaves.

    Args:
        url: Its address.
        content: Bytes by path.
        cuts: Bytes after which each of the next answers breaks off.
        statuses: Status of the next answers instead of the content.
        has_ranges: Whether it answers to ``Range``.
        etag: ETag of every file; empty for none.
        requests: Path and ``Range`` of every request.
    """

    url: str = ""
    content: dict[str, bytes] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    has_ranges: bool = True
    etag: str = '"1"'
    requests: list[tuple[str, str | None]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        site, asked = self.site, self.headers.get("Range")
        site.requests.append((self.path, asked))
        if site.statuses:
            self._refuse(site.statuses.pop(0))
            return
        data = site.content.get(self.path)
        if data is None:
            self._refuse(404)
            return
        start, end = self._span(asked, len(data))
        if start >= len(data) > 0:
            self._refuse(416, f"bytes */{len(data)}")
            return
        is_part = asked is not None and self._has_part()
        self.send_response(206 if is_part else 200)
        if is_part:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        if site.etag:
            self.send_header("ETag", site.etag)
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        cut = site.cuts.pop(0) if site.cuts else len(data)
        self.wfile.write(data[start : min(end, start + cut)])
        self.close_connection = True

    def _span(self, asked: str | None, size: int) -> tuple[int, int]:
        """Return begin and end: all without ranges or if the version is another."""
        if asked is None or not self._has_part():
            return 0, size
        first, _, last = asked.removeprefix("bytes=").partition("-")
        return int(first), min(size, int(last) + 1) if last else size

    def _has_part(self) -> bool:
        version = self.headers.get("If-Range")
        return self.site.has_ranges and version in (None, self.site.etag)

    def _refuse(self, status: int, content_range: str = "") -> None:
        self.send_response(status)
        if content_range:
            self.send_header("Content-Range", content_range)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a running server."""
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


def _read(folder: Path) -> list[Sample]:
    return read_samples(
        folder,
        image="file",
        labels={"finding": "finding", "density": "density"},
        group="patient",
        facts={"age": "age"},
    )


@pytest.fixture
def toy(toy_cancer: Cancer) -> Cancer:
    """Return a cancer with the factors finding (a, b) and density (1, 2) and one data set."""
    classes = tuple(
        ClassLabel(value, value.upper(), ".", {"finding": value}, malignant=value == "b")
        for value in ("a", "b")
    )
    return replace(
        toy_cancer,
        network=Network((Factor("finding", ("a", "b")), Factor("density", ("1", "2")))),
        tasks=(Task("toy", "Toy", classes),),
        sources=(
            Source("toyset", "Toy set", "doi:10.1/x", "CC0-1.0", "patient", _read, (), "Ask me."),
        ),
    )


Rows = list[tuple[str, str, str, str]]
"""File, finding, density and patient."""


def noise(seed: int, height: int = 24, width: int = 32) -> np.ndarray:
    """Return a picture of large random blocks, (H, W, 3) uint8."""
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(blocks).resize((width, height), Image.Resampling.NEAREST))


@pytest.fixture
def write_toy(tmp_path: Path) -> Callable[[Rows], Path]:
    """Return a function that writes the toy set with a picture per row; returns the data root.

    The picture depends on the digits in the file's name alone.
    """

    def write(rows: Rows) -> Path:
        folder = tmp_path / "data" / "toyset"
        folder.mkdir(parents=True, exist_ok=True)
        lines = ["file,finding,density,patient,age"]
        for number, (file, *rest) in enumerate(rows):
            seed = int("".join(c for c in file if c.isdigit()) or 0)
            Image.fromarray(noise(seed)).save(folder / file)
            lines.append(",".join([file, *rest, str(30 + number)]))
        (folder / "labels.csv").write_text("\n".join(lines))
        return tmp_path / "data"

    return write


@pytest.fixture
def zipped() -> Callable[..., bytes]:
    """Return a function that packs files into the bytes of an archive."""

    def pack(
        files: dict[str, bytes], *, mode: int = 0o644, compression: int = zipfile.ZIP_DEFLATED
    ) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", compression) as archive:
            for name, data in files.items():
                member = zipfile.ZipInfo(name)
                member.external_attr = mode << 16
                archive.writestr(member, data, compression)
        return buffer.getvalue()

    return pack
