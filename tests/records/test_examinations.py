"""Examinations: all of one is on the record, or nothing."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import ExaminationDetails, PatientDetails
from cancerapy.errors import InvalidRequestError, StorageError, UnknownNameError, UsageError
from cancerapy.records import Records, RecordUnknownError
from cancerapy.records.erasure import erase_patient
from cancerapy.records.examinations import (
    JudgedImage,
    add_examination,
    check_examination,
    check_sides,
    get_examination,
    list_examinations,
)
from cancerapy.records.patients import create_patient
from cancerapy.records.tables import Image, PredictionRow

Add = Callable[..., ExaminationRecord]


def test_what_was_added_is_read_back(records: Records, add: Add, patient_id: str) -> None:
    made = add(1, 2)
    with records.reading() as session:
        found = get_examination(session, made.id)
    assert found == made
    assert (found.patient_id, found.task, found.lesion) == (patient_id, "skin", "left arm")
    assert [image.media_type for image in found.images] == ["image/png"] * 2
    assert [one.image_id for one in found.predictions] == [image.id for image in found.images]
    assert {one.state for one in found.predictions} == {"machine guess"}
    assert {one.decision for one in found.predictions} == {"open"}
    assert found.predictions[0].prediction["heatmap"]["values"] == [[0.0, 1.0], [0.123, 0.25]]


def test_two_breasts_are_not_one_finding() -> None:
    with pytest.raises(InvalidRequestError, match="one side; these are L and R"):
        check_sides(["L", None, "R"])
    check_sides(["L", None, "L", ""])


def test_a_file_is_kept_once(records: Records, add: Add) -> None:
    first, second = add(1, 1), add(1)
    assert len(first.images) == len(second.images) == 1
    assert first.images[0].sha256 == second.images[0].sha256
    assert first.images[0].id != second.images[0].id
    with records.reading() as session:
        assert session.scalar(select(func.count()).select_from(Image)) == 1
    data = records.images.get(first.images[0].sha256)
    assert hashlib.sha256(data).hexdigest() == first.images[0].sha256


def test_a_patient_erased_while_images_were_judged_leaves_no_file(
    records: Records, patient_id: str, add: Add
) -> None:
    with records.writing() as session:
        other = create_patient(session, PatientDetails("Other"), "me").id
    kept = add(2, patient=other)
    erase_patient(records, patient_id, "me")
    with pytest.raises(RecordUnknownError):
        add(1, 2)
    assert list(records.images.list_digests()) == [kept.images[0].sha256]


def test_a_disk_that_fills_up_between_two_images_leaves_neither(
    records: Records, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = records.images.put
    calls: list[bytes] = []

    def fill_up(data: bytes) -> str:
        calls.append(data)
        if len(calls) == 2:
            raise StorageError("Disk full.", code="disk_full")
        return put(data)

    monkeypatch.setattr(records.images, "put", fill_up)
    with pytest.raises(StorageError):
        add(1, 2)
    assert list(records.images.list_digests()) == []


def test_a_fault_in_the_last_step_leaves_nothing_on_the_record(
    records: Records, patient_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "cancerapy.records.examinations.to_examinations",
        lambda *_: (_ for _ in ()).throw(RuntimeError("stop")),
    )
    with pytest.raises(RuntimeError, match="stop"):
        add_examination(
            records, patient_id, ExaminationDetails("skin"), [JudgedImage(b"x", "image/png")], "me"
        )
    with records.reading() as session:
        for table in ("examinations", "images", "examination_images"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


@pytest.mark.parametrize("state", ["final", "machine guess "])
def test_the_database_knows_no_other_state(records: Records, add: Add, state: str) -> None:
    made = add(1)
    with pytest.raises(Exception, match="machine_guess"), records.writing() as session:
        session.add(
            PredictionRow(
                examination_id=made.id, task="skin", model="m", predicted_class="nv",
                content="{}", state=state,
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE predictions SET predicted_class = 'mel'",
        "UPDATE predictions SET state = 'machine guess'",
        "DELETE FROM predictions",
        "UPDATE audit_log SET actor = 'nobody'",
        "DELETE FROM audit_log",
    ],
)
def test_sql_cannot_change_what_was_written(records: Records, add: Add, statement: str) -> None:
    made = add(1)
    with (
        pytest.raises(Exception, match=r"never changed|only ever added"),
        records.writing() as session,
    ):
        session.execute(text(statement))
    with records.reading() as session:
        assert get_examination(session, made.id) == made


def test_pages_follow_one_another_without_gap(records: Records, add: Add, patient_id: str) -> None:
    made = [add(seed).id for seed in range(5)]
    seen: list[str] = []
    after = None
    with records.reading() as session:
        while True:
            page = list_examinations(session, patient_id=patient_id, limit=2, after=after)
            assert len(page.items) <= 2
            seen += [one.id for one in page.items]
            after = page.next
            if after is None:
                break
    assert seen == made[::-1]


def test_only_what_was_asked_for_is_listed(records: Records, add: Add) -> None:
    add(1)
    with records.reading() as session:
        assert list_examinations(session, task="skin-7").items == ()
        assert len(list_examinations(session, task="skin").items) == 1
        with pytest.raises(RecordUnknownError, match="none has 'nobody'"):
            list_examinations(session, patient_id="nobody")


def test_wrong_details_are_refused_before_anything_is_judged(
    records: Records, patient_id: str
) -> None:
    with records.reading() as session:
        good = ExaminationDetails("skin", answers={"age": "50"})
        check_examination(session, patient_id, good)
        with pytest.raises(UnknownNameError, match="Did you mean 'skin'"):
            check_examination(session, patient_id, ExaminationDetails("skni"))
        for name, answer, said in (("agee", "5", "one is to 'agee'"), ("age", "x", "be a number")):
            wrong = ExaminationDetails("skin", answers={name: answer})
            with pytest.raises(UsageError, match=said):
                check_examination(session, patient_id, wrong)


def test_a_killed_server_leaves_a_file_that_is_swept(records: Records, add: Add) -> None:
    from cancerapy.records.sweep import sweep

    kept = add(1).images[0].sha256
    left: Path = records.images.path(records.images.put(b"no row names this"))
    assert sweep(records) == 0  # young: its row may be on its way
    assert sweep(records, older_than_s=0) == 1
    assert not left.exists()
    assert records.images.has(kept)
