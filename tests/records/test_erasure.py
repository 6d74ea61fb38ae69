"""Erasure and retention: the person is gone, files included; the audit log stays."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import NewConsent, NewReview, PatientDetails
from cancerapy.records import Records, RecordUnknownError
from cancerapy.records.audit import list_entries, verify
from cancerapy.records.consents import record_consent
from cancerapy.records.erasure import erase_examination, erase_patient
from cancerapy.records.patients import create_patient, get_patient
from cancerapy.records.retention import apply_retention, list_expired
from cancerapy.records.reviews import add_review
from cancerapy.records.session import open_records
from cancerapy.records.sweep import sweep
from cancerapy.settings import Settings

Add = Callable[..., ExaminationRecord]


def _dump(records: Records) -> str:
    """Return all rows of all tables as one text, without ids and digests, which hold any digits."""
    with records.reading() as session:
        tables = inspect(session.connection()).get_table_names()
        rows = {name: session.execute(text(f"SELECT * FROM {name}")).all() for name in tables}
    shown = json.dumps({name: [str(row) for row in found] for name, found in rows.items()})
    return re.sub("[0-9a-f-]{32,}", "...", shown)


def test_nothing_of_a_person_stays_but_ids_in_the_log(
    records: Records, add: Add, patient_id: str
) -> None:
    made = add(1, 2)
    with records.writing() as session:
        add_review(session, made.predictions[0].id, NewReview("agree", comment="scar"), "dr-omar")
        record_consent(session, patient_id, NewConsent("training", given=True), "dr-amal")
    erased = erase_patient(records, patient_id, "dr-amal")
    assert (erased.n_examinations, erased.n_predictions, erased.n_images) == (1, 2, 2)
    left = _dump(records)
    assert '"decisions": []' in left
    for personal in ("Layla", "1961", "H-7", "left arm", "scar"):
        assert personal not in left
    assert list(records.images.list_digests()) == []
    with records.reading() as session:
        assert verify(session).is_whole
        actions = [entry.action for entry in list_entries(session).items]
        with pytest.raises(RecordUnknownError):
            get_patient(session, patient_id)
    assert actions[0] == "patient.erase"
    assert actions[-1] == "patient.create"


def test_no_file_of_sqlite_holds_an_erased_name_while_others_have_it_open(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    records, server = open_records(settings), open_records(settings)
    folder = tmp_path / "records"

    def where(name: str) -> list[str]:
        found = folder.glob("records.sqlite*")
        return [path.name for path in found if name.encode() in path.read_bytes()]

    with server.reading() as session:  # its connection stays open in the pool
        assert list_entries(session).items == ()
    ids = {}
    for name in ("Layla Haddad", "Omar Nasser"):
        with records.writing() as session:
            ids[name] = create_patient(session, PatientDetails(name), "me").id
    assert where("Layla Haddad"), "the search below can find a name"
    erase_patient(records, ids["Layla Haddad"], "me")
    assert where("Layla Haddad") == []
    with server.reading() as session:
        get_patient(session, ids["Omar Nasser"])  # a reader at work is not waited for long
        erase_patient(records, ids["Omar Nasser"], "me")
    sweep(records)
    assert where("Omar Nasser") == []
    records.close()
    server.close()


def test_others_keep_theirs_even_the_same_file(records: Records, add: Add, patient_id: str) -> None:
    with records.writing() as session:
        other = create_patient(session, PatientDetails("Other"), "me").id
    add(1, 2)
    kept = add(1, patient=other)
    assert erase_patient(records, patient_id, "me").n_images == 1
    assert list(records.images.list_digests()) == [kept.images[0].sha256]
    with records.reading() as session:
        assert get_patient(session, other).name == "Other"


def test_one_examination_leaves_and_the_patient_stays(
    records: Records, add: Add, patient_id: str
) -> None:
    old, young = add(1), add(2)
    assert erase_examination(records, old.id, "me").n_predictions == 1
    assert list(records.images.list_digests()) == [young.images[0].sha256]
    with records.reading() as session:
        assert get_patient(session, patient_id).name == "Layla Haddad"


def test_only_what_is_older_than_the_period_leaves(records: Records, add: Add) -> None:
    old, young = add(1).id, add(2).id
    with records.writing() as session:
        session.execute(
            text("UPDATE examinations SET created_at = :then WHERE id = :id"),
            {"then": "2020-01-02 03:04:05", "id": old.replace("-", "")},
        )
    period = timedelta(days=30)
    assert list_expired(records, period) == [old]
    assert apply_retention(records, period, "me") == 1
    assert list_expired(records, timedelta(0)) == [young]
    assert apply_retention(records, period, "me") == 0


def test_an_ended_erasure_opens_nothing_again(records: Records, add: Add, patient_id: str) -> None:
    old, young = add(1), add(2)
    erase_examination(records, old.id, "me")
    for statement in (
        "UPDATE erasures SET ended_at = NULL",
        "DELETE FROM erasures",
        "DELETE FROM predictions",
    ):
        with (
            pytest.raises(Exception, match=r"never (undone|changed)"),
            records.writing() as session,
        ):
            session.execute(text(statement))
    assert records.images.has(young.images[0].sha256)
