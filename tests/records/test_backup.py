"""The drill: write a backup, lose everything, bring it back."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import NewConsent, NewReview
from cancerapy.errors import DataError
from cancerapy.records import RecordConflictError, Records, RecordsError
from cancerapy.records.audit import verify
from cancerapy.records.backup import write_backup
from cancerapy.records.consents import list_consents, record_consent
from cancerapy.records.examinations import list_examinations
from cancerapy.records.integrity import check_records
from cancerapy.records.kept_decisions import read_kept
from cancerapy.records.patients import get_patient
from cancerapy.records.restore import restore_backup
from cancerapy.records.reviews import add_review
from cancerapy.records.session import connect_records, open_records
from cancerapy.settings import Settings

Add = Callable[..., ExaminationRecord]


@pytest.fixture
def backup(records: Records, add: Add, patient_id: str, tmp_path: Path) -> Path:
    """Return a backup of records with something in every table."""
    made = add(1, 2)
    with records.writing() as session:
        add_review(session, made.predictions[0].id, NewReview("agree"), "dr-amal")
        record_consent(session, patient_id, NewConsent("training", given=True), "me")
    path = tmp_path / "backup.zip"
    summary = write_backup(records, path)
    assert (summary.n_rows["predictions"], summary.n_images) == (2, 2)
    return path


def test_everything_comes_back_and_work_goes_on(
    records: Records,
    patient_id: str,
    backup: Path,
    make_settings: Callable[[], Settings],
) -> None:
    fresh = connect_records(make_settings())
    restore_backup(fresh, backup)
    with records.reading() as old, fresh.reading() as new:
        assert get_patient(new, patient_id) == get_patient(old, patient_id)
        assert list_examinations(new) == list_examinations(old)
        assert list_consents(new, patient_id) == list_consents(old, patient_id)
        ids = [one.id for one in list_examinations(new).items]
        assert len(read_kept(new, ids)) == 1
        assert read_kept(new, ids) == read_kept(old, ids)
        assert check_records(new).is_whole
        assert verify(new) == verify(old)
    for sha256 in records.images.list_digests():
        assert fresh.images.get(sha256) == records.images.get(sha256)
    with fresh.writing() as session:  # numbers go on where the backup ended
        record_consent(session, patient_id, NewConsent("training", given=False), "me")
    with fresh.reading() as session:
        assert [one.given for one in list_consents(session, patient_id).items] == [True, False]
        assert verify(session).is_whole
    fresh.close()


def test_a_backup_goes_from_one_kind_of_database_to_the_other(
    records: Records, kind: str, backup: Path, tmp_path: Path
) -> None:
    if kind == "sqlite":
        pytest.skip("the other direction is the same code")
    other = connect_records(Settings(home=tmp_path / "other"))
    restore_backup(other, backup)
    with records.reading() as old, other.reading() as new:
        assert list_examinations(new) == list_examinations(old)
        assert verify(new) == verify(old)
    other.close()
    again = open_records(Settings(home=tmp_path / "other"))
    again.close()


def test_a_backup_is_for_its_owner_alone(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_records_that_hold_something_are_not_overwritten(records: Records, backup: Path) -> None:
    with pytest.raises(RecordConflictError, match="into empty records; these hold some"):
        restore_backup(records, backup)


def _rewrite(backup: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    path = backup.with_name("changed.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return path


def _without(part: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: None if name.startswith(part) else data


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_without("manifest"), "manifest.json"),
        (_without("images/"), "images/"),
        (_without("tables/patients"), "patients"),
        (lambda n, d: d.replace(b"Layla", b"Leyla") if "patients" in n else d, "was changed"),
        (lambda n, d: d[:-1] if n.startswith("images/") else d, "is not what its name says"),
        (
            lambda n, d: d.replace(b'"format": 1', b'"format": 9') if "manifest" in n else d,
            "format is 9",
        ),
        (
            lambda n, d: (
                d.replace(b'"audit_head": "', b'"audit_head": "0') if "manifest" in n else d
            ),
            "does not hold together",
        ),
    ],
)
def test_a_damaged_backup_restores_nothing(
    backup: Path,
    make_settings: Callable[[], Settings],
    change: Callable[[str, bytes], bytes | None],
    reason: str,
) -> None:
    settings = make_settings()
    fresh = connect_records(settings)
    with pytest.raises(DataError, match=reason) as caught:
        restore_backup(fresh, _rewrite(backup, change))
    assert caught.value.code == "backup_damaged"
    restore_backup(fresh, backup)  # the records are still empty
    fresh.close()


def test_a_file_that_is_no_backup_is_said_to_be(
    tmp_path: Path, make_settings: Callable[[], Settings]
) -> None:
    (tmp_path / "x.zip").write_bytes(b"not a zip")
    fresh = connect_records(make_settings())
    for name in ("x.zip", "missing.zip"):
        with pytest.raises(DataError, match="must be a whole file written by 'cancerapy backup'"):
            restore_backup(fresh, tmp_path / name)
    fresh.close()


def test_a_backup_of_a_newer_version_is_refused(
    backup: Path, make_settings: Callable[[], Settings]
) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        return json.dumps({**json.loads(data), "revision": "9999_future"}).encode()

    fresh = connect_records(make_settings())
    with pytest.raises(RecordsError, match="made by a newer version") as caught:
        restore_backup(fresh, _rewrite(backup, change))
    assert caught.value.code == "records_outdated"
    fresh.close()


def test_a_lost_image_is_noticed(records: Records, add: Add, tmp_path: Path) -> None:
    lost = add(1).images[0].sha256
    records.images.path(lost).unlink()
    with pytest.raises(DataError, match="it is missing or damaged"):
        write_backup(records, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()
