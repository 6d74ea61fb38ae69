"""Nobody reads what is another's by writing another id: two patients, and each role."""

import io
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid
from sqlalchemy import select

from cancerapy.api import create_app
from cancerapy.people import passwords
from cancerapy.people.accounts import NewAccount, add_account
from cancerapy.people.roles import Role
from cancerapy.records import Records, open_records
from cancerapy.records.tables import AuditEntry
from cancerapy.settings import Settings

GOOD = "seven green umbrellas"
NAMES = ("Layla Haddad", "Omar Nasser")
NOBODY = "00000000-0000-4000-8000-000000000000"


class Clinic:
    """A server with two patients on record and a signed-in client for everybody."""

    def __init__(self, client: FlaskClient, records: Records) -> None:
        self.client, self.records = client, records
        self.tokens: dict[str, str] = {}
        for role in (Role.CLINICIAN, Role.REVIEWER, Role.ADMINISTRATOR):
            self.add(role.value, role)
        self.cases = [self._register(name, i) for i, name in enumerate(NAMES)]

    def add(self, name: str, role: Role, patient_id: str | None = None) -> None:
        """Add an account and sign it in."""
        add_account(self.records, NewAccount(name, role, GOOD, patient_id), "cli")
        body = {"name": name, "password": GOOD}
        self.tokens[name] = self.client.post("/api/v1/sign-in", json=body).json["token"]

    def ask(self, who: str, method: str, path: str, **options: Any) -> Any:
        """Send a request as somebody."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        return self.client.open(f"/api/v1/{path}", method=method, headers=headers, **options)

    def _register(self, name: str, number: int) -> dict[str, str]:
        identifier = {"system": "hospital", "value": f"MRN-{number}-4711"}
        body = {"name": name, "identifiers": [identifier]}
        patient = self.ask("clinician", "POST", "patients", json=body).json
        form = {"images": (io.BytesIO(_dicom(name)), f"{name}.dcm"), "task": "toy"}
        path = f"patients/{patient['id']}/examinations"
        made = self.ask("clinician", "POST", path, data=form)
        assert made.status_code == 201, made.text
        self.add(f"patient-{number}", Role.PATIENT, patient["id"])
        return {
            "patient": patient["id"],
            "examination": made.json["id"],
            "image": made.json["images"][0]["id"],
            "prediction": made.json["predictions"][0]["id"],
        }


def _dicom(name: str) -> bytes:
    """Return a DICOM file that says whose it is in public and private elements."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.SOPClassUID = SecondaryCaptureImageStorage
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID
    dataset.PatientName, dataset.PatientID = name, "MRN-DICOM-4711"
    dataset.add_new((0x0009, 0x0010), "LO", "SOMEBODY")
    dataset.add_new((0x0009, 0x1001), "LO", f"private note on {name}")
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = 32, 48, 1
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.PixelRepresentation, dataset.PhotometricInterpretation = 0, "MONOCHROME2"
    dataset.PixelData = (np.arange(32 * 48, dtype=np.uint8) % 251).tobytes()
    output = io.BytesIO()
    pydicom.dcmwrite(output, dataset, enforce_file_format=True)
    return output.getvalue()


@pytest.fixture
def clinic(tmp_path: Path, toy_models: Any, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    settings = Settings(host="0.0.0.0", token="device", home=tmp_path / "home")
    records = open_records(settings)
    client = create_app(settings, served=toy_models).test_client()
    return Clinic(client, records)


def _own_routes(case: dict[str, str]) -> list[str]:
    return [
        f"patients/{case['patient']}",
        f"patients/{case['patient']}/export",
        f"patients/{case['patient']}/report",
        f"patients/{case['patient']}/consents",
        f"examinations?patient={case['patient']}",
        f"examinations/{case['examination']}",
        f"examinations/{case['examination']}/decision",
        f"examinations/{case['examination']}/report",
        f"images/{case['image']}",
        f"predictions/{case['prediction']}",
    ]


def test_a_patient_reads_their_own_record(clinic: Clinic) -> None:
    for path in _own_routes(clinic.cases[0]):
        response = clinic.ask("patient-0", "GET", path)
        assert response.status_code == 200, (path, response.text)
    account = clinic.ask("patient-0", "GET", "account").json
    assert account["patient_id"] == clinic.cases[0]["patient"]


def test_another_s_record_is_as_if_it_did_not_exist(clinic: Clinic) -> None:
    theirs = clinic.cases[1]
    missing = dict.fromkeys(theirs, NOBODY)
    for path, absent in zip(_own_routes(theirs), _own_routes(missing), strict=True):
        answer, unknown = (clinic.ask("patient-0", "GET", p) for p in (path, absent))
        assert answer.status_code == unknown.status_code == 404, path
        said = answer.json["message"]
        for record_id in theirs.values():
            said = said.replace(record_id, NOBODY)
        assert said == unknown.json["message"]
        assert answer.json["code"] == unknown.json["code"] == "record_unknown"


@pytest.mark.parametrize("spelling", [str.upper, lambda i: f"{{{i}}}", lambda i: f"urn:uuid:{i}"])
def test_another_spelling_of_the_id_opens_nothing(clinic: Clinic, spelling: Any) -> None:
    theirs = {kind: spelling(record_id) for kind, record_id in clinic.cases[1].items()}
    for path in _own_routes(theirs):
        assert clinic.ask("patient-0", "GET", path).status_code == 404, path


@pytest.mark.parametrize(
    "query",
    ["", "?patient=", "?patient={own}&patient={other}", "?patient={other}&patient={own}",
     "?task=toy", "?patient={own}%20", "?Patient={own}"],
)  # fmt: skip
def test_a_patient_lists_their_own_only(clinic: Clinic, query: str) -> None:
    own, other = (case["patient"] for case in clinic.cases)
    response = clinic.ask("patient-0", "GET", f"examinations{query.format(own=own, other=other)}")
    assert response.status_code in (403, 404)
    assert response.json["code"] in ("own_record_only", "record_unknown")
    assert other not in response.text


@pytest.mark.parametrize(
    "path",
    ["../patients/{other}", "patients/{own}/../{other}", "patients/{own}%2f..%2f{other}",
     "images/..%2f..%2fpatients%2f{other}", "images/....//....//etc/passwd",
     "images/%00{image}", "patients/{other}%00"],
)  # fmt: skip
def test_no_path_leads_out_of_ones_own_record(clinic: Clinic, path: str) -> None:
    own, other = clinic.cases
    path = path.format(own=own["patient"], other=other["patient"], image=other["image"])
    response = clinic.ask("patient-0", "GET", path)
    assert response.status_code in (403, 404), response.text
    assert NAMES[1] not in response.text


def test_a_patient_changes_consents_of_their_own_alone(clinic: Clinic) -> None:
    body = {"purpose": "training", "given": True}
    own, other = (case["patient"] for case in clinic.cases)
    assert clinic.ask("patient-0", "POST", f"patients/{own}/consents", json=body).status_code == 201
    refused = clinic.ask("patient-0", "POST", f"patients/{other}/consents", json=body)
    assert refused.status_code == 404
    assert clinic.ask("patient-1", "GET", f"patients/{other}/consents").json["items"] == []


def test_a_patient_changes_and_lists_nothing_else(clinic: Clinic) -> None:
    own = clinic.cases[0]
    for method, path in [
        ("GET", "patients"),
        ("GET", "predictions"),
        ("GET", "audit"),
        ("POST", "patients"),
        ("PUT", f"patients/{own['patient']}"),
        ("DELETE", f"patients/{own['patient']}"),
        ("POST", f"predictions/{own['prediction']}/reviews"),
    ]:
        answer = clinic.ask("patient-0", method, path, json={})
        assert (answer.status_code, answer.json["code"]) == (403, "role_refused"), path


def test_a_reviewer_sees_cases_and_no_names(clinic: Clinic) -> None:
    case = clinic.cases[0]
    for path in ("examinations", "predictions", f"examinations/{case['examination']}"):
        answer = clinic.ask("reviewer", "GET", path)
        assert answer.status_code == 200
        assert not any(name in answer.text for name in NAMES)
    for path in ("patients", f"patients/{case['patient']}", f"patients/{case['patient']}/export"):
        assert clinic.ask("reviewer", "GET", path).status_code == 403
    assert clinic.ask("reviewer", "GET", f"images/{case['image']}").status_code == 200


def test_a_review_is_signed_by_who_is_signed_in(clinic: Clinic) -> None:
    path = f"predictions/{clinic.cases[0]['prediction']}/reviews"
    forged = clinic.ask("reviewer", "POST", path, json={"verdict": "agree", "reviewer": "dr. who"})
    assert forged.status_code == 400
    made = clinic.ask("reviewer", "POST", path, json={"verdict": "agree"})
    assert (made.status_code, made.json["reviewer"]) == (201, "reviewer")


def test_an_administrator_keeps_accounts_and_reads_no_record(clinic: Clinic) -> None:
    for path in ("patients", *_own_routes(clinic.cases[0])):
        assert clinic.ask("administrator", "GET", path).status_code == 403, path
    assert clinic.ask("administrator", "GET", "audit").status_code == 200


def test_who_reads_what_is_in_the_audit_log(clinic: Clinic) -> None:
    case = clinic.cases[0]

    def entries() -> list[tuple[str, str, str]]:
        with clinic.records.reading() as session:
            found = session.scalars(select(AuditEntry).order_by(AuditEntry.number))
            return [(entry.actor, entry.action, entry.subject_id) for entry in found]

    n_before = len(entries())
    clinic.ask("reviewer", "GET", f"images/{case['image']}")
    clinic.ask("clinician", "GET", "patients?search=Layla")
    clinic.ask("clinician", "GET", f"patients/{{{case['patient'].upper()}}}")
    clinic.ask("patient-0", "GET", f"patients/{case['patient']}")
    clinic.ask("clinician", "GET", f"patients/{NOBODY}")
    clinic.ask("patient-1", "GET", f"patients/{case['patient']}")
    clinic.ask("patient-1", "GET", "patients")
    assert entries()[n_before:] == [
        ("reviewer", "image.read", case["image"]),
        ("clinician", "patient.list", ""),
        ("clinician", "patient.read", case["patient"]),
        (f"patient {case['patient']}", "patient.read", case["patient"]),
        (f"patient {clinic.cases[1]['patient']}", "access.refused", entries()[-1][2]),
    ]
    with clinic.records.reading() as session:
        texts = [entry.details for entry in session.scalars(select(AuditEntry))]
    assert not any("Layla" in text or "4711" in text for text in texts)


def test_an_account_that_leaves_takes_its_access_along(clinic: Clinic) -> None:
    own = clinic.cases[0]["patient"]
    answer = clinic.ask("administrator", "DELETE", f"patients/{own}")
    assert answer.status_code == 200, answer.text
    assert clinic.ask("patient-0", "GET", "account").status_code == 401


def test_an_erased_patient_s_account_leaves_no_name_in_the_audit_log(clinic: Clinic) -> None:
    own = clinic.cases[0]["patient"]
    consent = {"purpose": "training", "given": True}
    clinic.ask("patient-0", "POST", f"patients/{own}/consents", json=consent)
    clinic.ask("patient-0", "GET", f"patients/{own}/export")
    clinic.ask("patient-0", "POST", "sign-out")
    clinic.ask("administrator", "DELETE", f"patients/{own}")
    with clinic.records.reading() as session:
        entries = list(session.scalars(select(AuditEntry)))
    by_patient = {entry.action for entry in entries if entry.actor == f"patient {own}"}
    assert by_patient == {"sign_in", "consent.give", "patient.export", "sign_out"}
    assert "patient-0" not in {entry.actor for entry in entries}


def test_a_picture_leaves_without_what_its_file_said(clinic: Clinic) -> None:
    case = clinic.cases[0]
    picture = clinic.ask("reviewer", "GET", f"images/{case['image']}").data
    assert picture.startswith(b"\x89PNG")
    for text in (b"Layla", b"Haddad", b"4711", b"private", b"DICM", b"dcm"):
        assert text not in picture
    with Image.open(io.BytesIO(picture)) as opened:
        assert opened.size == (48, 32)
        assert dict(opened.getexif()) == {}
        assert opened.info == {}
    report = clinic.ask("clinician", "GET", f"patients/{case['patient']}/report").data
    assert b"DICM" not in report
    assert b"MRN-DICOM-4711" not in report


def test_the_log_knows_no_patient(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    case = clinic.cases[0]
    with caplog.at_level(logging.DEBUG):
        clinic._register("Zahra Saleh", 2)
        clinic.ask("clinician", "GET", "patients?search=Zahra Saleh")
        clinic.ask("clinician", "GET", "patients/Zahra-Saleh")
        clinic.ask(
            "clinician", "PUT", f"patients/{case['patient']}", json={"name": "Zahra", "x": 1}
        )
        clinic.ask("clinician", "POST", "patients", json={"name": "Zahra", "birth_year": "Saleh"})
        clash = {"name": "Zahra", "identifiers": [{"system": "hospital", "value": "MRN-0-4711"}]}
        assert clinic.ask("clinician", "POST", "patients", json=clash).status_code == 409
        form = {"images": (io.BytesIO(b"crash"), "Zahra.png"), "task": "toy"}
        path = f"patients/{case['patient']}/examinations"
        assert clinic.ask("clinician", "POST", path, data=form).status_code == 500
    assert '"status": 201' in caplog.text
    assert '"status": 409' in caplog.text
    for text in ("Zahra", "Saleh", "Layla", "4711", GOOD, *clinic.tokens.values()):
        assert text not in caplog.text, text
