import json
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.errors import DataError, UnknownNameError
from cancerapy.learning.versions import (
    Case,
    Doubt,
    Version,
    read_version,
    version_numbers,
    write_version,
)

CASE = Case("ab" * 32, "patient-1", {"finding": "dark"}, ("dr-a", "dr-b"))
VERSION = Version(
    cancer="toy",
    number=1,
    parent=0,
    cases=(CASE,),
    left_out={"cd" * 32: "no consent to training"},
    gone=(),
    evaluation="e1",
    kept_apart_from=("toyset",),
    doubts=(Doubt("ab" * 32, True, "toy", "dark", "light", 0.1),),
    created="2026-01-02",
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_version(tmp_path, VERSION)
    assert read_version(tmp_path, "toy") == VERSION
    assert read_version(tmp_path, "toy", 1).digest == VERSION.digest
    assert version_numbers(tmp_path, "toy") == [1]
    assert version_numbers(tmp_path, "other") == []


def test_the_digest_stands_for_images_labels_and_patients() -> None:
    same = replace(VERSION, number=2, left_out={}, created="2026-02-03", doubts=())
    assert same.digest == VERSION.digest
    for case in (
        replace(CASE, sha256="ef" * 32),
        replace(CASE, patient="patient-2"),
        replace(CASE, labels={"finding": "light"}),
    ):
        assert replace(VERSION, cases=(case,)).digest != VERSION.digest


def test_a_version_is_never_replaced(tmp_path: Path) -> None:
    write_version(tmp_path, VERSION)
    with pytest.raises(DataError, match="'toy-collected-1' exists already"):
        write_version(tmp_path, replace(VERSION, cases=()))
    assert read_version(tmp_path, "toy") == VERSION


def test_the_newest_is_read_and_the_nearest_is_offered(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cancerapy learn collect toy") as caught:
        read_version(tmp_path, "toy")
    assert caught.value.code == "data_missing"
    for number in (1, 2, 10):
        write_version(tmp_path, replace(VERSION, number=number))
    assert read_version(tmp_path, "toy").number == 10
    with pytest.raises(UnknownNameError, match="No version named '3'"):
        read_version(tmp_path, "toy", 3)


def test_a_changed_version_is_refused(tmp_path: Path) -> None:
    file = write_version(tmp_path, VERSION)
    values = json.loads(file.read_text())
    values["cases"][0]["labels"]["finding"] = "light"
    file.write_text(json.dumps(values))
    with pytest.raises(DataError, match=r"'000001\.json' has digest"):
        read_version(tmp_path, "toy")
    file.write_text("{")
    with pytest.raises(DataError, match=r"'000001\.json' cannot be read"):
        read_version(tmp_path, "toy")
