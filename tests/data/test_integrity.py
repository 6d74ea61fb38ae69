"""The check of a data set: everything that is wrong, at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cancerapy.cancers import Cancer
from cancerapy.data.integrity import Fault, FaultKind, IntegrityReport, check_data

Write = Callable[[Any], Path]


def _check(toy: Cancer, root: Path) -> IntegrityReport:
    return check_data(toy, toy.sources[0], root)


def test_a_sound_set(toy: Cancer, write_toy: Write) -> None:
    root = write_toy([(f"{n}.png", "ab"[n % 2], "1", f"p{n // 2}") for n in range(6)])
    report = _check(toy, root)
    assert report.faults == ()
    assert not report.has_errors
    assert report.table() == "Toy set: 6 images in 3 groups, no faults."


@pytest.fixture
def faulty(toy: Cancer, write_toy: Write) -> IntegrityReport:
    """Check a set with a fault of nearly every kind."""
    rows = [(f"{n}.png", "a", "1", f"p{n}") for n in range(9)]
    rows[1] = ("1.png", "", "", "p1")  # unlabelled
    rows[2] = ("2.png", "c", "1", "p2")  # unknown label
    rows += [("x3.png", "b", "1", "q"), ("4.png", "a", "1", "p4")]  # contradicts; listed twice
    root = write_toy(rows)
    folder = root / "toyset"
    (folder / "5.png").write_bytes((folder / "5.png").read_bytes()[:200])
    Image.new("L", (7, 40), 90).save(folder / "6.png")
    Image.effect_noise((320, 240), 90).save(folder / "7.png")
    Image.new("L", (9, 9)).save(folder / "unlisted.JPG", "JPEG")
    return _check(toy, root)


def test_all_faults_are_found_errors_first(faulty: IntegrityReport) -> None:
    found = [(fault.kind, fault.path) for fault in faulty.faults]
    assert found == [
        (FaultKind.CORRUPT, "5.png"),
        (FaultKind.UNLABELLED, "1.png"),
        (FaultKind.UNKNOWN_LABEL, "2.png"),
        (FaultKind.CONTRADICTION, "x3.png"),
        (FaultKind.TOO_SMALL, "6.png"),
        (FaultKind.LISTED_TWICE, "4.png"),
        (FaultKind.DUPLICATE, "x3.png"),
        (FaultKind.UNUSUAL_SIZE, "7.png"),
        (FaultKind.UNLISTED, "unlisted.JPG"),
    ]
    assert faulty.has_errors


def test_particulars_are_in_words(faulty: IntegrityReport) -> None:
    details = {fault.kind: fault.detail for fault in faulty.faults}
    assert details[FaultKind.UNKNOWN_LABEL] == "finding is 'c'"
    assert details[FaultKind.CONTRADICTION] == "finding 'b', but 'a' for the same 3.png"
    assert details[FaultKind.TOO_SMALL] == "7 x 40 px, at least 8 needed"
    assert details[FaultKind.LISTED_TWICE] == "2 rows"
    assert details[FaultKind.DUPLICATE] == "the same pixels as 3.png"
    assert details[FaultKind.UNUSUAL_SIZE] == "320 x 240 px, usually 32 x 24"
    assert details[FaultKind.CORRUPT].startswith("image_corrupt: '5.png'")


def test_the_table_counts_by_kind(faulty: IntegrityReport) -> None:
    head, *lines = faulty.table().splitlines()
    assert head == "Toy set: 11 images in 10 groups, 9 faults:"
    assert lines[2] == "error         1  unknown label: 2.png (finding is 'c')"
    assert lines[-1] == "warning       1  not in the table: unlisted.JPG"


def test_many_faults_are_shown_by_examples() -> None:
    faults = tuple(Fault(FaultKind.DUPLICATE, f"{n}.png") for n in range(5))
    report = IntegrityReport("T", 9, 9, faults)
    assert report.counts == {FaultKind.DUPLICATE: 5}
    assert report.rows() == [("warning", "duplicate", 5, "0.png; 1.png; 2.png; ...")]
    assert not report.has_errors


def test_missing_files_and_near_duplicates(toy: Cancer, write_toy: Write) -> None:
    root = write_toy([(f"{n}.png", "a", "1", f"p{n}") for n in range(4)])
    folder = root / "toyset"
    Image.open(folder / "0.png").save(folder / "1.png", quality=95, format="JPEG")
    report = _check(toy, root)
    assert [(f.kind, f.path, f.detail) for f in report.faults] == [
        (FaultKind.NEAR_DUPLICATE, "1.png", "looks like 0.png")
    ]
    (folder / "2.png").unlink()
    found = _check(toy, root)
    assert found.faults[0].kind is FaultKind.LAYOUT
    assert "1 of 4 are not, for instance 2.png" in found.faults[0].detail
    assert found.has_errors


def test_pictures_are_checked_even_without_tables(toy: Cancer, write_toy: Write) -> None:
    root = write_toy([("1.png", "a", "1", "p"), ("2.png", "a", "1", "p")])
    (root / "toyset" / "labels.csv").unlink()
    (root / "toyset" / "2.png").write_bytes(b"no picture")
    kinds = [fault.kind for fault in _check(toy, root).faults]
    assert kinds == [FaultKind.LAYOUT, FaultKind.CORRUPT]


def test_no_folder_at_all(toy: Cancer, tmp_path: Path) -> None:
    report = _check(toy, tmp_path)
    assert [fault.kind for fault in report.faults] == [FaultKind.LAYOUT]
    assert report.n_samples == 0
