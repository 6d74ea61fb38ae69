"""Lines on a patient that a training left do not outlive an erasure, whatever became of either."""

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cancerapy.contract.records import ExaminationRecord
from cancerapy.errors import StorageError
from cancerapy.records import Records, erasure
from cancerapy.records.erasure import erase_examination, erase_patient
from cancerapy.records.retention import apply_retention
from cancerapy.records.sweep import sweep
from cancerapy.records.training_answers import drop_erased_answers, noted_answers

Add = Callable[..., ExaminationRecord]
HEADER = ["image", "group", "fold", "true:skin", "logit:skin:a", "logit:skin:b"]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "learn" / "skin-collected-1-abc" / "results"


def write(results: Path, fold: int, rows: list[tuple[str, str]]) -> Path:
    """Write a fold's answers to images of patients as a cross-validation does."""
    file = results / "plan" / "predictions" / "skin-cv" / "added" / f"fold-{fold}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(HEADER)
        for sha256, patient in rows:
            path = f"/store/{sha256[:2]}/{sha256}"
            writer.writerow([path, f"collected:{patient}", f"fold-{fold}", "a", "0.1", "0.2"])
    return file


def digests(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    assert header == HEADER
    return [Path(row[0]).name for row in rows]


def test_nothing_goes_while_image_and_patient_are_there(
    records: Records, add: Add, patient_id: str, results: Path
) -> None:
    own, other = add(1).images[0].sha256, add(2)
    with noted_answers(records.images, results):
        file = write(results, 1, [(own, patient_id)])
    before = file.read_text()
    erase_examination(records, other.id, "me")
    assert drop_erased_answers(records) == 0
    sweep(records)
    assert file.read_text() == before


def test_a_patient_leaves_every_fold_s_answers(
    records: Records, add: Add, patient_id: str, results: Path
) -> None:
    own = add(1).images[0].sha256
    with noted_answers(records.images, results):
        file = write(results, 1, [(own, patient_id)])
    assert patient_id in file.read_text()
    erase_patient(records, patient_id, "dr-amal")
    assert not file.exists()  # none was left, and a file without a line is no fold's
    assert not [p for p in results.rglob("*") if p.is_file() and patient_id in p.read_text()]


def test_one_examination_takes_its_line_only(
    records: Records, add: Add, patient_id: str, results: Path
) -> None:
    kept, gone = add(1), add(2)
    rows = [(one.images[0].sha256, patient_id) for one in (kept, gone)]
    with noted_answers(records.images, results):
        file = write(results, 1, rows)
    whole = file.read_text().splitlines(keepends=True)
    erase_examination(records, gone.id, "me")
    assert drop_erased_answers(records) == 1
    assert file.read_text() == "".join(whole[:2])
    assert apply_retention(records, timedelta(0), "me") == 1
    assert not file.exists()


def test_a_patient_whose_image_stands_with_another_goes_as_well(
    records: Records, add: Add, patient_id: str, results: Path
) -> None:
    shown = add(1).images[0].sha256
    with noted_answers(records.images, results):
        file = write(results, 1, [(shown, "erased-long-ago"), (shown, patient_id)])
    assert drop_erased_answers(records) == 1
    assert digests(file) == [shown]
    assert "erased-long-ago" not in file.read_text()


def test_what_an_interrupted_erasure_left_goes_with_the_next_sweep(
    records: Records, add: Add, patient_id: str, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = add(1).images[0].sha256
    with noted_answers(records.images, results):
        file = write(results, 1, [(own, patient_id)])

    def killed(_: Records) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(erasure, "drop_erased_answers", killed)
    with pytest.raises(KeyboardInterrupt):
        erase_patient(records, patient_id, "dr-amal")
    assert digests(file) == [own]
    sweep(records)
    assert not file.exists()


def test_a_training_that_writes_after_the_erasure_leaves_nothing(
    records: Records, add: Add, patient_id: str, results: Path
) -> None:
    own = add(1).images[0].sha256

    def train() -> None:
        with noted_answers(records.images, results):
            erase_patient(records, patient_id, "dr-amal")
            write(results, 1, [(own, patient_id)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train()
    assert not list(results.rglob("*.csv"))


def test_a_folder_that_is_gone_is_forgotten(records: Records, results: Path) -> None:
    with noted_answers(records.images, results):
        pass
    (entry,) = (records.images.folder.parent / "training-answers").iterdir()
    assert drop_erased_answers(records) == 0
    assert not entry.exists()


def test_lines_that_cannot_be_read_are_said(
    records: Records, add: Add, patient_id: str, results: Path
) -> None:
    with noted_answers(records.images, results):
        file = write(results, 1, [(add(1).images[0].sha256, patient_id)])
    file.write_text("image,group\nonly-one\n")
    with pytest.raises(StorageError, match="answers to erased images must go") as caught:
        drop_erased_answers(records)
    assert caught.value.code == "erasure_incomplete"
