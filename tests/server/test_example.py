"""The example image and the line that sends it."""

import shlex
from pathlib import Path

import pytest
from PIL import Image

from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.server.example import build_address, build_curl_line, write_example
from cancerapy.settings import Settings


@pytest.mark.parametrize("name", list_cancers())
def test_example_is_a_jpeg_of_the_stated_size(name: str, tmp_path: Path) -> None:
    path = write_example(load_cancer(name), tmp_path)
    assert path == tmp_path.resolve() / "examples" / f"{name}.jpg"
    with Image.open(path) as image:
        assert (image.format, image.size) == ("JPEG", (600, 450))


def test_example_lands_elsewhere_if_the_cache_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    path = write_example(load_cancer(list_cancers()[0]), blocked)
    assert path.is_relative_to(elsewhere)
    assert path.is_file()


def test_curl_line_survives_the_shell() -> None:
    line = build_curl_line(Settings(port=9000), "toy", Path("/a folder/it's.jpg"))
    assert shlex.split(line) == [
        "curl",
        "-F",
        "image=@/a folder/it's.jpg",
        "http://127.0.0.1:9000/toy",
    ]


def test_curl_line_carries_the_token() -> None:
    settings = Settings(host="0.0.0.0", token="abc")
    words = shlex.split(build_curl_line(settings, "toy", Path("/x.jpg")))
    assert words[1:3] == ["-H", "Authorization: Bearer abc"]


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
    ],
)
def test_address_is_one_that_this_machine_reaches(host: str, address: str) -> None:
    assert build_address(Settings(host=host)) == address
