"""The check of a data set: everything that is wrong, at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cancerapy.cancers import Cancer
from cancerapy.data.integrity import Fault, FaultKind, IntegrityReport, check_command, check_data

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
    assert [(f.kind, f.path, f.detail) for f in _check(toy, root).faults] == [
        (FaultKind.MISSING, "2.png", "no image has this name"),
        (FaultKind.NEAR_DUPLICATE, "1.png", "looks like 0.png"),
    ]


def test_missing_images_hide_no_other_fault(toy: Cancer, write_toy: Write) -> None:
    rows = [(f"{n}.png", "a", "1", f"p{n}") for n in range(5)]
    rows[1] = ("1.png", "", "", "p1")
    rows[2] = ("2.png", "c", "1", "p2")
    rows[3] = ("3.png", "a", "1", "")
    rows += [("x4.png", "b", "1", "q"), *((f"m{n}.png", "a", "1", "p9") for n in range(60, 67))]
    root = write_toy(rows)
    for path in (root / "toyset").glob("m6*.png"):
        path.unlink()
    Image.new("L", (40, 40)).save(root / "toyset" / "unlisted.png")
    report = _check(toy, root)
    assert report.counts == {
        FaultKind.MISSING: 7,
        FaultKind.UNLABELLED: 1,
        FaultKind.UNKNOWN_LABEL: 1,
        FaultKind.UNGROUPED: 1,
        FaultKind.CONTRADICTION: 1,
        FaultKind.DUPLICATE: 1,
        FaultKind.UNLISTED: 1,
    }
    assert [f.path for f in report.of_kind(FaultKind.MISSING)] == [
        f"m{n}.png" for n in range(60, 67)
    ]
    (ungrouped,) = report.of_kind(FaultKind.UNGROUPED)
    assert ungrouped == Fault(FaultKind.UNGROUPED, "3.png", "its patient is not known")
    assert (report.n_samples, report.n_groups) == (13, 6)  # p0, p1, p2, p4, q and p9


def test_rows_of_one_image_that_contradict_each_other(toy: Cancer, write_toy: Write) -> None:
    rows = [("1.png", "a", "1", "p"), ("1.png", "b", "1", "p"), ("2.png", "a", "", "p")]
    root = write_toy([*rows, ("2.png", "a", "2", "q"), ("3.png", "b", "1", "p")])
    assert [(f.kind, f.path, f.detail) for f in _check(toy, root).faults] == [
        (FaultKind.CONTRADICTION, "1.png", "finding 'a' and 'b' in its rows"),
        (FaultKind.CONTRADICTION, "2.png", "density '' and '2' in its rows"),
        (FaultKind.CONTRADICTION, "2.png", "patient 'p' and 'q' in its rows"),
        (FaultKind.LISTED_TWICE, "1.png", "2 rows"),
        (FaultKind.LISTED_TWICE, "2.png", "2 rows"),
    ]


def test_the_command_names_all_it_needs(toy: Cancer) -> None:
    command = check_command("toy", "toyset", Path("/my data"))
    assert command == "cancerapy data check toy --source toyset --data '/my data'"


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
