"""The digests of the log tell nothing to whoever has no key, and the keys leave."""

import hmac
import json
import re
from collections.abc import Callable

from sqlalchemy import event, text

from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import Identifier, PatientDetails
from cancerapy.records import Records
from cancerapy.records.audit import list_entries
from cancerapy.records.backup import write_backup
from cancerapy.records.contents import DIGEST, DIGEST_BEFORE, KINDS, iter_digests
from cancerapy.records.erasure import erase_patient
from cancerapy.records.patients import create_patient, get_patient, update_patient
from cancerapy.records.tables import Base, Patient

DETAILS = PatientDetails("Layla", 1961, "female", (Identifier("b", "2"), Identifier("a", "1")))


def _details(records: Records, patient_id: str) -> list[dict[str, str]]:
    with records.reading() as session:
        return [dict(one.details) for one in list_entries(session, subject_id=patient_id).items]


def _key(records: Records, patient_id: str) -> str:
    with records.reading() as session:
        row = session.get(Patient, patient_id)
        assert row
        assert row.content_key
        return row.content_key


def test_the_digest_is_an_hmac_of_all_that_the_row_says(records: Records) -> None:
    with records.writing() as session:
        own = create_patient(session, DETAILS, "me")
    row = {
        "id": own.id, "name": "Layla", "birth_year": 1961, "sex": "female",
        "created_at": own.created_at.replace("T", " "),
    }  # fmt: skip
    parts = [
        json.dumps({"patient_id": own.id, "system": system, "value": value}, sort_keys=True)
        for system, value in (("a", "1"), ("b", "2"))
    ]
    content = json.dumps([row, parts], sort_keys=True).encode()
    key = _key(records, own.id)
    assert re.fullmatch("[0-9a-f]{64}", key)
    wanted = hmac.new(key.encode(), content, "sha256").hexdigest()
    assert _details(records, own.id) == [{DIGEST: wanted}]


def test_two_alike_have_digests_of_their_own_and_a_change_back_is_another(
    records: Records,
) -> None:
    with records.writing() as session:
        ids = [create_patient(session, PatientDetails("Layla", 1961), "me").id for _ in "ab"]
    (first,), (second,) = (_details(records, own) for own in ids)
    assert first[DIGEST] != second[DIGEST]
    before = _key(records, ids[0])
    for year in (1962, 1961):
        with records.writing() as session:
            update_patient(session, ids[0], PatientDetails("Layla", year), "me")
    back, changed, made = _details(records, ids[0])
    assert len({back[DIGEST], changed[DIGEST], made[DIGEST]}) == 3
    assert (changed[DIGEST_BEFORE], back[DIGEST_BEFORE]) == (made[DIGEST], changed[DIGEST])
    assert _key(records, ids[0]) != before, "so that what was corrected cannot be tried"


def test_what_stays_as_it_is_has_no_new_digest(records: Records) -> None:
    with records.writing() as session:
        own = create_patient(session, DETAILS, "me").id
    with records.writing() as session:
        update_patient(session, own, DETAILS, "me")
    assert _details(records, own)[0] == {}


def test_another_identifier_alone_is_a_change(records: Records) -> None:
    with records.writing() as session:
        own = create_patient(session, PatientDetails("Layla", 1961, "female"), "me").id
    with records.writing() as session:
        update_patient(session, own, DETAILS, "me")
    changed, made = _details(records, own)
    assert changed[DIGEST_BEFORE] == made[DIGEST]


def test_no_key_stays_after_an_erasure_and_none_is_ever_shown(
    records: Records, add: Callable[..., ExaminationRecord], patient_id: str
) -> None:
    made = add(1)
    key = _key(records, patient_id)
    with records.reading() as session:
        shown = f"{get_patient(session, patient_id)} {list_entries(session)} {made}"
    assert "content_key" not in shown
    assert key not in shown
    erase_patient(records, patient_id, "me")
    with records.reading() as session:
        for kind, table in KINDS.items():
            assert list(iter_digests(session, kind)) == []
            name = table.__tablename__
            assert session.execute(text(f"SELECT count(*) FROM {name}")).scalar() == 0


def test_every_column_of_a_kind_but_the_key_is_part_of_its_digest(
    records: Records, patient_id: str
) -> None:
    with records.reading() as session:
        (own,) = iter_digests(session, "patient")
    assert own[0] == patient_id
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    event.listen(records.engine, "before_cursor_execute", note)
    with records.reading() as session:
        for kind in KINDS:
            list(iter_digests(session, kind))
    event.remove(records.engine, "before_cursor_execute", note)
    read = " ".join(statements)
    for kind in KINDS.values():
        for column in Base.metadata.tables[kind.__tablename__].columns:
            assert f"{kind.__tablename__}.{column.name}" in read


def test_a_backup_takes_the_keys_along(records: Records, patient_id: str, tmp_path: object) -> None:
    import zipfile
    from pathlib import Path

    path = Path(str(tmp_path)) / "all.zip"
    write_backup(records, path)
    with zipfile.ZipFile(path) as archive:
        assert _key(records, patient_id) in archive.read("tables/patients.jsonl").decode()
