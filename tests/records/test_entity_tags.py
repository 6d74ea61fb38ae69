"""Tags of records: another after every change, and one change for each reading."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.contract.records import PatientRecord
from cancerapy.contract.requests import Identifier, NewConsent, PatientDetails
from cancerapy.records import Records
from cancerapy.records.audit import list_entries
from cancerapy.records.consents import record_consent
from cancerapy.records.entity_tags import tag_of
from cancerapy.records.faults import RecordChangedError
from cancerapy.records.patients import create_patient, get_patient, update_patient

DETAILS = PatientDetails("L. Haddad", 1962, "female", (Identifier("b", "2"), Identifier("a", "1")))


def _read(records: Records, patient_id: str) -> PatientRecord:
    with records.reading() as session:
        return get_patient(session, patient_id)


def _update(records: Records, patient_id: str, name: str, expected: Any) -> PatientRecord:
    with records.writing() as session:
        details = replace(DETAILS, name=name)
        return update_patient(session, patient_id, details, "me", expected=expected)


def test_what_is_written_has_the_tag_of_what_is_read(records: Records) -> None:
    with records.writing() as session:
        made = create_patient(session, DETAILS, "me")
    assert made == _read(records, made.id)
    changed = _update(records, made.id, "Layla", {tag_of(made)})
    assert tag_of(changed) == tag_of(_read(records, made.id)) != tag_of(made)
    assert len(tag_of(made)) == 32


def _consent(records: Records, patient_id: str) -> None:
    with records.writing() as session:
        record_consent(session, patient_id, NewConsent("care", True), "me")


CHANGES: dict[str, Callable[[Records, str], object]] = {
    "name": lambda records, one: _update(records, one, "Leila", None),
    "consent": _consent,
}


@pytest.mark.parametrize("what", CHANGES)
def test_who_read_an_older_state_changes_nothing(
    records: Records, patient_id: str, what: str
) -> None:
    tag = tag_of(_read(records, patient_id))
    CHANGES[what](records, patient_id)
    before = _read(records, patient_id)
    with pytest.raises(RecordChangedError, match=r"read it anew") as caught:
        _update(records, patient_id, "Mine", {tag})
    assert (caught.value.status, caught.value.code) == (412, "record_changed")
    assert _read(records, patient_id) == before
    with records.reading() as session:
        newest = list_entries(session, subject_id=patient_id, action="patient").items
    assert len(newest) == (2 if what == "name" else 1)
    assert _update(records, patient_id, "Mine", {tag_of(before)}).name == "Mine"


def test_without_a_tag_the_last_writer_wins(records: Records, patient_id: str) -> None:
    _update(records, patient_id, "First", None)
    assert _update(records, patient_id, "Second", None).name == "Second"


def test_of_many_at_the_same_moment_one_changes_it(records: Records, patient_id: str) -> None:
    """Each reads the same state; the check is made in the transaction that writes."""
    expected = {tag_of(_read(records, patient_id))}

    def change(i: int) -> str:
        try:
            return _update(records, patient_id, f"Name {i}", expected).name
        except RecordChangedError:
            return ""

    with ThreadPoolExecutor(6) as pool:
        saved = [name for name in pool.map(change, range(6)) if name]
    assert saved == [_read(records, patient_id).name]
